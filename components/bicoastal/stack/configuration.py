"""Credentials from a stack's configuration, under the names that every tool of ours writes them."""

import difflib
from collections.abc import Collection, Sequence
from typing import Any, cast

import pulumi
from pulumi.runtime.config import CONFIG, get_config_env

from ..checks.placeholders import everything_is_filled_in, value_of
from ..checks.problem import Problem
from ..settings import refuse
from .parts import CredentialsArgs

PASSWORDS = (
    *("superuser", "replication", "rewind", "rest", "application"),
    *("redis_application", "redis_replication", "redis_sentinel", "redis_check", "redis_admin"),
)
"""Whose passwords there are; each stands in the configuration as the secret `<name>_password`."""


def credentials_from_config(config: pulumi.Config) -> CredentialsArgs:
    """The `credentials` of a stack, every secret read as one.

    Reads `authority` (PEM), `certificates` (member to PEM), and the secrets `rotation_key`,
    `key_<member>` and `<name>_password`. Raises `pulumi.ConfigMissingError` for what is not there.
    """
    certificates: dict[str, Any] = config.require_object("certificates")
    passwords = {f"{name}_password": config.require_secret(f"{name}_password") for name in PASSWORDS}
    credentials: dict[str, Any] = {
        "rotation_key": config.require_secret("rotation_key"),
        "authority": config.require("authority"),
        "certificates": {
            member: {"certificate": certificate, "key": config.require_secret(f"key_{member}")}
            for member, certificate in certificates.items()
        },
        **passwords,
    }
    return cast(CredentialsArgs, credentials)


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
    """The keys of all secrets that `credentials_from_config` reads for these members."""
    return ["rotation_key", *(f"{name}_password" for name in PASSWORDS), *(f"key_{name}" for name in members)]


def _texts(config: pulumi.Config) -> dict[str, str]:
    """What stands in the configuration's namespace, by key. Pulumi's own class can only ask for a key."""
    prefix = f"{config.name}:"
    everything = {**get_config_env(), **CONFIG.get()}
    return {key.removeprefix(prefix): str(text) for key, text in everything.items() if key.startswith(prefix)}


def _unknown(namespace: str, key: str, valid: Sequence[str]) -> Problem:
    close = difflib.get_close_matches(key, valid, n=1)
    return Problem(
        f"{namespace}:{key}",
        "unknown key",
        repr(key),
        ", ".join(valid),
        f"did you mean {close[0]!r}?" if close else "remove it",
    )
