"""The zone that something at the edge belongs to."""

from dataclasses import dataclass
from typing import TypedDict

import pulumi

from ..checks.edge import ACCOUNT, DOMAIN
from ..settings import setting
from .plan import EdgePlan


class ZoneReferenceArgs(TypedDict):
    """A zone that is there or is being made: `EdgeZone.reference` gives one."""

    account_id: pulumi.Input[str]
    """The account's id, 32 hexadecimal digits."""
    zone_id: pulumi.Input[str]
    """The zone's id. A change replaces all that is in it."""
    domain: str
    """The zone's name, such as `example.com`."""
    plan: EdgePlan
    """The zone's plan: `free`, `pro`, `business` or `enterprise`. It decides what is allowed."""


@dataclass(frozen=True, kw_only=True)
class ZoneReference:
    """A zone, checked."""

    account_id: pulumi.Input[str] = setting(ACCOUNT)
    zone_id: pulumi.Input[str]
    domain: str = setting(DOMAIN)
    plan: EdgePlan
