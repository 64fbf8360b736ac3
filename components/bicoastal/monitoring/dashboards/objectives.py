"""The rows about objectives: how well each is held, how fast its budget burns, and what is left of it."""

from ..durations import duration
from ..objectives import Slo
from ..objectives.burn import BURN_RATES, MINUTE
from ..objectives.incidents import MTBF_LIMIT_S, MTTR_LIMIT_S
from ..objectives.records import CURRENT_BURN_RATE, INCIDENTS, MTBF, MTTR, REMAINING, error_ratio, of
from ..severity import Severity
from .dashboard import Row
from .panels import BAD, DOUBTFUL, GOOD, lines, numbers

_BURNS = [
    (float(rate.factor), BAD if rate.severity is Severity.CRITICAL else DOUBTFUL)
    for rate in reversed(BURN_RATES)
]
"""Over each of these factors of what the budget allows, an alert begins to count."""
_LEFT = ((0, DOUBTFUL), (0.25, GOOD))


def row_of(slo: Slo) -> Row:
    """How one objective is held."""
    title = slo.title or slo.name
    group = "".join(f"{{{{{label}}}}} " for label in slo.group_by)
    window = duration(slo.window_s)
    spans = (5 * MINUTE, slo.window_s)
    held = numbers(
        f"Held: {title}",
        f"The share of what was good, over the last five minutes and over the window of {window}.",
        "percentunit",
        {f"{group}{duration(span)}": f"1 - {of(error_ratio(span), slo.name)}" for span in spans},
    )
    left = numbers(
        f"Error budget left: {title}",
        "Of what may fail in a day, a week and a month. Under zero the objective is missed.",
        "percentunit",
        {f"{group}{{{{period}}}}": of(REMAINING, slo.name)},
        below=BAD,
        steps=_LEFT,
    )
    burn = lines(
        f"Burn rate: {title}",
        f"How many times faster than allowed the budget burns: at 1 it lasts for {window}.",
        "none",
        {group.strip() or "burn rate": of(CURRENT_BURN_RATE, slo.name)},
        steps=_BURNS,
    )
    return Row(f"Objective: {title}", [[held, left, burn]])


def summary() -> Row:
    """All objectives at a glance, and which alerts are firing."""
    firing = numbers(
        "Alerts firing",
        "By severity: critical ones page, warnings are tickets.",
        "none",
        {"{{severity}}": 'count by (severity) (ALERTS{alertstate="firing"})'},
        steps=[(1, DOUBTFUL)],
    )
    left = numbers(
        "Error budget left this month",
        "The least of what each objective may still fail.",
        "percentunit",
        {"{{slo}}": f'min by (slo) ({REMAINING}{{period="month"}})'},
        below=BAD,
        steps=_LEFT,
    )
    burn = lines(
        "Burn rate",
        "How many times faster than allowed each objective's budget burns.",
        "none",
        {"{{slo}}": f"max by (slo) ({CURRENT_BURN_RATE})"},
        steps=_BURNS,
    )
    return Row("Objectives", [[firing, left, burn]])


def incidents() -> Row:
    """How often somebody was paged, and how long it took."""
    happened = numbers(
        "Incidents",
        "How many times pages began to fire in the last 90 days; those that overlap are one.",
        "none",
        {"incidents": INCIDENTS},
    )
    repaired = numbers(
        "Mean time to repair",
        "From the first page of an incident to the end of the last.",
        "s",
        {"MTTR": MTTR},
        steps=[(MTTR_LIMIT_S, BAD)],
    )
    between = numbers(
        "Mean time between incidents",
        "What was watched without one, for each; with none, all that was watched.",
        "s",
        {"MTBF": MTBF},
        below=DOUBTFUL,
        steps=[(MTBF_LIMIT_S, GOOD)],
    )
    return Row("Incidents", [[happened, repaired, between]])
