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
    """The arguments of the stack, from `Pulumi.<stack>.yaml`: what people choose stands under `settings`,
    what is made for the environment beside it. Every secret is read as one."""
    config = pulumi.Config("smellpin")
    certificates = config.require_object("certificates")
    made: dict[str, Any] = {
        "topology": config.require_object("topology"),
        "images": config.require_object("images"),
        "credentials": {
            "rotation_key": config.require_secret("rotation_key"),
            "authority": config.require("authority"),
            "certificates": {
                member: {"certificate": certificate, "key": config.require_secret(f"key_{member}")}
                for member, certificate in certificates.items()
            },
            **{name: config.require_secret(name) for name in PASSWORDS},
        },
    }
    return cast(TwoRegionStackArgs, {**config.require_object("settings"), **made})
