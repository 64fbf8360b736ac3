"""What each Prometheus said."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import reduce

from ..monitoring.objectives.incidents import OPENED_BY
from ..monitoring.objectives.recordings import TILE_S
from .period import Span
from .prometheus import Prometheus, Sample, Series, Unanswered
from .questions import WATCHED, Questions

STEP_S = 15
"""As often as alerts are evaluated."""
BEFORE_S = 86400
"""So long before the span an incident may have begun that reaches into it."""
_MOST_POINTS = 11_000
"""Prometheus gives no more of a series at one time."""


@dataclass(frozen=True)
class Answers:
    """All that one of them said."""

    name: str
    """The place that it watches, or its address."""
    url: str
    objectives: Sequence[Sample]
    total: Sequence[Sample]
    errors: Sequence[Sample]
    tiles: Sequence[Sample]
    total_of_part: Sequence[Series]
    errors_of_part: Sequence[Series]
    buckets: Sequence[Sample]
    firing: Sequence[Series]
    watched: frozenset[int]
    """The ends of those five minutes in which it scraped anything."""


@dataclass(frozen=True)
class Silence:
    """One that did not answer."""

    url: str
    why: str


def gather(prometheus: Prometheus, span: Span) -> Answers | Silence:
    """Everything, or nothing: what is half answered would be added up to a wrong figure."""
    asked = Questions(span)
    try:
        return Answers(
            name=prometheus.place() or prometheus.url,
            url=prometheus.url,
            objectives=prometheus.at(asked.objectives, span.end_s),
            total=prometheus.at(asked.total, span.end_s),
            errors=prometheus.at(asked.errors, span.end_s),
            tiles=prometheus.at(asked.tiles, span.end_s),
            total_of_part=prometheus.over(asked.total_of_part, span.part_ends),
            errors_of_part=prometheus.over(asked.errors_of_part, span.part_ends),
            buckets=prometheus.at(asked.buckets, span.end_s),
            firing=_in_pieces(prometheus, OPENED_BY, range(span.start_s - BEFORE_S, span.end_s + 1, STEP_S)),
            watched=_moments(prometheus.over(WATCHED, range(span.start_s + TILE_S, span.end_s + 1, TILE_S))),
        )
    except Unanswered as silence:
        return Silence(prometheus.url, str(silence))


def _in_pieces(prometheus: Prometheus, query: str, moments: range) -> Sequence[Series]:
    pieces = (moments[at : at + _MOST_POINTS] for at in range(0, len(moments), _MOST_POINTS))
    return [series for piece in pieces for series in prometheus.over(query, piece)]


def _moments(found: Sequence[Series]) -> frozenset[int]:
    return reduce(frozenset[int].union, (frozenset(series.values) for series in found), frozenset())
