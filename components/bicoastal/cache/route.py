"""The way to the Redis master, wherever it is."""

from ..ingress.routes import CheckProtocol, TcpRouteArgs
from ..topology import Topology
from .cluster import redis_nodes

ROUTE_PORT = 6379
NAME = "redis"
"""The name under which clients in a place reach the master: members' certificates carry it."""


def redis_route(topology: Topology) -> TcpRouteArgs:
    """A route to the data node that is master and has a replica: one that came back and still believes that
    it is the master has none."""
    return {
        "name": NAME,
        "port": ROUTE_PORT,
        "servers": [
            {"name": node.name, "address": node.address, "port": node.port, "check_port": node.port}
            for node in redis_nodes(topology)
        ],
        "health": {"protocol": CheckProtocol.REDIS, "interval_s": 1},
    }
