"""The failover budget, as arithmetic on the inputs that are deployed.

Detection and promotion run side by side: the edge probes the lost region while the database's lease runs
out. The rest comes after both.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from ..checks.problem import Problem
from .propagation import of_load_balancer
from .term import Term, seconds_by_name, within_limit

RECONNECTION_S = 5.0
"""Seconds until pools and clients have connected again. Assumed."""

RECONNECTION = Term(
    name="reconnection",
    seconds=RECONNECTION_S,
    average_s=RECONNECTION_S,
    arithmetic=f"{RECONNECTION_S:g} s until pools and clients have connected again",
    source="an assumption",
)


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
        promotion: Term,
        limit_s: float,
        dns_ttl_s: float | None = None,
    ) -> "FailoverBudget":
        """The budget of an edge with these probes over a database with this `promotion`. Where the edge does
        not proxy, clients keep the lost region's address for `dns_ttl_s`."""
        return cls(
            detection=detection(interval_s, consecutive_down, timeout_s, retries),
            promotion=promotion,
            recovery=recovery(interval_s, consecutive_up, timeout_s),
            propagation=of_load_balancer(dns_ttl_s),
            reconnection=RECONNECTION,
            limit_s=limit_s,
        )

    @property
    def terms(self) -> tuple[Term, ...]:
        """All terms, in the order of time."""
        return (self.detection, self.promotion, self.recovery, self.propagation, self.reconnection)

    @property
    def total_s(self) -> float:
        """Loss of the region that the edge prefers: its neighbour is the fallback and needs no probe."""
        return _seconds(self._slower_side) + self.reconnection.seconds

    @property
    def total_average_s(self) -> float:
        """The same with each term's average."""
        edge = self.detection.average_s + self.propagation.average_s
        return max(edge, self.promotion.average_s) + self.reconnection.average_s

    @property
    def other_way_total_s(self) -> float:
        """Loss of the other region while it holds the primary: the preferred one, down until then by its
        own word, must first be promoted and then be seen to be up."""
        return _seconds(self._other_way)

    @property
    def other_way_average_s(self) -> float:
        """The same with each term's average."""
        return sum(term.average_s for term in self._other_way)

    @property
    def one_after_the_other_s(self) -> float:
        """What it would be if the database were promoted only after the edge has decided, as a coordinator
        with a list of steps does it: to be compared with, nothing here works so."""
        return _seconds((self.detection, self.propagation, self.promotion, self.reconnection))

    @property
    def _slower_side(self) -> Sequence[Term]:
        """The terms that the total rests on: shortening the faster side would change nothing."""
        return max((self.detection, self.propagation), (self.promotion,), key=_seconds)

    @property
    def _other_way(self) -> Sequence[Term]:
        return (self.promotion, self.recovery, self.propagation, self.reconnection)

    def problems(self) -> Iterator[Problem]:
        """Over the limit, and which term to change."""
        if self.total_s >= self.other_way_total_s:
            yield from within_limit(self.total_s, self.limit_s, self._slower_side)
        else:
            yield from within_limit(self.other_way_total_s, self.limit_s, self._other_way)

    def as_output(self) -> dict[str, float]:
        """The seconds by name, for a stack's outputs."""
        return {
            **seconds_by_name(self.terms),
            "total_s": self.total_s,
            "total_average_s": self.total_average_s,
            "other_way_total_s": self.other_way_total_s,
            "other_way_average_s": self.other_way_average_s,
            "limit_s": self.limit_s,
        }

    def explained(self) -> dict[str, str]:
        """Each term in words, by name: seconds, formula, and the inputs that it comes from."""
        return {term.name: str(term) for term in self.terms}


def detection(interval_s: float, consecutive_down: int, timeout_s: float, retries: int) -> Term:
    """From the loss until the edge's probes have found it: the region was probed just before, and answers
    nothing. On average it is lost halfway between two probes."""
    waiting = timeout_s * (retries + 1)
    return Term(
        name="detection",
        seconds=consecutive_down * interval_s + waiting,
        average_s=(consecutive_down - 0.5) * interval_s + waiting,
        arithmetic=(
            f"consecutive_down {consecutive_down} x interval {interval_s:g} s"
            f" + timeout {timeout_s:g} s x {retries + 1}"
        ),
        source="monitor.consecutive_down, interval_s, timeout_s, retries",
        change="probe more often or ask for fewer failures (interval_s, consecutive_down)",
    )


def recovery(interval_s: float, consecutive_up: int, timeout_s: float) -> Term:
    """From the promotion until the edge's probes have found the region up. A probe that succeeds may take as
    long as the timeout; on average half of it."""
    return Term(
        name="recovery",
        seconds=consecutive_up * interval_s + timeout_s,
        average_s=(consecutive_up - 0.5) * interval_s + timeout_s / 2,
        arithmetic=f"consecutive_up {consecutive_up} x interval {interval_s:g} s + timeout {timeout_s:g} s",
        source="monitor.consecutive_up, interval_s, timeout_s",
        change="probe more often or ask for fewer successes (interval_s, consecutive_up)",
    )


def _seconds(terms: Sequence[Term]) -> float:
    return sum(term.seconds for term in terms)
