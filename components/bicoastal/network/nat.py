"""How private hosts reach the internet."""

from enum import Enum


class NatMode(Enum):
    """Where NAT gateways stand. Nobody comes in through one."""

    PER_ZONE = "per_zone"
    """One in each zone: a lost zone takes nobody else's way out. Default."""
    SINGLE = "single"
    """One in the first zone, for all: a third of the price, and the zone's loss cuts off the others."""
    NONE = "none"
    """No way out but the endpoints: images must come from ECR, packages from S3."""
