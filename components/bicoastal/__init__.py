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
    from .network import (
        Endpoint,
        ListenerArgs,
        NatMode,
        NetworkFlowLogs,
        NetworkFlowLogsArgs,
        PeeredNetworkArgs,
        Protocol,
        RegionNetwork,
        RegionNetworkArgs,
        RegionPeering,
        RegionPeeringArgs,
        Role,
        SecurityGroups,
        SecurityGroupsArgs,
    )
    from .stack import (
        RegionStack,
        RegionStackArgs,
        TwoRegionStack,
        TwoRegionStackArgs,
        credentials_from_config,
    )
    from .topology import PlaceArgs, TopologyArgs

_HOMES = {
    "Api": "application",
    "ApiArgs": "application",
    "Balancer": "ingress",
    "BalancerArgs": "ingress",
    "BlueGreenApi": "application",
    "BlueGreenApiArgs": "application",
    "Colour": "application",
    "ConsensusMember": "database",
    "ConsensusMemberArgs": "database",
    "ContainerService": "containers",
    "ContainerServiceArgs": "containers",
    "EdgeMonitorArgs": "edge",
    "Endpoint": "network",
    "ListenerArgs": "network",
    "NatMode": "network",
    "NetworkFlowLogs": "network",
    "NetworkFlowLogsArgs": "network",
    "OverlayNetwork": "containers",
    "OverlayNetworkArgs": "containers",
    "PeeredNetworkArgs": "network",
    "PlaceArgs": "topology",
    "PostgresClusterArgs": "database",
    "PostgresMember": "database",
    "PostgresMemberArgs": "database",
    "Protocol": "network",
    "RedisClusterArgs": "cache",
    "RedisMember": "cache",
    "RedisMemberArgs": "cache",
    "RegionNetwork": "network",
    "RegionNetworkArgs": "network",
    "RegionPeering": "network",
    "RegionPeeringArgs": "network",
    "RegionStack": "stack",
    "RegionStackArgs": "stack",
    "ReplicationMode": "database",
    "RequestLimitsArgs": "ingress",
    "Role": "network",
    "RotatingConfig": "containers",
    "RotatingConfigArgs": "containers",
    "RotatingSecret": "containers",
    "RotatingSecretArgs": "containers",
    "SecurityGroups": "network",
    "SecurityGroupsArgs": "network",
    "TimingProfile": "database",
    "TopologyArgs": "topology",
    "TwoRegionStack": "stack",
    "TwoRegionStackArgs": "stack",
    "WebProxy": "ingress",
    "WebProxyArgs": "ingress",
    "credentials_from_config": "stack",
}

__all__ = [
    "Api",
    "ApiArgs",
    "Balancer",
    "BalancerArgs",
    "BlueGreenApi",
    "BlueGreenApiArgs",
    "Colour",
    "ConsensusMember",
    "ConsensusMemberArgs",
    "ContainerService",
    "ContainerServiceArgs",
    "EdgeMonitorArgs",
    "Endpoint",
    "ListenerArgs",
    "NatMode",
    "NetworkFlowLogs",
    "NetworkFlowLogsArgs",
    "OverlayNetwork",
    "OverlayNetworkArgs",
    "PeeredNetworkArgs",
    "PlaceArgs",
    "PostgresClusterArgs",
    "PostgresMember",
    "PostgresMemberArgs",
    "Protocol",
    "RedisClusterArgs",
    "RedisMember",
    "RedisMemberArgs",
    "RegionNetwork",
    "RegionNetworkArgs",
    "RegionPeering",
    "RegionPeeringArgs",
    "RegionStack",
    "RegionStackArgs",
    "ReplicationMode",
    "RequestLimitsArgs",
    "Role",
    "RotatingConfig",
    "RotatingConfigArgs",
    "RotatingSecret",
    "RotatingSecretArgs",
    "SecurityGroups",
    "SecurityGroupsArgs",
    "TimingProfile",
    "TopologyArgs",
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
