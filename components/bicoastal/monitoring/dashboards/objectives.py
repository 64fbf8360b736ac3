"""The rows about objectives: how well each is held, how fast its budget burns, and what is left of it."""

from typing import Protocol

from ..durations import duration
from ..severity import Audience
from .dashboard import Row
from .panels import BAD, DOUBTFUL, GOOD, lines, numbers
from .records import BUDGET_LEFT, BURN_RATE, sli_error

_BURNS = ((1, DOUBTFUL), (6, BAD), (14.4, BAD))
"""Over these factors of what the budget allows, an alert begins to count."""
_LEFT = ((0, DOUBTFUL), (0.25, GOOD))


class Objective(Protocol):
    """What a row needs to know of an objective."""

    @property
    def name(self) -> str:
        """As in the label `slo`."""

    @property
    def title(self) -> str:
        """It in a few words, if it has any."""

    @property
    def group_by(self) -> list[str]:
        """The labels by each of whose values it holds, such as `route`."""

    @property
    def window_s(self) -> int:
        """The seconds that it is over."""

    @property
    def audience(self) -> Audience:
        """Whom it concerns."""


def row_of(slo: Objective) -> Row:
    """How one objective is held."""
    of_it, title = f'{{slo="{slo.name}"}}', slo.title or slo.name
    group = "".join(f"{{{{{label}}}}} " for label in slo.group_by)
    window = duration(slo.window_s)
    held = numbers(
        f"Held: {title}",
        f"The share of what was good, over the last five minutes and over the window of {window}.",
        "percentunit",
        {f"{group}{span}": f"1 - {sli_error(span)}{of_it}" for span in ("5m", window)},
    )
    left = numbers(
        f"Error budget left: {title}",
        "Of what may fail in a day, a week and a month. Under zero the objective is missed.",
        "percentunit",
        {f"{group}{{{{period}}}}": f"{BUDGET_LEFT}{of_it}"},
        below=BAD,
        steps=_LEFT,
    )
    burn = lines(
        f"Burn rate: {title}",
        f"How many times faster than allowed the budget burns: at 1 it lasts for {window}.",
        "none",
        {group.strip() or "burn rate": f"{BURN_RATE}{of_it}"},
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
