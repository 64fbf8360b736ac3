"""How each objective was held: the counters of all places added, then divided."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from ..monitoring.objectives.recordings import TILE_S
from .answers import Answers
from .period import Span
from .prometheus import Sample, Series

NO_DATA = "no data"
NOTHING_ASKED = "nothing was asked"
Key = tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Part:
    """One bar of a chart; without a share where nothing was measured or asked."""

    end_s: int
    share: float | None


@dataclass(frozen=True)
class Held:
    """One objective, or one value of what it is grouped by."""

    slo: str
    group: Mapping[str, str]
    promised: float
    """The share that must be good."""
    span_s: int
    events: float
    failed: float
    measured: Mapping[str, float]
    """The share of the span in which each place has records of it."""
    parts: Sequence[Part]

    @property
    def missing(self) -> str:
        """Why there is no figure; empty where there is one."""
        if not self.is_measured:
            return NO_DATA
        return "" if self.events else NOTHING_ASKED

    @property
    def is_measured(self) -> bool:
        """Whether any place has records of it."""
        return any(self.measured.values())

    @property
    def good(self) -> float | None:
        """The share that was good."""
        return None if self.missing else 1 - self.failed / self.events

    @property
    def allowed_s(self) -> float:
        """Seconds of a total outage that the span may have."""
        return (1 - self.promised) * self.span_s

    @property
    def used_s(self) -> float | None:
        """As many seconds of a total outage would have failed as much, of those that were measured."""
        return None if self.good is None else (1 - self.good) * self.span_s * max(self.measured.values())

    @property
    def left(self) -> float | None:
        """The share of the span's error budget that is left, under zero where more failed than may: what was
        not measured has used nothing."""
        return None if self.used_s is None else 1 - self.used_s / self.allowed_s

    @property
    def is_held(self) -> bool | None:
        """Whether the promise was kept."""
        return None if self.good is None else self.good >= self.promised

    @property
    def gaps(self) -> Mapping[str, float]:
        """The seconds of which each place has no records, where there are any."""
        return {place: (1 - share) * self.span_s for place, share in self.measured.items() if share < 1}


def held(answers: Sequence[Answers], span: Span) -> list[Held]:
    """Every objective that any place knows, those over all before those by groups."""
    promised = {sample.labels["slo"]: sample.value for each in answers for sample in each.objectives}
    total, failed = (_added(answers, kind) for kind in ("total", "errors"))
    tiles = {each.name: {_key(sample): sample.value for sample in each.tiles} for each in answers}
    keys = {key for of_place in tiles.values() for key in of_place}
    keys |= {(("slo", slo),) for slo in promised if not any(dict(key)["slo"] == slo for key in keys)}
    parts = _parts(answers, promised, span)
    return [
        Held(
            slo=slo,
            group={name: value for name, value in key if name != "slo"},
            promised=promised[slo],
            span_s=span.seconds,
            events=total.get(key, 0.0) * TILE_S,
            failed=failed.get(key, 0.0) * TILE_S,
            measured={
                place: min(1.0, found.get(key, 0) * TILE_S / span.seconds) for place, found in tiles.items()
            },
            parts=parts[slo],
        )
        for key in sorted(keys, key=lambda key: (dict(key)["slo"], key))
        if (slo := dict(key)["slo"]) in promised
    ]


def _added(answers: Sequence[Answers], kind: str) -> Mapping[Key, float]:
    found: dict[Key, float] = defaultdict(float)
    for each in answers:
        for sample in getattr(each, kind):
            found[_key(sample)] += sample.value
    return found


def _key(sample: Sample) -> Key:
    """Its labels, without who owns it."""
    return tuple(
        sorted((name, value) for name, value in sample.labels.items() if name not in ("__name__", "owner"))
    )


def _parts(answers: Sequence[Answers], slos: Iterable[str], span: Span) -> Mapping[str, list[Part]]:
    total, failed = (
        _by_moment([series for each in answers for series in getattr(each, kind)])
        for kind in ("total_of_part", "errors_of_part")
    )
    return {
        slo: [Part(end, _share(failed[slo].get(end, 0), total[slo].get(end))) for end in span.part_ends]
        for slo in slos
    }


def _by_moment(found: Sequence[Series]) -> defaultdict[str, dict[int, float]]:
    added: defaultdict[str, dict[int, float]] = defaultdict(lambda: defaultdict(float))
    for series in found:
        for moment, value in series.values.items():
            added[series.labels["slo"]][moment] += value
    return added


def _share(failed: float, asked: float | None) -> float | None:
    return 1 - failed / asked if asked else None
