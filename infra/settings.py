"""SmellPin's settings: from the stack's configuration to the library's arguments."""

from typing import Any, cast

import pulumi

from bicoastal import TwoRegionStackArgs, credentials_from_config


def read_settings() -> TwoRegionStackArgs:
    """The arguments of the stack, from `Pulumi.<stack>.yaml`: what people choose stands under `settings`,
    what is made for the environment beside it."""
    config = pulumi.Config("smellpin")
    chosen: dict[str, Any] = config.require_object("settings")
    made = {
        "topology": config.require_object("topology"),
        "images": config.require_object("images"),
        "credentials": credentials_from_config(config),
    }
    return cast(TwoRegionStackArgs, {**chosen, **made})
