"""The way to the writable primary, wherever it is."""

from ..ingress.routes import TcpRouteArgs
from ..topology import Topology
from .cluster import PostgresCluster

PORT = 5432
NAME = "postgres"
"""The name under which clients in a place reach the primary: members' certificates carry it."""


def primary_route(cluster: PostgresCluster, topology: Topology) -> TcpRouteArgs:
    """A route to the member that holds the lease: the only one that Patroni answers `/primary` with 200."""
    return {
        "name": NAME,
        "port": PORT,
        "servers": [
            {
                "name": member.name,
                "address": member.address,
                "port": member.port,
                "check_port": member.rest_port,
            }
            for member in cluster.members(topology)
        ],
        "health": {"path": "/primary"},
    }
