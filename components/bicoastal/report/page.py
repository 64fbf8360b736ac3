"""The report as one page of HTML, which needs nothing but itself."""

from ..monitoring.objectives.incidents import OPENED_BY
from ..templates import render
from . import words
from .charts import of_endpoints, of_incidents, of_objective
from .period import moment
from .questions import WATCHED
from .report import Report


def page(report: Report) -> str:
    """What `--format html` prints."""
    by_name = {each.slo: each for each in report.objectives}
    return render(
        "bicoastal.report",
        "report.html.j2",
        report=report,
        words=words,
        moment=moment,
        firing=OPENED_BY,
        watched=WATCHED,
        held={name: of_objective(each) for name, each in by_name.items()},
        endpoints=of_endpoints(report.endpoints),
        incidents=of_incidents(report.incidents),
    )
