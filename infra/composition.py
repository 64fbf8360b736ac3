"""One composition for all environments: what differs between them is data."""

import pulumi

from bicoastal import TwoRegionStack

from .settings import read_settings


def compose() -> TwoRegionStack:
    """Declare SmellPin's stack and export what people and drills ask for."""
    stack = TwoRegionStack("smellpin", read_settings())
    pulumi.export("http_addresses", stack.http_addresses)
    pulumi.export("failover_budget", stack.failover_budget)
    pulumi.export("promotion", stack.promotion)
    return stack
