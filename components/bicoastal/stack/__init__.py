"""One place's part of the stack, and the whole of it."""

from .configuration import (
    RECEIVERS,
    certificates_of,
    config_object,
    credentials_from_config,
    refuse_missing,
    refuse_unusable,
    secret_keys,
)
from .receivers import routing_from_config
from .region import RegionStack, RegionStackArgs
from .rollout import Rollout
from .two_regions import TwoRegionStack, TwoRegionStackArgs

__all__ = [
    "RECEIVERS",
    "RegionStack",
    "RegionStackArgs",
    "Rollout",
    "TwoRegionStack",
    "TwoRegionStackArgs",
    "certificates_of",
    "config_object",
    "credentials_from_config",
    "refuse_missing",
    "refuse_unusable",
    "routing_from_config",
    "secret_keys",
]
