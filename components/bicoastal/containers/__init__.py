"""Container services with safe defaults, and configs and secrets that rotate."""

from .config import RotatingConfig, RotatingConfigArgs
from .network import OverlayNetwork, OverlayNetworkArgs
from .secret import RotatingSecret, RotatingSecretArgs
from .service import ContainerService
from .service_args import (
    ContainerServiceArgs,
    EveryHostArgs,
    FileArgs,
    HealthArgs,
    HostPathArgs,
    LimitsArgs,
    MadeArgs,
    PortArgs,
    SecretFileArgs,
    TmpfsArgs,
    VolumeArgs,
)

__all__ = [
    "ContainerService",
    "ContainerServiceArgs",
    "EveryHostArgs",
    "FileArgs",
    "HealthArgs",
    "HostPathArgs",
    "LimitsArgs",
    "MadeArgs",
    "OverlayNetwork",
    "OverlayNetworkArgs",
    "PortArgs",
    "RotatingConfig",
    "RotatingConfigArgs",
    "RotatingSecret",
    "RotatingSecretArgs",
    "SecretFileArgs",
    "TmpfsArgs",
    "VolumeArgs",
]
