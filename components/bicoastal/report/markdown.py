"""The report as Markdown."""

from ..monitoring.objectives.incidents import OPENED_BY
from ..plan.changes.markdown import cell, code
from ..templates import render
from . import words
from .period import moment
from .questions import WATCHED
from .report import Report


def markdown(report: Report) -> str:
    """What `--format markdown` prints."""
    return render(
        "bicoastal.report",
        "report.md.j2",
        report=report,
        words=words,
        moment=moment,
        query=lambda text: cell(code(text)),
        firing=OPENED_BY,
        watched=WATCHED,
    )
