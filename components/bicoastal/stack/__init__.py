"""One place's part of the stack, and the whole of it."""

from .configuration import (
    certificates_of,
    config_object,
    credentials_from_config,
    refuse_missing,
    refuse_unusable,
    routing_from_config,
    secret_keys,
)
from .region import RegionStack, RegionStackArgs
from .rollout import Rollout
from .two_regions import TwoRegionStack, TwoRegionStackArgs

__all__ = [
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
