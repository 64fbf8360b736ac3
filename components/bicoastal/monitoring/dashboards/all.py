"""All dashboards, as the files that Grafana reads."""

from collections.abc import Mapping, Sequence

from ..objectives import Slo
from ..severity import Audience
from .api_performance import api_performance
from .business_metrics import business_metrics
from .failover import failover
from .postgres import postgres
from .system_overview import system_overview

POSTGRES = "postgres"


def dashboards(slos: Sequence[Slo]) -> Mapping[str, str]:
    """The text of each file by its name; an objective has its row where those look whom it concerns."""
    business = [slo for slo in slos if slo.audience is Audience.BUSINESS]
    database = [slo for slo in slos if slo not in business and slo.part == POSTGRES]
    api = [slo for slo in slos if slo not in business and slo not in database]
    return {
        "system-overview.json": system_overview(),
        "api-performance.json": api_performance(api),
        "business-metrics.json": business_metrics(business),
        "postgres.json": postgres(database),
        "failover.json": failover(),
    }
