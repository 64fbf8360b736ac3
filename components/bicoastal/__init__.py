"""Pulumi components for a production stack that lives in two regions.

Names are loaded when they are first used: importing the package loads no provider's SDK.
"""

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from .application import Api, ApiArgs, BlueGreenApi, BlueGreenApiArgs, Colour
    from .cache import RedisClusterArgs, RedisMember, RedisMemberArgs
    from .containers import (
        ContainerService,
        ContainerServiceArgs,
        OverlayNetwork,
        OverlayNetworkArgs,
        RotatingConfig,
        RotatingConfigArgs,
        RotatingSecret,
        RotatingSecretArgs,
    )
    from .cost import CostGuard, CostGuardArgs, EnvironmentBudgetArgs
    from .database import (
        ConsensusMember,
        ConsensusMemberArgs,
        PostgresClusterArgs,
        PostgresMember,
        PostgresMemberArgs,
        ReplicationMode,
        TimingProfile,
    )
    from .edge import EdgeMonitorArgs
    from .ingress import Balancer, BalancerArgs, RequestLimitsArgs, WebProxy, WebProxyArgs
    from .stack import (
        RegionStack,
        RegionStackArgs,
        TwoRegionStack,
        TwoRegionStackArgs,
        credentials_from_config,
    )
    from .storage import (
        BackupRepository,
        BackupRepositoryArgs,
        BucketSideArgs,
        LifecycleArgs,
        ObjectLockArgs,
        RegionalBucket,
        RegionalBucketArgs,
        ReplicatedBucket,
        ReplicatedBucketArgs,
        RetentionMode,
        StorageClass,
        TransitionArgs,
    )
    from .topology import PlaceArgs, TopologyArgs

_HOMES = {
    "Api": "application",
    "ApiArgs": "application",
    "BackupRepository": "storage",
    "BackupRepositoryArgs": "storage",
    "Balancer": "ingress",
    "BalancerArgs": "ingress",
    "BlueGreenApi": "application",
    "BlueGreenApiArgs": "application",
    "BucketSideArgs": "storage",
    "Colour": "application",
    "ConsensusMember": "database",
    "ConsensusMemberArgs": "database",
    "ContainerService": "containers",
    "ContainerServiceArgs": "containers",
    "CostGuard": "cost",
    "CostGuardArgs": "cost",
    "EdgeMonitorArgs": "edge",
    "EnvironmentBudgetArgs": "cost",
    "LifecycleArgs": "storage",
    "ObjectLockArgs": "storage",
    "OverlayNetwork": "containers",
    "OverlayNetworkArgs": "containers",
    "PlaceArgs": "topology",
    "PostgresClusterArgs": "database",
    "PostgresMember": "database",
    "PostgresMemberArgs": "database",
    "RedisClusterArgs": "cache",
    "RedisMember": "cache",
    "RedisMemberArgs": "cache",
    "RegionStack": "stack",
    "RegionStackArgs": "stack",
    "RegionalBucket": "storage",
    "RegionalBucketArgs": "storage",
    "ReplicatedBucket": "storage",
    "ReplicatedBucketArgs": "storage",
    "ReplicationMode": "database",
    "RequestLimitsArgs": "ingress",
    "RetentionMode": "storage",
    "RotatingConfig": "containers",
    "RotatingConfigArgs": "containers",
    "RotatingSecret": "containers",
    "RotatingSecretArgs": "containers",
    "StorageClass": "storage",
    "TimingProfile": "database",
    "TopologyArgs": "topology",
    "TransitionArgs": "storage",
    "TwoRegionStack": "stack",
    "TwoRegionStackArgs": "stack",
    "WebProxy": "ingress",
    "WebProxyArgs": "ingress",
    "credentials_from_config": "stack",
}

__all__ = [
    "Api",
    "ApiArgs",
    "BackupRepository",
    "BackupRepositoryArgs",
    "Balancer",
    "BalancerArgs",
    "BlueGreenApi",
    "BlueGreenApiArgs",
    "BucketSideArgs",
    "Colour",
    "ConsensusMember",
    "ConsensusMemberArgs",
    "ContainerService",
    "ContainerServiceArgs",
    "CostGuard",
    "CostGuardArgs",
    "EdgeMonitorArgs",
    "EnvironmentBudgetArgs",
    "LifecycleArgs",
    "ObjectLockArgs",
    "OverlayNetwork",
    "OverlayNetworkArgs",
    "PlaceArgs",
    "PostgresClusterArgs",
    "PostgresMember",
    "PostgresMemberArgs",
    "RedisClusterArgs",
    "RedisMember",
    "RedisMemberArgs",
    "RegionStack",
    "RegionStackArgs",
    "RegionalBucket",
    "RegionalBucketArgs",
    "ReplicatedBucket",
    "ReplicatedBucketArgs",
    "ReplicationMode",
    "RequestLimitsArgs",
    "RetentionMode",
    "RotatingConfig",
    "RotatingConfigArgs",
    "RotatingSecret",
    "RotatingSecretArgs",
    "StorageClass",
    "TimingProfile",
    "TopologyArgs",
    "TransitionArgs",
    "TwoRegionStack",
    "TwoRegionStackArgs",
    "WebProxy",
    "WebProxyArgs",
    "credentials_from_config",
]


def __getattr__(name: str) -> object:
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f".{_HOMES[name]}", __name__), name)
