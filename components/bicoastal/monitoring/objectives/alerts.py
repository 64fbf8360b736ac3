"""The alerts of an objective, each with its runbook and its trials."""

from dataclasses import replace
from decimal import ROUND_CEILING, Decimal

from ..durations import duration
from ..rules import EVALUATION_S, Alert
from ..runbooks import Runbook
from ..severity import Severity
from . import records, trials
from .burn import BurnRate, text
from .recordings import tiles_that_must_be_known
from .records import of
from .slo import Slo

ABSENT_SHARE = Decimal("0.01")
"""Of the error budget: what may burn unseen before somebody hears that nothing is measured."""


def alerts(slo: Slo) -> list[Alert]:
    """Every alert of an objective."""
    return [*(_burns(slo, rate) for rate in slo.burn_rates), _is_not_measured(slo)]


def exhausts_in(slo: Slo, rate: BurnRate) -> str:
    """How long the whole budget lasts at this rate, such as `50h`."""
    hours = Decimal(slo.window_s) / rate.factor / 3600
    return f"{int(hours.to_integral_value())}h"


def _burns(slo: Slo, rate: BurnRate) -> Alert:
    threshold = text(slo.threshold(rate))
    long, short = (of(records.error_ratio(seconds), slo.name) for seconds in (rate.long_s, rate.short_s))
    asked = of(records.total(rate.long_s), slo.name)
    window, lasts = duration(rate.long_s), exhausts_in(slo, rate)
    needed = tiles_that_must_be_known(rate)
    known = f" and {of(records.tiles(rate.long_s), slo.name)} >= {needed}" if needed else ""
    severity = rate.severity if slo.pages else Severity.WARNING
    return Alert(
        name=f"{_camel(slo.name)}BudgetBurn{window}",
        expr=(
            f"{long} > {threshold} and {short} > {threshold}"
            f" and {asked} * {rate.long_s} >= {slo.minimum_requests}{known}"
        ),
        severity=severity,
        part=slo.page,
        audience=slo.audience,
        labels={
            **slo.labels,
            "window": window,
            "factor": text(rate.factor),
            "exhausts_in": lasts,
        },
        summary=f"{_title(slo)}: at the rate of the last {window} its error budget is gone in {lasts}",
        description=(
            f"{{{{ $value | humanizePercentage }}}} failed over the last {window}, and still more than "
            f"{text(slo.threshold(rate) * 100)} % over the last {duration(rate.short_s)}. Over "
            f"{slo.window_days} days {text(slo.budget * 100)} % may."
        ),
        runbook=_told(slo, rate, window, lasts),
        firing=trials.burns(slo, rate),
        quiet=trials.stays_below(slo, rate),
        also_quiet=[
            *trials.few(slo, rate),
            *trials.tells_windows_apart(slo, rate),
            *trials.begins(slo, rate),
        ],
    )


def _told(slo: Slo, rate: BurnRate, window: str, lasts: str) -> Runbook:
    means = (
        f"{slo.runbook.means} {text(rate.factor)} times as much fails as the objective of "
        f"{text((1 - slo.budget) * 100)} % allows: more than {text(slo.threshold(rate) * 100)} % over the "
        f"last {window} and over the last {duration(rate.short_s)}. Going on like this, the budget of "
        f"{slo.window_days} days is gone in {lasts}."
    )
    return replace(slo.runbook, means=means)


def _is_not_measured(slo: Slo) -> Alert:
    hold_s = absent_after_s(slo)
    fixed = slo.presence.fixed
    return Alert(
        name=f"{_camel(slo.name)}NotMeasured",
        expr=f"absent({slo.presence})",
        severity=Severity.WARNING,
        part=slo.page,
        audience=slo.audience,
        labels={**slo.labels, "slo": slo.name, "owner": slo.owner},
        summary=f"{slo.title or slo.name}: nothing is measured",
        description=(
            f"There has been no {slo.presence.metric} for {duration(hold_s)}, in which an outage uses up "
            f"{text(ABSENT_SHARE * 100)} % of the error budget: whether the objective is met is not known."
        ),
        hold_s=hold_s,
        runbook=Runbook(
            means=f"No series answers `{slo.presence}`. An outage would not be seen by this objective.",
            look=[
                "Prometheus' page of targets: is what exposes the metric found, and does it answer?",
                f"`{slo.presence}` in Prometheus: when was the last value?",
            ],
            act=[
                "Bring back what exposes the metric, or the way to it.",
                "Where the metric has another name now, declare the objective anew.",
            ],
        ),
        firing=trials.goes_away(slo, hold_s, fixed),
        quiet=trials.is_there(slo, hold_s),
    )


def absent_after_s(slo: Slo) -> int:
    """Seconds in which a total outage uses up 1 % of the budget, as a multiple of an evaluation."""
    seconds = slo.budget * slo.window_s * ABSENT_SHARE
    return int((seconds / EVALUATION_S).to_integral_value(ROUND_CEILING)) * EVALUATION_S


def _title(slo: Slo) -> str:
    shown = "".join(f" {{{{ $labels.{label} }}}}" for label in slo.group_by)
    return f"{slo.title or slo.name}{shown}"


def _camel(name: str) -> str:
    return "".join(word.capitalize() for word in name.split("-"))
