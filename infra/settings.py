"""SmellPin's settings: from the stack's configuration to the library's arguments."""

from typing import Any, cast

import pulumi

from bicoastal import TwoRegionStackArgs

PASSWORDS = (
    "superuser_password",
    "replication_password",
    "rewind_password",
    "rest_password",
    "application_password",
)


def read_settings() -> TwoRegionStackArgs:
    """The arguments of the stack, from `Pulumi.<stack>.yaml`. Every secret is read as one."""
    config = pulumi.Config("smellpin")
    optional: dict[str, Any] = {
        key: config.get_object(key) for key in ("database", "api", "monitor") if config.get(key)
    }
    limit = config.get_float("failover_limit_s")
    if limit is not None:
        optional["failover_limit_s"] = limit
    required: dict[str, Any] = {
        "topology": config.require_object("topology"),
        "images": config.require_object("images"),
        "credentials": {
            "rotation_key": config.require_secret("rotation_key"),
            "authority": config.require("authority"),
            "certificates": {
                member: {"certificate": certificate, "key": config.require_secret(f"key_{member}")}
                for member, certificate in config.require_object("certificates").items()
            },
            **{name: config.require_secret(name) for name in PASSWORDS},
        },
    }
    return cast(TwoRegionStackArgs, {**required, **optional})
