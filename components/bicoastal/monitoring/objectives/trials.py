"""What the alerts of an objective are tried on."""

from collections.abc import Mapping
from decimal import ROUND_FLOOR, Decimal

from ..trials import Trial
from .burn import MINUTE, BurnRate
from .course import Course, Phase, below, over
from .indicator import Probes
from .recordings import TILE_S, tiles_that_must_be_known
from .slo import Slo

HISTORY_S = 10 * MINUTE
"""Enough for two tiles of the longer windows."""
PROBED_S = 20 * MINUTE
"""With a probe every second, enough for one that failed to be less than a thousandth."""
SETTLED_S = MINUTE
"""In which every recording has seen what came before."""
LONGEST_SHORT_S = 30 * MINUTE
FEWEST = 10
"""Half of fewer requests than these are no course."""


def burns(slo: Slo, rate: BurnRate) -> Trial:
    """A little more fails than the threshold."""
    share = over(slo.threshold(rate))
    phases = [Phase(_history_s(slo, rate), share), Phase(SETTLED_S, share)]
    return _trial(slo, _course(slo, phases), fires=True)


def begins(slo: Slo, rate: BurnRate) -> list[Trial]:
    """A little more fails than the threshold, in the first minutes in which anything is measured. Nothing
    where the long window is short."""
    if not tiles_that_must_be_known(rate):
        return []
    share = over(slo.threshold(rate))
    phases = [Phase(_shortest_s(slo), share), Phase(SETTLED_S, share)]
    return [_trial(slo, _course(slo, phases), fires=False)]


def stays_below(slo: Slo, rate: BurnRate) -> Trial:
    """A little less fails than the threshold."""
    share = below(slo.threshold(rate))
    phases = [Phase(seconds, share, at_least=False) for seconds in (_history_s(slo, rate), SETTLED_S)]
    return _trial(slo, _course(slo, phases), fires=False)


def tells_windows_apart(slo: Slo, rate: BurnRate) -> list[Trial]:
    """Everything failed until the short window began, or nothing has until then and a little too much since:
    one window alone is over the threshold. Nothing where the short window is hours."""
    if rate.short_s > LONGEST_SHORT_S:
        return []
    seconds = rate.short_s + SETTLED_S
    courses = ((Decimal(1), Decimal(0)), (Decimal(0), over(slo.threshold(rate))))
    return [
        _trial(slo, _course(slo, [Phase(seconds, before), Phase(seconds, since)]), fires=False)
        for before, since in courses
    ]


def few(slo: Slo, rate: BurnRate) -> list[Trial]:
    """More fails than the threshold, of half as many requests as there must be. Nothing where there can
    hardly be fewer, or where the short window is hours."""
    if slo.minimum_requests < FEWEST or rate.short_s > LONGEST_SHORT_S:
        return []
    seconds, requests = _known_s(HISTORY_S, rate) + SETTLED_S, Decimal(slo.minimum_requests) / 2
    phases = [Phase(seconds, over(slo.threshold(rate)))]
    if isinstance(slo.indicator, Probes):
        return [_trial(slo, Course(phases, max(1, int(seconds / requests))), fires=False)]
    step = (requests * Trial.interval_s / seconds).quantize(Decimal("0.001"), ROUND_FLOOR)
    return [_trial(slo, Course(phases, Trial.interval_s, step), fires=False)]


def goes_away(slo: Slo, hold_s: int, fixed: Mapping[str, str]) -> Trial:
    """What was measured is measured no more."""
    values = f"1x{_steps(SETTLED_S)} stale"
    at_s = SETTLED_S + hold_s + 2 * Trial.interval_s
    return Trial(series={_present(slo): values}, at_s=at_s, fires=[fixed])


def is_there(slo: Slo, hold_s: int) -> Trial:
    """It is measured all the time, whatever it is."""
    at_s = SETTLED_S + hold_s + 2 * Trial.interval_s
    return Trial(series={_present(slo): f"0x{_steps(at_s)}"}, at_s=at_s)


def _shortest_s(slo: Slo) -> int:
    return PROBED_S if isinstance(slo.indicator, Probes) else HISTORY_S


def _history_s(slo: Slo, rate: BurnRate) -> int:
    return _known_s(_shortest_s(slo), rate)


def _known_s(least_s: int, rate: BurnRate) -> int:
    """Seconds after which the long window is judged, and some tiles more."""
    needed = tiles_that_must_be_known(rate)
    return max(least_s, (needed + 2) * TILE_S if needed else 0)


def _course(slo: Slo, phases: list[Phase]) -> Course:
    if isinstance(slo.indicator, Probes):
        return Course(phases, 1)
    return Course(phases, Trial.interval_s, Decimal(slo.minimum_requests))


def _trial(slo: Slo, course: Course, *, fires: bool) -> Trial:
    series = slo.indicator.series(slo.examples, slo.group_by, course)
    found = slo.indicator.measured.example(slo.examples, slo.group_by)
    own = {"slo": slo.name, "owner": slo.owner, **{label: found[label] for label in slo.group_by}}
    firing = [own] if fires else []
    return Trial(series=series, at_s=course.seconds, fires=firing, interval_s=course.interval_s)


def _present(slo: Slo) -> str:
    return slo.presence.series(slo.presence.example(slo.examples))


def _steps(seconds: int) -> int:
    return seconds // Trial.interval_s
