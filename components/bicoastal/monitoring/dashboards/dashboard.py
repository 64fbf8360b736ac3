"""A dashboard out of rows of panels, and its text, the same for the same dashboard."""

from collections.abc import Sequence
from dataclasses import dataclass

from grafana_foundation_sdk.builders import stat, statetimeline, timeseries
from grafana_foundation_sdk.builders.dashboard import Dashboard, DashboardLink
from grafana_foundation_sdk.builders.dashboard import Row as Heading
from grafana_foundation_sdk.cog.encoder import JSONEncoder
from grafana_foundation_sdk.models.dashboard import DashboardCursorSync, DashboardLinkType

from .variables import variables

COLUMNS = 24
"""The width of Grafana's grid."""
TAG = "bicoastal"
"""By which the dashboards find each other."""
ONE_REGION = (
    "Each region's Prometheus sees its own region and the witness; choose the other as the data source."
)
AnyPanel = stat.Panel | statetimeline.Panel | timeseries.Panel


@dataclass(frozen=True)
class Row:
    """Panels under one heading, line by line; those of a line share its width evenly."""

    title: str
    lines: Sequence[Sequence[AnyPanel]]


def dashboard(uid: str, title: str, description: str, jobs: Sequence[str], rows: Sequence[Row]) -> str:
    """The JSON that Grafana is provisioned with. `jobs` are those whose series it shows."""
    made = (
        Dashboard(title)
        .uid(uid)
        .description(description)
        .tags([TAG])
        .readonly()
        .timezone("utc")
        .time("now-6h", "now")
        .refresh("30s")
        .tooltip(DashboardCursorSync.CROSSHAIR)
        .variables(variables(jobs))
        .link(_others())
    )
    for row in rows:
        made.with_row(Heading(row.title))
        for line in row.lines:
            for panel in line:
                made.with_panel(panel.span(COLUMNS // len(line)))
    return JSONEncoder(sort_keys=True, indent=2).encode(made.build()) + "\n"


def _others() -> DashboardLink:
    return (
        DashboardLink("Dashboards")
        .type(DashboardLinkType.DASHBOARDS)
        .tags([TAG])
        .as_dropdown(True)
        .include_vars(True)
        .keep_time(True)
    )
