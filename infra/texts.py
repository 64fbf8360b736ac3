"""What stands beside the groups as a text of its own, because of a group: looked at before anything is
registered. As Outputs, secrets would be looked at only while the stack is made."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields, replace
from typing import Any

import pulumi

from bicoastal.checks.problem import Problem, shown
from bicoastal.checks.rules import NOT_EMPTY, PEM
from bicoastal.monitoring.logs.object_storage import KEY_ID, SECRET_KEY
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


SECRETS = ("origin_key", "origin_pull_key", "registry_password", "logs_secret_access_key")
"""Those of them that are secret."""
TEXTS = ("origin_certificate", "origin_pull_certificate", "origin_pull_authority", "logs_access_key_id")


@dataclass(frozen=True, kw_only=True)
class OfTheLogs:
    """The key by which Loki may use the buckets of logs."""

    logs_access_key_id: str = setting(KEY_ID)
    logs_secret_access_key: str = setting(SECRET_KEY)


LOGS_KEY = tuple(field.name for field in fields(OfTheLogs))
"""Of which there are both halves or none."""


def refuse_unusable_texts(config: pulumi.Config, groups: Groups, owner: str) -> None:
    """Refuse what is missing though its group is there, and what has not the form that it needs.

    Raises `pulumi.InputPropertiesError`.
    """
    needed = {
        OfTheEdge: groups.edge is not None,
        OfTheRegistry: groups.registry is not None,
        OfTheLogs: groups.has_log_buckets or any(config.get(key) is not None for key in LOGS_KEY),
    }
    for kind, is_needed in needed.items():
        if is_needed:
            keys = [field.name for field in fields(kind)]
            refuse_missing(config, keys, SECRETS)
            given = {key: config.require(key) for key in keys}
            read(kind, given, owner, lambda path: f"{config.name}:{path}")


def log_keys_in_the_open(storage: Mapping[str, Any], path: str) -> Iterator[Problem]:
    """Keys to buckets that stand among what people have chosen, for everybody to read."""
    for place, bucket in storage.items():
        key = bucket.get("secret_access_key") if isinstance(bucket, Mapping) else None
        if key is not None:
            yield Problem(
                f"{path}.{place}.secret_access_key",
                "a secret that anybody can read",
                shown(key, secret=True),
                "the secret 'logs_secret_access_key', beside 'logs_access_key_id'",
                "remove it, make a new one, and: pulumi config set --secret logs_secret_access_key",
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
