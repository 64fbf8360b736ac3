"""All that watches SmellPin, as data."""

from bicoastal.monitoring.causes import Parts, Thresholds, cause_alerts, cause_groups, overview
from bicoastal.monitoring.dashboards.all import dashboards
from bicoastal.monitoring.generated import Monitoring
from bicoastal.monitoring.objectives import groups, incident_groups, objectives, page_heads
from bicoastal.monitoring.routing.pages import pages

from .objectives import SLOS
from .rules import CAUSES, RUNBOOKS

DEPLOYED = Parts(grafana=True, logs=True, containers=True, tracing=True, buckets=True)
"""What there is in any environment. Each is given the rules on what it has itself (`infra/rules.py`)."""


def monitoring() -> Monitoring:
    """The rules with their tests and runbooks, and the dashboards."""
    slos = objectives(SLOS)
    return Monitoring(
        runbooks=RUNBOOKS,
        rules={
            **{f"slo-{slo.name}": groups(slo) for slo in slos},
            "incidents": incident_groups(),
            **{f"{CAUSES}{group.name}": [group] for group in cause_groups(Thresholds(), DEPLOYED)},
        },
        page_heads=page_heads(slos),
        pages=pages(),
        overview=overview(cause_alerts(Thresholds(), DEPLOYED)),
        dashboards=dashboards(slos),
    )
