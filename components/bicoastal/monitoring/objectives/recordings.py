"""What is recorded of an objective.

Up to an hour, the rates come from the counters themselves, every 15 s: an outage is seen as soon as it is
counted. A window of days over the counters would read thousands of samples of each of their many series at
every evaluation. The longer windows add up the recorded rates of five minutes instead, one for every five
minutes: the tiles neither overlap nor leave a gap, so every request is in exactly one of them, of the errors
as of the total, and what comes out is a ratio of sums and no average of ratios. It is up to five minutes old,
of a window of two hours or more.
"""

from collections.abc import Iterator, Mapping

from ..durations import duration
from ..rules import Recording, RuleGroup
from . import records
from .burn import BURN_RATES, HOUR, MINUTE, BurnRate, text
from .records import of
from .slo import Slo

TILE_S = 5 * MINUTE
LONGEST_OF_COUNTERS_S = HOUR
LONG_INTERVAL_S = MINUTE
"""Seconds between evaluations of the longer windows."""


def windows(slo: Slo) -> list[int]:
    """The seconds of every window that is recorded, the shortest first."""
    alerts = [window for rate in BURN_RATES for window in (rate.short_s, rate.long_s)]
    return sorted({*alerts, *slo.periods.values(), slo.window_s})


def recordings(slo: Slo) -> list[RuleGroup]:
    """The groups of an objective's recordings."""
    short = [window for window in windows(slo) if window <= LONGEST_OF_COUNTERS_S]
    long = [window for window in windows(slo) if window > LONGEST_OF_COUNTERS_S]
    return [
        RuleGroup(
            name=f"slo-{slo.name}",
            rules=[
                *(rule for window in short for rule in _of_counters(slo, window)),
                _recorded(slo, records.CURRENT_BURN_RATE, _budgets(slo, records.error_ratio(short[0]))),
            ],
        ),
        RuleGroup(
            name=f"slo-{slo.name}-long",
            interval_s=LONG_INTERVAL_S,
            rules=[
                *(rule for window in long for rule in _of_tiles(slo, window)),
                *_declared(slo),
                *_left(slo),
            ],
        ),
    ]


def tiles_that_must_be_known(rate: BurnRate) -> int:
    """Until the short window has passed, both windows look at the same minutes, and what is said of the long
    one is true of these alone: 0 where the long one comes from the counters and is over soon."""
    return rate.short_s // TILE_S if rate.long_s > LONGEST_OF_COUNTERS_S else 0


def _of_counters(slo: Slo, window_s: int) -> Iterator[Recording]:
    indicator = slo.indicator
    yield _recorded(slo, records.total(window_s), indicator.total(slo.group_by, window_s))
    yield _recorded(slo, records.errors(window_s), indicator.errors(slo.group_by, window_s))
    yield _ratio(slo, window_s)


def _of_tiles(slo: Slo, window_s: int) -> Iterator[Recording]:
    for record in (records.total, records.errors):
        tiles = f"{of(record(TILE_S), slo.name)}[{duration(window_s)}:{duration(TILE_S)}]"
        yield _recorded(slo, record(window_s), f"sum_over_time({tiles}) / {window_s // TILE_S}")
    if any(rate.long_s == window_s for rate in BURN_RATES):
        tiles = f"{of(records.total(TILE_S), slo.name)}[{duration(window_s)}:{duration(TILE_S)}]"
        yield _recorded(slo, records.tiles(window_s), f"count_over_time({tiles})")
    yield _ratio(slo, window_s)


def _ratio(slo: Slo, window_s: int) -> Recording:
    errors, total = of(records.errors(window_s), slo.name), of(records.total(window_s), slo.name)
    return _recorded(slo, records.error_ratio(window_s), f"{errors} / ({total} > 0)")


def _declared(slo: Slo) -> Iterator[Recording]:
    yield _recorded(slo, records.OBJECTIVE, f"vector({text(1 - slo.budget)})")
    yield _recorded(slo, records.ERROR_BUDGET, f"vector({text(slo.budget)})")
    yield _recorded(slo, records.TIME_PERIOD, f"vector({slo.window_days})")
    told = {"objective": text((1 - slo.budget) * 100), "severity": slo.severity.value}
    yield _recorded(slo, records.INFO, "vector(1)", {**told, "audience": slo.audience.value})


def _left(slo: Slo) -> Iterator[Recording]:
    burnt = _budgets(slo, records.error_ratio(slo.window_s))
    yield _recorded(slo, records.PERIOD_BURN_RATE, burnt)
    for period, seconds in slo.periods.items():
        label = {"period": period}
        minutes = text(slo.budget_minutes(seconds))
        yield _recorded(slo, records.ERROR_BUDGET_MINUTES, f"vector({minutes})", label)
        left = f"1 - {_budgets(slo, records.error_ratio(seconds))}"
        yield _recorded(slo, records.REMAINING, left, label)
        remaining = of(records.REMAINING, slo.name, period=period)
        yield _recorded(slo, records.REMAINING_MINUTES, f"{remaining} * {minutes}", label)


def _budgets(slo: Slo, record: str) -> str:
    """A share of failures, in budgets."""
    return f"{of(record, slo.name)} / {text(slo.budget)}"


def _recorded(slo: Slo, record: str, expr: str, labels: Mapping[str, str] | None = None) -> Recording:
    own = {"slo": slo.name, "owner": slo.owner}
    return Recording(record=record, expr=expr, labels={**own, **(labels or {})})
