"""One part of the failover budget, and what happens when the parts are too much."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from ..checks.problem import Problem


@dataclass(frozen=True, kw_only=True)
class Term:
    """One part of the budget: how many seconds, and where they come from."""

    name: str
    seconds: float
    """At worst."""
    average_s: float
    arithmetic: str
    """The formula with its numbers, for the worst case."""
    source: str
    """The inputs that the numbers come from, or why they are assumed."""
    change: str = ""
    """What makes it shorter; empty where nothing that is declared does."""

    def __str__(self) -> str:
        return (
            f"{self.seconds:g} s at worst, {self.average_s:g} s on average:"
            f" {self.arithmetic} (from {self.source})"
        )


def seconds_by_name(terms: Sequence[Term]) -> dict[str, float]:
    """Each term's seconds, at worst and on average, as outputs name them."""
    return {
        **{f"{term.name}_s": term.seconds for term in terms},
        **{f"{term.name}_average_s": term.average_s for term in terms},
    }


def within_limit(total_s: float, limit_s: float, terms: Sequence[Term]) -> Iterator[Problem]:
    """The worst case is over the limit, and which of the `terms` behind it to change, the largest first."""
    if total_s <= limit_s:
        return
    changeable = [term for term in terms if term.change] or terms
    ordered = sorted(changeable, key=lambda term: -term.seconds)
    largest = ordered[0]
    yield Problem(
        "failover_limit_s",
        f"the worst case is over the limit; the largest term is {largest.name} ({largest.arithmetic})",
        f"worst case {total_s:g} s, limit {limit_s:g} s",
        f"a worst case of at most {limit_s:g} s",
        "; or ".join(term.change for term in ordered) or f"raise the limit to {total_s:g} s",
    )
