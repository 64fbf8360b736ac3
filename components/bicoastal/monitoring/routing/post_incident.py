"""The page that is written after an incident, while those who were there remember."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from ...templates import render

DUE = timedelta(hours=24)
"""After the incident's end."""
_BLANK = "..."


@dataclass(frozen=True, kw_only=True)
class Incident:
    """What is known of an incident before anybody writes."""

    title: str
    paged: datetime
    ended: datetime | None = None
    """When the page was resolved; None while it lasts."""
    messages: Sequence[str] = field(default_factory=list)
    """What was told meanwhile, a line each with its time."""


def post_incident_page(incident: Incident | None = None) -> str:
    """The page in Markdown with what is known filled in; without an incident the blank form."""
    ended = incident.ended if incident else None
    return render(
        "bicoastal.monitoring.routing",
        "post_incident.md.j2",
        title=incident.title if incident else _BLANK,
        paged=_written(incident.paged) if incident else _BLANK,
        ended=_written(ended) if ended else _BLANK,
        lasted=f"{(ended - incident.paged).total_seconds() / 60:.0f} min" if incident and ended else _BLANK,
        due=_written(ended + DUE) if ended else f"{DUE.total_seconds() / 3600:.0f} h after the end",
        messages=incident.messages if incident else [],
    )


def _written(moment: datetime) -> str:
    return f"{moment:%Y-%m-%d %H:%M:%S} UTC"
