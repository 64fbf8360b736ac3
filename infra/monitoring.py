"""All that watches SmellPin, as data."""

from bicoastal.monitoring.dashboards.all import dashboards
from bicoastal.monitoring.generated import Monitoring
from bicoastal.monitoring.objectives import groups, incident_groups, objectives, page_heads
from bicoastal.monitoring.routing.pages import pages

from .objectives import SLOS

RUNBOOKS = "https://github.com/smellpin/smellpin-infra/blob/main/docs/runbooks"


def monitoring() -> Monitoring:
    """The rules with their tests and runbooks, and the dashboards."""
    slos = objectives(SLOS)
    return Monitoring(
        runbooks=RUNBOOKS,
        rules={**{f"slo-{slo.name}": groups(slo) for slo in slos}, "incidents": incident_groups()},
        page_heads=page_heads(slos),
        pages=pages(),
        dashboards=dashboards(slos),
    )
