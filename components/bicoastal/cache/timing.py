"""How fast Sentinel replaces a lost master."""

from ..ingress.routes import HealthCheck
from ..ingress.timing import found_up_worst_s
from .cluster import RedisCluster

PING_S = 1.0
"""Sentinel asks the master once a second: `down_after_ms` begins with the first question that is not
answered."""
AGREEMENT_S = 1.0
"""It asks the other Sentinels once a second whether they agree."""
DESYNC_S = 1.0
"""It waits up to a second before it stands for election, so that not all do at once."""
INFO_S = 1.0
"""During a failover it looks once a second whether the replica has become master."""


def failover_worst_s(cluster: RedisCluster, check: HealthCheck) -> float:
    """Worst seconds from the loss of the master's place until clients reach the new master, with three
    Sentinels of which two are left, and the balancer's `check` finding it. The four seconds are constants in
    Sentinel's source."""
    waiting = cluster.down_after_ms / 1000 + PING_S
    return waiting + AGREEMENT_S + DESYNC_S + INFO_S + found_up_worst_s(check)
