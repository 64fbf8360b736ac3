"""Incidents: the times in which an alert that pages was firing, as any place saw it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from ..monitoring.objectives.recordings import TILE_S
from .answers import STEP_S, Answers
from .period import Span

QUIET_S = 300
"""What fires again within this is one incident: an alert also rests where its Prometheus starts anew."""


@dataclass(frozen=True)
class Incident:
    """One of them; alerts that fired at one time are of one incident."""

    start_s: int
    end_s: int
    alerts: Sequence[str]
    is_open: bool
    """It was not over at the end of the span."""

    @property
    def seconds(self) -> int:
        """From the first alert to the end of the last."""
        return self.end_s - self.start_s


@dataclass(frozen=True)
class Incidents:
    """Those of a span."""

    found: Sequence[Incident]
    watched: float
    """The share of the span in which any Prometheus looked."""
    span: Span

    @property
    def is_known(self) -> bool:
        """Whether anybody looked, or saw one."""
        return bool(self.watched or self.found)

    @property
    def mttr_s(self) -> float | None:
        """The mean time from an incident's start to its end, of those that are over."""
        over = [incident.seconds for incident in self.found if not incident.is_open]
        return sum(over) / len(over) if over else None

    @property
    def mtbf_s(self) -> float | None:
        """The time without an incident, of what was watched, for each incident."""
        if not (self.found and self.watched):
            return None
        down = sum(each.end_s - max(each.start_s, self.span.start_s) for each in self.found)
        return max(0.0, self.span.seconds * self.watched - down) / len(self.found)


def incidents(answers: Sequence[Answers], span: Span) -> Incidents:
    """All that reach into the span."""
    firing: dict[int, set[str]] = {}
    for each in answers:
        for series in each.firing:
            for moment in series.values:
                firing.setdefault(moment, set()).add(series.labels["alertname"])
    looked = frozenset[int]().union(*(each.watched for each in answers))
    found = [incident for incident in _runs(sorted(firing.items()), span) if incident.end_s > span.start_s]
    return Incidents(found, min(1.0, len(looked) * TILE_S / span.seconds), span)


def _runs(firing: Iterable[tuple[int, set[str]]], span: Span) -> Iterable[Incident]:
    run: list[tuple[int, set[str]]] = []
    for moment, alerts in firing:
        if run and moment - run[-1][0] > QUIET_S:
            yield _incident(run, span)
            run = []
        run.append((moment, alerts))
    if run:
        yield _incident(run, span)


def _incident(run: Sequence[tuple[int, set[str]]], span: Span) -> Incident:
    last = run[-1][0]
    names = sorted(set[str]().union(*(alerts for _, alerts in run)))
    is_open = last + STEP_S > span.end_s
    return Incident(run[0][0], span.end_s if is_open else last + STEP_S, names, is_open)
