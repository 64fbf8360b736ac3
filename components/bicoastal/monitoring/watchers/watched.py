"""What there is to watch, beside what the topology says."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import NotRequired, TypedDict

from ...checks.problem import Problem
from ...checks.rules import between, matching
from ...database import PostgresCluster, PostgresClusterArgs
from ...settings import setting
from ...topology import Place
from ..logs.collector import Collector

URL = matching(r"https?://\S+", "an address with its protocol", "use one such as 'https://api.example.com/'")
PAIR = 2


class WatchedArgs(TypedDict):
    """What there is to watch."""

    database: NotRequired[PostgresClusterArgs]
    """The Postgres cluster. Default: two members per region."""
    balancers: NotRequired[int]
    """The most that a region has, each on a host of its own, 0 to 5. Default: 2."""
    workers: NotRequired[bool]
    """Whether regions have workers that come and go. Default: false."""
    public_urls: NotRequired[list[str]]
    """Addresses that users use, such as `https://api.example.com/ready`: asked every 30 s from every place.
    Default: none."""
    watchers: NotRequired[int]
    """How many Prometheus servers each region has, 1 or 2, each on a host of its own. Default: 2 where the
    region has two hosts, else 1."""
    grafana: NotRequired[bool]
    """Whether each region has a Grafana. Default: false."""
    tracing: NotRequired[bool]
    """Whether requests are traced, by a Jaeger in each region. Default: false."""
    replications: NotRequired[bool]
    """Whether CloudWatch is asked for the replication of buckets, in each region. Default: false."""
    logs: NotRequired[Collector]
    """What collects logs on every host for the region's Loki. Default: none, there is no Loki."""
    containers: NotRequired[bool]
    """Whether the collector, which must be Alloy, tells of containers. Default: false."""


@dataclass(frozen=True, kw_only=True)
class Watched:
    """What there is to watch, checked."""

    database: PostgresCluster = setting(factory=PostgresCluster)
    balancers: int = setting(between(0, 5, "balancers"), default=2)
    workers: bool = setting(default=False)
    public_urls: list[str] = setting(URL, factory=list)
    watchers: int | None = setting(between(1, PAIR, "servers"), default=None)
    grafana: bool = setting(default=False)
    tracing: bool = setting(default=False)
    replications: bool = setting(default=False)
    logs: Collector | None = setting(default=None)
    containers: bool = setting(default=False)

    def problems(self) -> Iterator[Problem]:
        """What is wrong between the fields."""
        if self.containers and self.logs is not Collector.ALLOY:
            yield Problem(
                "containers",
                "nobody tells of them",
                "true",
                "true where 'logs' is 'alloy'",
                "let Alloy collect logs, or take it out",
            )

    def watchers_of(self, region: Place) -> int:
        """How many Prometheus servers a region has."""
        return min(PAIR, region.hosts) if self.watchers is None else self.watchers
