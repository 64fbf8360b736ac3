"""The timeline of a run as a picture: what was acknowledged per 100 ms and region, and what happened when."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from ...templates import render
from .outcome import BIN_S, Event, Kind, Outcome

WIDTH, HEIGHT = 960, 300
LEFT, RIGHT, BOTTOM = 56, 16, 62
LABEL_ROW = 15
LETTER = 6.3
"""Mean width of a label's letter, in pixels."""
COLUMNS = 880
"""More counts than this many are drawn as their means."""
REGIONS = ("#3b75af", "#ef8636")
"""Told apart by every kind of colour blindness."""
MARKS = {
    Kind.FAULT: "#c03d3e",
    Kind.PROMOTION: "#2f7d32",
    Kind.HEAL: "#6a4c93",
    Kind.NOTE: "#6b7280",
}


@dataclass(frozen=True)
class Mark:
    """An event's line, and where its label stands."""

    x: float
    label_x: float
    length: float
    row: int
    text: str
    colour: str
    kind: str


@dataclass(frozen=True)
class Axis:
    """Pixels for values: `first` at `low`, `last` at `high`."""

    first: float
    last: float
    low: float
    high: float

    def __call__(self, value: float) -> float:
        part = (value - self.first) / (self.last - self.first)
        return round(self.low + part * (self.high - self.low), 1)

    def ticks(self, most: int) -> list[float]:
        """Round values along the axis, at most so many."""
        step = _round_step((self.last - self.first) / most)
        return [n * step for n in range(math.ceil(self.first / step), math.floor(self.last / step) + 1)]


def picture(outcome: Outcome) -> str:
    """The run's timeline as SVG."""
    first, width, counts = _drawn(outcome)
    ends = [first + width * max((len(c) for c in counts.values()), default=0)]
    ends += [event.at_s for event in outcome.events]
    x = Axis(min(first, -1.0), max(*ends, 1.0) + 0.5, LEFT, WIDTH - RIGHT)
    marks = _marks(outcome.events, x)
    top = 34 + LABEL_ROW * (max((mark.row for mark in marks), default=0) + 1)
    highest = max((sum(column) for column in zip(*counts.values(), strict=True)), default=1)
    y = Axis(0, max(highest, 1) * 1.05, HEIGHT + top - BOTTOM, top)
    below = [0.0] * max((len(c) for c in counts.values()), default=0)
    areas = []
    for (region, values), colour in zip(counts.items(), REGIONS, strict=False):
        above = [b + v for b, v in zip(below, values, strict=True)]
        areas.append({"region": region, "colour": colour, "path": _area(below, above, first, width, x, y)})
        below = above
    return render(
        "bicoastal.twin",
        "drill_timeline.svg.j2",
        outcome=outcome,
        width=WIDTH,
        height=HEIGHT + top,
        x=x,
        y=y,
        x_ticks=x.ticks(12),
        y_ticks=y.ticks(5),
        areas=areas,
        marks=marks,
        kinds=[(kind.value, MARKS[kind]) for kind in Kind if any(e.kind is kind for e in outcome.events)],
        mean_s=None if width == BIN_S else round(width, 1),
    )


def _drawn(outcome: Outcome) -> tuple[float, float, dict[str, list[float]]]:
    """First moment, width of a column in seconds, and its height by region, as writes per 100 ms."""
    timeline = outcome.timeline
    length = max((len(counts) for counts in timeline.writes.values()), default=0)
    together = max(1, math.ceil(length / COLUMNS))
    return (
        timeline.first_s,
        BIN_S * together,
        {
            region: [sum(counts[n : n + together]) / together for n in range(0, len(counts), together)]
            for region, counts in timeline.writes.items()
        },
    )


def _area(
    below: Sequence[float], above: Sequence[float], first: float, width: float, x: Axis, y: Axis
) -> str:
    """The steps along the top, then back along the bottom."""
    if not any(a > b for a, b in zip(above, below, strict=True)):
        return ""
    edges = [x(first + width * n) for n in range(len(above) + 1)]
    top = [f"{edges[n]},{y(v)} {edges[n + 1]},{y(v)}" for n, v in enumerate(above)]
    back = [f"{edges[n + 1]},{y(v)} {edges[n]},{y(v)}" for n, v in reversed(list(enumerate(below)))]
    return f"M {' '.join(top + back)} Z"


def _marks(events: Sequence[Event], x: Axis) -> list[Mark]:
    """Labels in as few rows as let none cover another."""
    ends: list[float] = []
    marks = []
    for event in sorted(events, key=lambda event: event.at_s):
        text = f"{event.at_s:+.1f} s {event.text}"
        length = LETTER * len(text)
        start = max(LEFT, min(x(event.at_s) + 3, WIDTH - RIGHT - length))
        row = next((n for n, end in enumerate(ends) if end + 6 <= start), len(ends))
        ends[row : row + 1] = [start + length]
        place = (x(event.at_s), round(start, 1), round(length, 1), row)
        marks.append(Mark(*place, text, MARKS[event.kind], event.kind.value))
    return marks


def _round_step(least: float) -> float:
    power = 10.0 ** math.floor(math.log10(least))
    return next(factor * power for factor in (1, 2, 5, 10) if factor * power >= least)
