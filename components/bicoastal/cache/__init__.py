"""Redis and its Sentinels, one of each in every place."""

from .cluster import RedisCluster, RedisClusterArgs, RedisNode, redis_nodes
from .member import RedisMember, RedisMemberArgs
from .route import redis_route

__all__ = [
    "RedisCluster",
    "RedisClusterArgs",
    "RedisMember",
    "RedisMemberArgs",
    "RedisNode",
    "redis_nodes",
    "redis_route",
]
