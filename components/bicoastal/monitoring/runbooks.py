"""What to do when an alert fires: a page for each part, a section for each alert."""

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class Runbook:
    """What somebody who was just woken needs, in the order in which they need it. Markdown."""

    means: str
    """What has happened, and what users feel."""
    look: Sequence[str]
    """Where to look, one step each, with the command."""
    act: Sequence[str]
    """What to do, one step each."""


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
