"""What the environment may cost at AWS."""

import pulumi
import pulumi_aws as aws

from bicoastal import CostGuard

from .cloud import NAME, tags_of
from .groups import Costs
from .settings import Environment

MONTHS = 12


def add_costs(environment: Environment, costs: Costs, provider: aws.Provider) -> CostGuard:
    """A monthly limit, a year's growth, and a watch for costs that nobody expected."""
    sizes = environment.groups.sizes
    # A first year has none before it: what twelve months at the limit grew from.
    first_year = round(MONTHS * sizes.monthly_limit / (1 + sizes.growth_percent / 100), 2)
    return CostGuard(
        f"{NAME}-costs",
        {
            "environments": [
                {
                    "name": environment.name,
                    "monthly_limit": sizes.monthly_limit,
                    "last_year_amount": costs.last_year_amount or first_year,
                    "growth_percent": sizes.growth_percent,
                }
            ],
            "email_addresses": [*costs.emails],
            "cost_allocation_tags": ["project"],
            "activate_tags": costs.activate_tags,
            "tags": tags_of(environment),
        },
        pulumi.ResourceOptions(providers=[provider]),
    )
