"""All runs of one drill: median and worst of each figure."""

import statistics
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from .outcome import Measure, Outcome


@dataclass(frozen=True)
class Spread:
    """One figure over all runs."""

    name: str
    median: Measure
    worst: Measure

    def as_json(self) -> dict[str, object]:
        """For `--json`."""
        return {
            "median": self.median.as_json()["value"],
            "worst": self.worst.as_json()["value"],
            "limit": self.worst.limit,
            "least": self.worst.least,
            "unit": self.worst.unit,
        }


@dataclass(frozen=True)
class Series:
    """All runs of one drill."""

    drill: str
    outcomes: Sequence[Outcome]

    @property
    def passed(self) -> bool:
        """Whether there are runs and every one did: a figure's worst counts, not its median."""
        return bool(self.outcomes) and all(outcome.passed for outcome in self.outcomes)

    @cached_property
    def spreads(self) -> Sequence[Spread]:
        """Each figure over the runs that have it, in the runs' order."""
        names = dict.fromkeys(m.name for outcome in self.outcomes for m in outcome.measures)
        return [self._spread(name) for name in names]

    def as_json(self) -> dict[str, object]:
        """For `--json`."""
        return {
            "drill": self.drill,
            "passed": self.passed,
            "measures": {spread.name: spread.as_json() for spread in self.spreads},
            "acknowledged": sum(outcome.acknowledged for outcome in self.outcomes),
            "lost": sum(outcome.lost for outcome in self.outcomes),
            "runs": [outcome.as_json() for outcome in self.outcomes],
        }

    def _spread(self, name: str) -> Spread:
        found = [m for outcome in self.outcomes if (m := outcome.measure(name)) is not None]
        worst = max(found, key=lambda measure: measure.badness)
        median = statistics.median(measure.value for measure in found)
        return Spread(name, replace(worst, value=median), worst)
