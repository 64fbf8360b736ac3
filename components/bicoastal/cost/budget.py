"""What an environment may cost."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import NotRequired, TypedDict

import pulumi

from ..checks import cost as checks
from ..checks.problem import Problem
from ..checks.rules import NAME
from ..settings import setting

GROWTH_PERCENT = 30.0


class EnvironmentBudgetArgs(TypedDict):
    """What one environment may cost."""

    name: str
    """The environment, as its resources' tag says it: 1 to 40 lower-case letters, digits and hyphens."""
    monthly_limit: pulumi.Input[float]
    """What it may cost in a month, 0.01 to 1000000000 of the currency."""
    last_year_amount: NotRequired[pulumi.Input[float]]
    """What it cost in the whole last year, in the same range. Default: unknown, and it has no yearly
    budget."""
    growth_percent: NotRequired[pulumi.Input[float]]
    """How much more this year may cost than the last, 0 to 1000 percent. Default: 30."""


@dataclass(frozen=True, kw_only=True)
class EnvironmentBudget:
    """What one environment may cost, checked."""

    name: str = setting(NAME)
    monthly_limit: pulumi.Input[float] = setting(checks.AMOUNT)
    last_year_amount: pulumi.Input[float] | None = setting(checks.AMOUNT, default=None)
    growth_percent: pulumi.Input[float] = setting(checks.PERCENT, default=GROWTH_PERCENT)

    @property
    def grows(self) -> bool:
        """Whether last year's amount is known, so that the growth has a limit."""
        return self.last_year_amount is not None

    @property
    def limits(self) -> pulumi.Output[dict[str, float]]:
        """The limits and what they are computed from."""
        monthly = pulumi.Output.from_input(self.monthly_limit)
        if not self.grows:
            return monthly.apply(lambda limit: {"monthly": limit})
        return pulumi.Output.all(monthly, self.last_year_amount, self.growth_percent).apply(
            lambda known: {
                "monthly": known[0],
                "last_year": known[1],
                "growth_percent": known[2],
                "yearly": checks.yearly_limit(known[1], known[2]),
            }
        )

    def problems(self) -> Iterator[Problem]:
        """What is wrong between the fields."""
        last, growth = self.last_year_amount, self.growth_percent
        if isinstance(last, int | float) and isinstance(growth, int | float):
            yearly = checks.yearly_limit(last, growth)
            yield from checks.month_within_year("monthly_limit", self.monthly_limit, yearly)
