"""What stands beside the groups as a text of its own, because of a group: looked at before anything is
registered. As Outputs, secrets would be looked at only while the stack is made."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields, replace
from typing import Any

import pulumi

from bicoastal.checks.problem import Problem, shown
from bicoastal.checks.rules import NOT_EMPTY, PEM
from bicoastal.monitoring.aws_key import KEY_ID, SECRET_KEY
from bicoastal.settings import read, setting
from bicoastal.stack import RECEIVERS, refuse_missing

from .groups import Groups


@dataclass(frozen=True, kw_only=True)
class OfTheEdge:
    """What balancers show the edge, and how the edge shows that it is ours."""

    origin_certificate: str = setting(PEM)
    origin_key: str = setting(PEM)
    origin_pull_authority: str = setting(PEM)
    origin_pull_certificate: str = setting(PEM)
    origin_pull_key: str = setting(PEM)


@dataclass(frozen=True, kw_only=True)
class OfTheRegistry:
    """How whoever pulls the images proves it."""

    registry_password: str = setting(replace(NOT_EMPTY, secret=True))


SECRETS = (
    "origin_key",
    "origin_pull_key",
    "registry_password",
    "logs_secret_access_key",
    "cloudwatch_secret_access_key",
)
"""Those of them that are secret."""
TEXTS = (
    "origin_certificate",
    "origin_pull_certificate",
    "origin_pull_authority",
    "logs_access_key_id",
    "cloudwatch_access_key_id",
)


@dataclass(frozen=True, kw_only=True)
class OfTheLogs:
    """The key by which Loki may use the buckets of logs."""

    logs_access_key_id: str = setting(KEY_ID)
    logs_secret_access_key: str = setting(SECRET_KEY)


@dataclass(frozen=True, kw_only=True)
class OfTheReplications:
    """The key by which CloudWatch may be asked for the replication of buckets."""

    cloudwatch_access_key_id: str = setting(KEY_ID)
    cloudwatch_secret_access_key: str = setting(SECRET_KEY)


LOGS_KEY = ("logs_access_key_id", "logs_secret_access_key")
CLOUDWATCH_KEY = ("cloudwatch_access_key_id", "cloudwatch_secret_access_key")
"""Of each there are both halves or none."""


def refuse_unusable_texts(config: pulumi.Config, groups: Groups, owner: str) -> None:
    """Refuse what is missing though its group is there, and what has not the form that it needs.

    Raises `pulumi.InputPropertiesError`.
    """
    needed = {
        OfTheEdge: groups.edge is not None,
        OfTheRegistry: groups.registry is not None,
        OfTheReplications: groups.watches_replications or _is_begun(config, CLOUDWATCH_KEY),
        OfTheLogs: groups.has_log_buckets or _is_begun(config, LOGS_KEY),
    }
    for kind, is_needed in needed.items():
        if is_needed:
            keys = [field.name for field in fields(kind)]
            refuse_missing(config, keys, SECRETS)
            given = {key: config.require(key) for key in keys}
            read(kind, given, owner, lambda path: f"{config.name}:{path}")


def _is_begun(config: pulumi.Config, key: tuple[str, str]) -> bool:
    return any(config.get(half) is not None for half in key)


def aws_key(config: pulumi.Config, key: tuple[str, str]) -> dict[str, Any]:
    """A key to AWS as arguments; nothing where there is none."""
    if not _is_begun(config, key):
        return {}
    return {"access_key_id": config.require(key[0]), "secret_access_key": config.require_secret(key[1])}


def key_to_nothing(key: tuple[str, str], group: str) -> Problem:
    """A key that nobody would use."""
    return Problem(
        group,
        f"missing, and there is {key[0]!r}",
        "nothing",
        f"{group!r} beside {key[0]!r} and {key[1]!r}",
        "write it into the environment's file, or remove the key",
    )


def keys_in_the_open(groups: Mapping[str, Any], path: str, key: tuple[str, str]) -> Iterator[Problem]:
    """Keys to AWS that stand among what people have chosen, for everybody to read; `key` names the texts that
    they should be."""
    for name, group in groups.items():
        value = group.get("secret_access_key") if isinstance(group, Mapping) else None
        if value is not None:
            yield Problem(
                f"{path}.{name}.secret_access_key",
                "a secret that anybody can read",
                shown(value, secret=True),
                f"the secret {key[1]!r}, beside {key[0]!r}",
                f"remove it, make a new one, and: pulumi config set --secret {key[1]}",
            )


def nobody_is_told(config: pulumi.Config, routing: str) -> Iterator[Problem]:
    """Receivers whose secrets are there hear nothing without the group `routing`."""
    given = [key for key in RECEIVERS if config.get(key) is not None]
    if given:
        yield Problem(
            routing,
            "missing, and there are secrets of receivers",
            "nothing",
            f"{routing!r} beside {', '.join(map(repr, given))}",
            "write it into the environment's file, be it {}, or remove the secrets",
        )
