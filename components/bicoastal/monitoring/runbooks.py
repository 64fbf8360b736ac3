"""What to do when an alert fires: a page for each part, a section for each alert."""

from dataclasses import dataclass
from typing import TypedDict

from ..checks.monitoring import STEPS
from ..settings import setting


class RunbookArgs(TypedDict):
    """What somebody who was just woken needs, in the order in which they need it. Markdown."""

    means: str
    """What has happened, and what users feel."""
    look: list[str]
    """Where to look, one step each, with the command."""
    act: list[str]
    """What to do, one step each."""


@dataclass(frozen=True, kw_only=True)
class Runbook:
    """See `RunbookArgs`, checked where it is read from one."""

    means: str = setting(STEPS)
    look: list[str] = setting(STEPS)
    act: list[str] = setting(STEPS)


def link(runbooks: str, part: str, alert: str) -> str:
    """The address of an alert's section, `runbooks` being the address of the folder of pages."""
    return f"{runbooks.rstrip('/')}/{part}.md#{alert.lower()}"


def section(alert: str, severity: str, runbook: Runbook) -> str:
    """The Markdown of an alert's section; its anchor is the alert's name in lower-case letters."""
    steps = [
        *("", "Look:", ""),
        *(f"{number}. {step}" for number, step in enumerate(runbook.look, 1)),
        *("", "Act:", ""),
        *(f"{number}. {step}" for number, step in enumerate(runbook.act, 1)),
    ]
    return "\n".join([f"## {alert}", "", f"Severity: {severity}.", "", runbook.means, *steps, ""])
