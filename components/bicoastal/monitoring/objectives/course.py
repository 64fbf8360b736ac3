"""Courses of requests, as series for promtool's tests."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal

from .burn import text


@dataclass(frozen=True)
class Phase:
    """Seconds in which a share of all requests failed."""

    seconds: int
    failed: Decimal
    at_least: bool = True
    """Where whole requests are counted: whether at least or at most this share."""


@dataclass(frozen=True)
class Course:
    """Phases, one after another, under even traffic."""

    phases: Sequence[Phase]
    interval_s: int
    """Seconds between two values of a series."""
    per_interval: Decimal = Decimal(1)
    """Requests from one value of a counter to the next."""

    @property
    def seconds(self) -> int:
        """How long it takes."""
        return sum(phase.seconds for phase in self.phases)

    def counter(self, *, failed: bool, passed: bool) -> str:
        """The values of a counter of those that failed, of those that passed, or of both."""
        count, parts = Decimal(0), []
        for phase in self.phases:
            share = (phase.failed if failed else 0) + (1 - phase.failed if passed else 0)
            step, steps = share * self.per_interval, phase.seconds // self.interval_s
            parts.append(f"{text(count)}+{text(step)}x{steps - 1}")
            count += step * steps
        return " ".join([*parts, f"{text(count)}x0"])

    def gauge(self) -> str:
        """The values of a gauge of probes; in each phase the last ones failed."""
        return " ".join(f"{value}x{count - 1}" for value, count in self._runs() if count)

    def _runs(self) -> Iterator[tuple[int, int]]:
        for phase in self.phases:
            probes = phase.seconds // self.interval_s
            failed = int(
                (phase.failed * probes).to_integral_value(ROUND_CEILING if phase.at_least else ROUND_FLOOR)
            )
            yield 1, probes - failed
            yield 0, failed


def over(share: Decimal) -> Decimal:
    """A share that is over a threshold, and not by much."""
    return min(share * Decimal("1.1"), (1 + share) / 2)


def below(share: Decimal) -> Decimal:
    """A share that is under a threshold, and not by much."""
    return share * Decimal("0.9")
