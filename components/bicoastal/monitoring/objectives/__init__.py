"""Service level objectives: one declaration gives what is recorded, the alerts with their runbooks and tests,
and the names that dashboards and reports ask for."""

from .compiler import groups
from .incidents import incident_groups
from .indicator import CountersArgs, LatencyArgs, ProbesArgs
from .pages import page_heads
from .slo import Slo, SloArgs, objectives

__all__ = [
    "CountersArgs",
    "LatencyArgs",
    "ProbesArgs",
    "Slo",
    "SloArgs",
    "groups",
    "incident_groups",
    "objectives",
    "page_heads",
]
