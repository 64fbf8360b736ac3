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
    from .hosts import SwarmHosts, SwarmHostsArgs, swarm_docker_host, swarm_ssh_options
    from .ingress import Balancer, BalancerArgs, RequestLimitsArgs, WebProxy, WebProxyArgs
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
    "ReplicationMode": "database",
    "RequestLimitsArgs": "ingress",
    "RotatingConfig": "containers",
    "RotatingConfigArgs": "containers",
    "RotatingSecret": "containers",
    "RotatingSecretArgs": "containers",
    "SwarmHosts": "hosts",
    "SwarmHostsArgs": "hosts",
    "TimingProfile": "database",
    "TopologyArgs": "topology",
    "TwoRegionStack": "stack",
    "TwoRegionStackArgs": "stack",
    "WebProxy": "ingress",
    "WebProxyArgs": "ingress",
    "credentials_from_config": "stack",
    "swarm_docker_host": "hosts",
    "swarm_ssh_options": "hosts",
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
    "ReplicationMode",
    "RequestLimitsArgs",
    "RotatingConfig",
    "RotatingConfigArgs",
    "RotatingSecret",
    "RotatingSecretArgs",
    "SwarmHosts",
    "SwarmHostsArgs",
    "TimingProfile",
    "TopologyArgs",
    "TwoRegionStack",
    "TwoRegionStackArgs",
    "WebProxy",
    "WebProxyArgs",
    "credentials_from_config",
    "swarm_docker_host",
    "swarm_ssh_options",
]


def __getattr__(name: str) -> object:
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f".{_HOMES[name]}", __name__), name)
