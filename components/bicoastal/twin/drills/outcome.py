"""What one run of a drill showed: figures beside what they may be, and what happened when."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import Enum

BIN_S = 0.1
"""Seconds for which acknowledged writes are counted together."""


@dataclass(frozen=True)
class Measure:
    """One figure of a run."""

    name: str
    """What a person calls it, such as `write gap`; unique in its drill."""
    value: float
    limit: float | None = None
    """The most that it may be."""
    unit: str = "s"
    least: float | None = None
    """The least that it may be. Without this and a limit it is told and not judged."""

    @property
    def passed(self) -> bool:
        """Whether it is within its bounds."""
        is_enough = self.least is None or self.value >= self.least
        return is_enough and (self.limit is None or self.value <= self.limit)

    @property
    def badness(self) -> tuple[bool, float]:
        """What is greater is worse."""
        return not self.passed, self.value if self.least is None else -self.value

    @property
    def amount(self) -> str:
        """The value as a person reads it."""
        if not math.isfinite(self.value):
            return "never"
        return f"{self.value:.1f} s" if self.unit == "s" else f"{self.value:g} {self.unit}"

    @property
    def bound(self) -> str:
        """What it may be, as a person reads it; empty where it is not judged."""
        bounds = (("at least", self.least), ("at most", self.limit))
        return ", ".join(f"{word} {value:g} {self.unit}" for word, value in bounds if value is not None)

    def __str__(self) -> str:
        return f"{self.name} {self.amount}{f' of {self.bound}' if self.bound else ''}"

    def as_json(self) -> dict[str, object]:
        """For `--json`; what never came is `null`."""
        value = round(self.value, 2) if math.isfinite(self.value) else None
        return {
            "value": value,
            "limit": self.limit,
            "least": self.least,
            "unit": self.unit,
            "passed": self.passed,
        }


class Kind(Enum):
    """What an event is, for the picture."""

    FAULT = "fault"
    PROMOTION = "promotion"
    HEAL = "heal"
    NOTE = "note"


@dataclass(frozen=True)
class Event:
    """Something that happened, in seconds after the run's first fault."""

    at_s: float
    kind: Kind
    text: str

    def as_json(self) -> dict[str, object]:
        """For `--json`."""
        return {"at_s": round(self.at_s, 2), "kind": self.kind.value, "text": self.text}


@dataclass(frozen=True)
class Timeline:
    """Acknowledged writes, or requests of any kind, per 100 ms and region."""

    first_s: float
    """When the first count begins, in seconds after the fault."""
    writes: Mapping[str, Sequence[int]]
    """Counts by region, all of one length."""
    what: str = "writes"
    """What is counted."""

    @classmethod
    def of(
        cls, answers: Sequence[tuple[float, str]], regions: Sequence[str], what: str = "writes"
    ) -> "Timeline":
        """From (seconds after the fault, region) of each that was acknowledged; others than these regions'
        are left out."""
        answers = [(at, region) for at, region in answers if region in regions]
        if not answers:
            return cls(0.0, dict.fromkeys(regions, ()), what)
        bins = [(math.floor(round(at / BIN_S, 6)), region) for at, region in answers]
        first, last = min(number for number, _ in bins), max(number for number, _ in bins)
        counts = {region: [0] * (last - first + 1) for region in regions}
        for number, region in bins:
            counts[region][number - first] += 1
        return cls(round(first * BIN_S, 1), counts, what)

    def as_json(self) -> dict[str, object]:
        """For `--json`."""
        return {
            "first_s": self.first_s,
            "bin_s": BIN_S,
            "what": self.what,
            "writes": {r: list(c) for r, c in self.writes.items()},
        }


@dataclass(frozen=True)
class Outcome:
    """What one run of a drill showed."""

    drill: str
    run: str
    """A name for the run, unique: its writers' rows carry it."""
    settings: Mapping[str, object]
    """What the figures depend on, such as the mode of replication."""
    measures: Sequence[Measure]
    acknowledged: int
    """Writes that a client was told of."""
    lost: int
    """Those of them that the database does not have."""
    events: Sequence[Event] = ()
    timeline: Timeline = field(default_factory=lambda: Timeline(0.0, {}))
    notes: Mapping[str, object] = field(default_factory=dict)
    """What else was seen, by name."""
    error: str = ""
    """Why the run came to no result, or the twin could not be restored after it; empty when all went well."""

    @property
    def passed(self) -> bool:
        """Whether the run came to its end with every figure within its limit."""
        return not self.error and all(measure.passed for measure in self.measures)

    def measure(self, name: str) -> Measure | None:
        """The figure of this name, if the run has it."""
        return next((measure for measure in self.measures if measure.name == name), None)

    def verdict(self) -> str:
        """One line for a person."""
        if not self.measures and self.error:
            return f"no result: {self.error}"
        figures = "; ".join(str(measure) for measure in self.measures)
        told = f"{figures}; {self.acknowledged} acknowledged"
        return f"{told}; afterwards: {self.error}" if self.error else told

    def as_json(self) -> dict[str, object]:
        """For `--json`."""
        return {
            "drill": self.drill,
            "run": self.run,
            "passed": self.passed,
            "error": self.error,
            "settings": dict(self.settings),
            "measures": {measure.name: measure.as_json() for measure in self.measures},
            "acknowledged": self.acknowledged,
            "lost": self.lost,
            "events": [event.as_json() for event in self.events],
            "timeline": self.timeline.as_json(),
            "notes": dict(self.notes),
        }
