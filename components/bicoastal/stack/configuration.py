"""Credentials from a stack's configuration, under the names that every tool of ours writes them."""

from typing import Any, cast

import pulumi

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
