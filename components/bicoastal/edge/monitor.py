"""The probes of the load balancer at the edge."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import NotRequired, TypedDict

from ..checks.edge import probe_ends_before_the_next, proxied_has_no_ttl
from ..checks.problem import Problem
from ..checks.rules import ABSOLUTE_PATH, between
from ..settings import setting

DNS_TTL_S = 60
"""Seconds that a DNS-only load balancer's answer may be kept, unless set."""


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
    proxied: NotRequired[bool]
    """Whether requests pass the edge, or clients are only told an address. Default: true. Without it a
    failover also waits for the TTL, and for clients that keep addresses longer; and none of the edge's rules
    hold, nor does its cache."""
    ttl_s: NotRequired[int]
    """Seconds that clients keep the address, 30 to 86400; only without `proxied`. Default: 60. The edge's
    plan must allow it."""


@dataclass(frozen=True, kw_only=True)
class EdgeMonitor:
    """How the edge finds out which region may have traffic, checked."""

    interval_s: int = setting(between(5, 3600, "seconds"), default=15)
    consecutive_down: int = setting(between(1, 10, "probes"), default=3)
    consecutive_up: int = setting(between(1, 10, "probes"), default=1)
    timeout_s: int = setting(between(1, 10, "seconds"), default=3)
    retries: int = setting(between(0, 5, "retries"), default=0)
    path: str = setting(ABSOLUTE_PATH, default="/region-health")
    proxied: bool = setting(default=True)
    ttl_s: int | None = setting(between(30, 86400, "seconds"), default=None)

    @property
    def dns_ttl_s(self) -> int | None:
        """Seconds that clients keep the address of a region; None where they only know the edge's."""
        return None if self.proxied else self.ttl_s or DNS_TTL_S

    def problems(self) -> Iterator[Problem]:
        """What is wrong between the fields."""
        yield from probe_ends_before_the_next(self.interval_s, self.timeout_s, self.retries)
        yield from proxied_has_no_ttl(self.proxied, self.ttl_s)
