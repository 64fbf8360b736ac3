"""Redis as a whole: what all its members, wherever they are, agree on."""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import NotRequired, TypedDict

from ..checks import cache as checks
from ..checks.problem import Problem
from ..checks.rules import between
from ..settings import setting
from ..topology import Topology

PORT = 6380
"""Redis' port on its host; 6379 is the balancer's."""
SENTINEL_PORT = 26379
MASTER_NAME = "main"
"""What the Sentinels call the master. Their image's scripts know it by this name."""
REGION_PRIORITY = 10
WITNESS_PRIORITY = 100
"""Sentinel promotes the replica with the lowest number: a region's before the witness's."""


class RedisClusterArgs(TypedDict):
    """What all members agree on."""

    memory_mb: NotRequired[int]
    """MiB of data, 16 to 65536. Default: 128. Beyond it, what was used least recently is evicted."""
    down_after_ms: NotRequired[int]
    """Milliseconds without an answer until a Sentinel takes the master for dead, 3000 to 60000. Default:
    5000; measured, writes go on 6 to 8 s after the loss of a region with it."""
    max_lag_s: NotRequired[int]
    """Seconds without a word from any replica until a master refuses writes, 2 to 50. Default: 3. It must be
    at least 2 s less than `down_after_ms`: then a master that is cut off stops before the next one begins. A
    replica that is silent for so long is let go, and comes back with what it missed."""


@dataclass(frozen=True)
class RedisNode:
    """One data node and the Sentinel beside it, as their peers and clients know them."""

    name: str
    place: str
    address: str
    priority: int
    port: int = PORT
    sentinel_port: int = SENTINEL_PORT
    service: str = "redis-1"
    sentinel_service: str = "sentinel-1"

    @property
    def sentinel_id(self) -> str:
        """The Sentinel's identity: declared, so that its peers know it before it has ever spoken."""
        return hashlib.sha1(f"{self.name} sentinel".encode(), usedforsecurity=False).hexdigest()


@dataclass(frozen=True, kw_only=True)
class RedisCluster:
    """What all members agree on, checked."""

    memory_mb: int = setting(between(16, 65536, "MiB"), default=128)
    down_after_ms: int = setting(between(3000, 60000, "milliseconds"), default=5000)
    max_lag_s: int = setting(between(2, 50, "seconds"), default=3)

    @property
    def replica_timeout_s(self) -> int:
        """Seconds without a word from one replica until the master ends its connection: Redis looks after it
        as it looks after the lag, once a second, so both are done before another master may begin."""
        return self.max_lag_s

    def problems(self) -> Iterator[Problem]:
        """What is wrong between the fields."""
        yield from checks.isolated_master_stops_first(self.max_lag_s, self.down_after_ms)


def redis_nodes(topology: Topology) -> list[RedisNode]:
    """One data node in each place, the witness's too: known from the topology before anything exists."""
    return [
        RedisNode(
            name=f"{place.name}-redis",
            place=place.name,
            address=place.address(),
            priority=REGION_PRIORITY if topology.is_region(place.name) else WITNESS_PRIORITY,
        )
        for place in topology.places
    ]
