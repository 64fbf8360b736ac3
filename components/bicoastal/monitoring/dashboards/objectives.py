"""The rows about objectives: how well each is held, how fast its budget burns, and what is left of it."""

from collections.abc import Sequence
from typing import Protocol

from .dashboard import Row
from .panels import BAD, DOUBTFUL, GOOD, lines, numbers
from .records import BUDGET_LEFT, BURN_RATE, PERIODS, sli_error

_BURNS = ((1, DOUBTFUL), (6, BAD), (14.4, BAD))
"""Over these factors of what the budget allows, an alert begins to count."""
_PERIODS = "|".join(PERIODS)
_LEFT = ((0, DOUBTFUL), (0.25, GOOD))


class Objective(Protocol):
    """What a row needs to know of an SLO."""

    @property
    def name(self) -> str:
        """As in the label `slo`."""

    @property
    def grouping(self) -> Sequence[str]:
        """The labels that it is counted by, such as `route`."""


def row_of(slo: Objective) -> Row:
    """How one objective is held."""
    of_it = f'slo="{slo.name}"'
    group = " ".join(f"{{{{{label}}}}}" for label in slo.grouping)
    held = numbers(
        f"Held: {slo.name}",
        "The share of good events, of the last five minutes and of the whole window.",
        "percentunit",
        {
            f"{group} now".strip(): f"1 - {sli_error('5m')}{{{of_it}}}",
            f"{group} window".strip(): f"1 - {sli_error('30d')}{{{of_it}}}",
        },
    )
    left = numbers(
        f"Error budget left: {slo.name}",
        "Of what may fail in a day, a week and a month. Under zero the objective is missed.",
        "percentunit",
        {f"{group} {{{{period}}}}".strip(): f'{BUDGET_LEFT}{{{of_it}, period=~"{_PERIODS}"}}'},
        below=BAD,
        steps=_LEFT,
    )
    burn = lines(
        f"Burn rate: {slo.name}",
        "How many times faster than allowed the budget burns: at 1 it lasts exactly for the window.",
        "none",
        {group or "burn rate": f"{BURN_RATE}{{{of_it}}}"},
        steps=_BURNS,
    )
    return Row(f"Objective: {slo.name}", [[held, left, burn]])


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
        {"{{slo}}": f'min by (slo) ({BUDGET_LEFT}{{period="month"}})'},
        below=BAD,
        steps=_LEFT,
    )
    burn = lines(
        "Burn rate",
        "How many times faster than allowed each objective's budget burns.",
        "none",
        {"{{slo}}": f"max by (slo) ({BURN_RATE})"},
        steps=_BURNS,
    )
    return Row("Objectives", [[firing, left, burn]])
