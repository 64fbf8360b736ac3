"""A place's network, the connection between two, and the networks of the edge.

Names are loaded when they are first used: the command that refreshes the edge's networks needs no provider's
SDK.
"""

from typing import TYPE_CHECKING

from ..lazy import names_of

if TYPE_CHECKING:
    from .edge_ranges import EdgeRanges, known_edge_ranges
    from .endpoints import Endpoint
    from .flow_logs import NetworkFlowLogs, NetworkFlowLogsArgs
    from .listeners import ListenerArgs, Protocol, Role
    from .nat import NatMode
    from .network_args import RegionNetworkArgs
    from .region_network import RegionNetwork
    from .region_peering import PeeredNetworkArgs, RegionPeering, RegionPeeringArgs
    from .security_groups import SecurityGroups, SecurityGroupsArgs

_HOMES = {
    "EdgeRanges": "edge_ranges",
    "Endpoint": "endpoints",
    "ListenerArgs": "listeners",
    "NatMode": "nat",
    "NetworkFlowLogs": "flow_logs",
    "NetworkFlowLogsArgs": "flow_logs",
    "PeeredNetworkArgs": "region_peering",
    "Protocol": "listeners",
    "RegionNetwork": "region_network",
    "RegionNetworkArgs": "network_args",
    "RegionPeering": "region_peering",
    "RegionPeeringArgs": "region_peering",
    "Role": "listeners",
    "SecurityGroups": "security_groups",
    "SecurityGroupsArgs": "security_groups",
    "known_edge_ranges": "edge_ranges",
}

__all__ = [
    "EdgeRanges",
    "Endpoint",
    "ListenerArgs",
    "NatMode",
    "NetworkFlowLogs",
    "NetworkFlowLogsArgs",
    "PeeredNetworkArgs",
    "Protocol",
    "RegionNetwork",
    "RegionNetworkArgs",
    "RegionPeering",
    "RegionPeeringArgs",
    "Role",
    "SecurityGroups",
    "SecurityGroupsArgs",
    "known_edge_ranges",
]

__getattr__ = names_of(__name__, _HOMES)
