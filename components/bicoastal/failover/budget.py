"""The failover budget, as arithmetic on the inputs that are deployed.

Detection and promotion run side by side: the edge probes the lost region while the database's lease runs
out. The rest comes after both.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from ..checks.problem import Problem

PROPAGATION_S = 5.0
"""Seconds until a proxied load balancer's decision holds everywhere. Assumed: vendors publish "seconds"."""
RECONNECTION_S = 5.0
"""Seconds until pools and clients have connected again."""
MANUAL_PROMOTION_S = 900.0
"""Seconds until a person has promoted the other region, where no majority is left to do it: the usual goal
for a page that is answered and carried out."""


@dataclass(frozen=True)
class Term:
    """One part of the budget: how many seconds at worst, and where they come from."""

    name: str
    seconds: float
    arithmetic: str


@dataclass(frozen=True)
class FailoverBudget:
    """Worst seconds from the loss of the primary region to the first good write through the edge."""

    detection: Term
    promotion: Term
    recovery: Term
    propagation: Term
    reconnection: Term
    limit_s: float

    @classmethod
    def of(
        cls,
        *,
        interval_s: float,
        consecutive_down: int,
        consecutive_up: int,
        timeout_s: float,
        retries: int,
        promotion_s: float,
        promotion_arithmetic: str,
        automatic: bool,
        limit_s: float,
        dns_ttl_s: float | None = None,
    ) -> "FailoverBudget":
        """The budget of an edge with these probes over a database that is promoted in `promotion_s`. Where
        the edge does not proxy, clients keep the lost region's address for `dns_ttl_s`."""
        manual = f"by hand, without a majority of voters: {MANUAL_PROMOTION_S:g} s"
        return cls(
            detection=Term(
                "detection",
                consecutive_down * interval_s + timeout_s * (retries + 1),
                f"consecutive_down {consecutive_down} x interval {interval_s:g} s"
                f" + timeout {timeout_s:g} s x {retries + 1}",
            ),
            promotion=Term(
                "promotion",
                promotion_s if automatic else MANUAL_PROMOTION_S,
                promotion_arithmetic if automatic else manual,
            ),
            recovery=Term(
                "recovery",
                consecutive_up * interval_s + timeout_s,
                f"consecutive_up {consecutive_up} x interval {interval_s:g} s + timeout {timeout_s:g} s",
            ),
            propagation=_propagation(dns_ttl_s),
            reconnection=Term("reconnection", RECONNECTION_S, "pools and clients, assumed"),
            limit_s=limit_s,
        )

    @property
    def total_s(self) -> float:
        """Loss of the region that the edge prefers: its neighbour is the fallback and needs no probe."""
        return (
            max(self.detection.seconds + self.propagation.seconds, self.promotion.seconds)
            + self.reconnection.seconds
        )

    @property
    def other_way_total_s(self) -> float:
        """Loss of the other region while it holds the primary: the preferred one, down until then by its
        own word, must first be promoted and then be seen to be up."""
        return (
            self.promotion.seconds
            + self.recovery.seconds
            + self.propagation.seconds
            + self.reconnection.seconds
        )

    def problems(self) -> Iterator[Problem]:
        """Over the limit, and which term to change."""
        ways = {
            self.total_s: [self.detection, self.promotion, self.propagation],
            self.other_way_total_s: [self.promotion, self.recovery, self.propagation],
        }
        total = max(ways)
        if total <= self.limit_s:
            return
        largest = max(ways[total], key=lambda term: term.seconds)
        fixes = {
            "detection": "probe more often or ask for fewer failures (interval_s, consecutive_down)",
            "promotion": "choose the timing profile 'fast', or add a witness where promotion is manual",
            "recovery": "probe more often or ask for fewer successes (interval_s, consecutive_up)",
            "propagation": "let the edge proxy requests (proxied), or shorten the TTL (ttl_s)",
        }
        yield Problem(
            "failover_limit_s",
            f"the worst case is over the limit; the largest term is {largest.name} ({largest.arithmetic})",
            f"worst case {total:g} s, limit {self.limit_s:g} s",
            f"a worst case of at most {self.limit_s:g} s",
            fixes[largest.name],
        )

    def as_output(self) -> dict[str, float]:
        """The seconds by name, for a stack's outputs."""
        terms = (self.detection, self.promotion, self.recovery, self.propagation, self.reconnection)
        return {
            **{f"{term.name}_s": term.seconds for term in terms},
            "total_s": self.total_s,
            "other_way_total_s": self.other_way_total_s,
            "limit_s": self.limit_s,
        }


def _propagation(dns_ttl_s: float | None) -> Term:
    """From the edge's decision until clients follow it."""
    if dns_ttl_s is None:
        return Term("propagation", PROPAGATION_S, "a proxied load balancer, assumed")
    return Term(
        "propagation",
        PROPAGATION_S + dns_ttl_s,
        f"{PROPAGATION_S:g} s, assumed, + TTL {dns_ttl_s:g} s: not proxied, and clients that heed the TTL",
    )
