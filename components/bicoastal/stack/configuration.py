"""Credentials from a stack's configuration, under the names that every tool of ours writes them."""

import difflib
import re
from collections.abc import Collection, Mapping, Sequence
from functools import partial
from typing import Any, cast

import pulumi
from pulumi.runtime.config import CONFIG, get_config_env

from ..checks.placeholders import everything_is_filled_in, value_of
from ..checks.problem import Problem, shown
from ..monitoring.watchers.optional import OPTIONAL_CREDENTIALS
from ..settings import read, refuse
from .parts import Credentials, CredentialsArgs

WATCHERS = ("monitor", "redis_monitor")
"""Whose passwords only a stack that is monitored needs."""
PASSWORDS = (
    *("superuser", "replication", "rewind", "rest", "application"),
    *("redis_application", "redis_replication", "redis_sentinel", "redis_check", "redis_admin"),
    *WATCHERS,
    *("grafana_admin", "grafana_monitor"),
)
"""Whose passwords there are; each stands in the configuration as the secret `<name>_password`."""
KEYS = ("rotation_key", "grafana_secret_key")
"""What is no password and nobody's certificate."""
RECEIVERS = {
    "pagerduty_routing_key": ("pagerduty", "routing_key"),
    "slack_webhook_url": ("slack", "webhook_url"),
    "dead_man_url": ("dead_man", "url"),
    "mail_password": ("mail", "password"),
}
"""The secrets of whoever is told of alerts: each key of the configuration, and where it belongs among the
receivers."""


def credentials_from_config(config: pulumi.Config) -> CredentialsArgs:
    """The `credentials` of a stack, every secret read as one.

    Reads `authority` (PEM), `certificates` (member to PEM), and the secrets `rotation_key`,
    `key_<member>` and `<name>_password`. Raises `pulumi.InputPropertiesError` for all that is not there, the
    watchers' passwords apart, and all that breaks its rule, before anything is registered: as an Output a
    secret is looked at only later.
    """
    certificates = certificates_of(config)
    owner = f"Environment {pulumi.get_stack()!r}"
    watchers = {*(f"{name}_password" for name in WATCHERS), *OPTIONAL_CREDENTIALS}
    secrets = [key for key in _credential_keys(certificates) if key not in watchers]
    refuse_missing(config, ["authority", *secrets], secrets)
    pairs = {
        member: {"certificate": certificate, "key": config.require(f"key_{member}")}
        for member, certificate in certificates.items()
    }
    texts = {key: config.get(key) for key in ("authority", *_credential_keys())}
    read(Credentials, {**texts, "certificates": pairs}, owner, partial(_in_the_configuration, config.name))
    credentials: dict[str, Any] = {
        **{key: config.get_secret(key) for key in _credential_keys()},
        "authority": texts["authority"],
        "certificates": {
            member: {"certificate": certificate, "key": config.require_secret(f"key_{member}")}
            for member, certificate in certificates.items()
        },
    }
    return cast(CredentialsArgs, credentials)


def config_object(config: pulumi.Config, key: str) -> Any:
    """The group that stands under this key; what is no JSON is its text, for whoever reads the group to
    refuse."""
    try:
        return config.get_object(key)
    except pulumi.ConfigTypeError:
        return config.get(key)


def certificates_of(config: pulumi.Config) -> Mapping[str, Any]:
    """The certificates of a stack, by member, not looked at yet.

    Raises `pulumi.InputPropertiesError` where there is no dictionary of them.
    """
    certificates = config_object(config, "certificates")
    if not isinstance(certificates, Mapping):
        path = f"{config.name}:certificates"
        problem = Problem(
            path,
            "missing" if certificates is None else "not a dictionary",
            "nothing" if certificates is None else shown(certificates, secret=True),
            "a dictionary of each member's name to its certificate, PEM",
            "write it into the environment's file",
        )
        unfilled = list(everything_is_filled_in(certificates, path))
        refuse(f"Environment {pulumi.get_stack()!r}", unfilled or [problem])
    return cast(Mapping[str, Any], certificates)


def refuse_missing(config: pulumi.Config, keys: Collection[str], secrets: Collection[str]) -> None:
    """Refuse a configuration without one of the keys; `secrets` says which are set as secrets.

    Raises `pulumi.InputPropertiesError`.
    """
    problems = [
        Problem(
            f"{config.name}:{key}",
            "missing",
            "nothing",
            "a value for the key",
            f"pulumi config set {'--secret' if key in secrets else '--plaintext'} '{config.name}:{key}'",
        )
        for key in keys
        if config.get(key) is None
    ]
    refuse(f"Environment {pulumi.get_stack()!r}", problems)


def _in_the_configuration(namespace: str, path: str) -> str:
    """The path to a credential as whoever wrote the configuration knows it."""
    if match := re.fullmatch(r"certificates\.(.+)\.key", path):
        return f"{namespace}:key_{match[1]}"
    return f"{namespace}:{path.removesuffix('.certificate')}"


def refuse_unusable(config: pulumi.Config, keys: Collection[str], secrets: Collection[str]) -> None:
    """Refuse a configuration with a key that is neither in `keys` nor in `secrets`, and one that still has
    placeholders (`FILL-IN: ...`), all of them in one error. A plan has stand-ins in their place.

    Raises `pulumi.InputPropertiesError`.
    """
    found = _texts(config)
    valid = sorted({*keys, *secrets})
    unknown = [_unknown(config.name, key, valid) for key in sorted(found) if key not in valid]
    unfilled = [
        problem
        for key, text in sorted(found.items())
        for problem in everything_is_filled_in(value_of(text), f"{config.name}:{key}", secret=key in secrets)
    ]
    refuse(f"Environment {pulumi.get_stack()!r}", [*unknown, *unfilled])


def secret_keys(members: Collection[str]) -> list[str]:
    """The keys of all secrets that a stack may have: its credentials with these members, and those of whoever
    is told of alerts."""
    return [*_credential_keys(members), *RECEIVERS]


def _credential_keys(members: Collection[str] = ()) -> list[str]:
    return [*KEYS, *(f"{name}_password" for name in PASSWORDS), *(f"key_{name}" for name in members)]


def _texts(config: pulumi.Config) -> dict[str, str]:
    """What stands in the configuration's namespace, by key. Pulumi's own class can only ask for a key."""
    prefix = f"{config.name}:"
    everything = {**get_config_env(), **CONFIG.get()}
    return {key.removeprefix(prefix): str(text) for key, text in everything.items() if key.startswith(prefix)}


def _unknown(namespace: str, key: str, valid: Sequence[str]) -> Problem:
    if key.startswith("key_") and (member := key.removeprefix("key_")):
        return Problem(
            f"{namespace}:{key}",
            "the key of no certificate",
            repr(key),
            "a key for each certificate",
            f"write the certificate of {member} under {namespace}:certificates, or remove its key",
        )
    close = difflib.get_close_matches(key, valid, n=1)
    return Problem(
        f"{namespace}:{key}",
        "unknown key",
        repr(key),
        ", ".join(valid),
        f"did you mean {close[0]!r}?" if close else "remove it",
    )
