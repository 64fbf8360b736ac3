"""The probes of the load balancer at the edge."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import NotRequired, TypedDict

from ..checks.edge import probe_ends_before_the_next
from ..checks.problem import Problem
from ..checks.rules import ABSOLUTE_PATH, between
from ..settings import setting


class EdgeMonitorArgs(TypedDict):
    """How the edge finds out which region may have traffic."""

    interval_s: NotRequired[int]
    """Seconds between probes, start to start, 5 to 3600. Default: 15. The edge's plan must allow it."""
    consecutive_down: NotRequired[int]
    """Failures in a row until a region is down, 1 to 10. Default: 3."""
    consecutive_up: NotRequired[int]
    """Successes in a row until a region is up again, 1 to 10. Default: 1."""
    timeout_s: NotRequired[int]
    """Seconds until a probe counts as failed, 1 to 10 and shorter than the interval. Default: 3."""
    retries: NotRequired[int]
    """Immediate retries of a probe that timed out, 0 to 5. Default: 0."""
    path: NotRequired[str]
    """The path that a region answers with 200 while it may have traffic. Default: `/region-health`."""


@dataclass(frozen=True, kw_only=True)
class EdgeMonitor:
    """How the edge finds out which region may have traffic, checked."""

    interval_s: int = setting(between(5, 3600, "seconds"), default=15)
    consecutive_down: int = setting(between(1, 10, "probes"), default=3)
    consecutive_up: int = setting(between(1, 10, "probes"), default=1)
    timeout_s: int = setting(between(1, 10, "seconds"), default=3)
    retries: int = setting(between(0, 5, "retries"), default=0)
    path: str = setting(ABSOLUTE_PATH, default="/region-health")

    def problems(self) -> Iterator[Problem]:
        """What is wrong between the fields."""
        yield from probe_ends_before_the_next(self.interval_s, self.timeout_s, self.retries)
