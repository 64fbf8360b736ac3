"""The configurations of Redis and Sentinel, without secrets: the image puts those in."""

from collections.abc import Sequence

from ..templates import render
from .cluster import MASTER_NAME, RedisCluster, RedisNode

CA = "/etc/redis/ca.pem"
CERTIFICATE = "/etc/redis/member.pem"
KEY = "/run/secrets/member-key"
FAILOVER_TIMEOUT_MS = 5000
"""Until a failover that does not end is given up. A promotion takes about a second."""


def redis_configuration(cluster: RedisCluster, node: RedisNode, *, monitored: bool = False) -> str:
    """The template of redis.conf; where it is monitored, with a user who may ask how it is."""
    return _render("redis.conf.j2", cluster, node, monitored=monitored)


def sentinel_configuration(
    cluster: RedisCluster, node: RedisNode, nodes: Sequence[RedisNode], *, monitored: bool = False
) -> str:
    """The template of sentinel.conf. Quorum and peers are those of all places; where it is monitored, with a
    user who may ask how it is."""
    return _render(
        "sentinel.conf.j2",
        cluster,
        node,
        master_name=MASTER_NAME,
        quorum=len(nodes) // 2 + 1,
        failover_timeout_ms=FAILOVER_TIMEOUT_MS,
        peers=[peer for peer in nodes if peer != node],
        monitored=monitored,
    )


def _render(template: str, cluster: RedisCluster, node: RedisNode, **values: object) -> str:
    return render(
        "bicoastal.cache",
        template,
        cluster=cluster,
        node=node,
        authority=CA,
        certificate=CERTIFICATE,
        key=KEY,
        **values,
    )
