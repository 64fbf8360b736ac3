"""The runbooks' pages that belong to no alert: who is paged when, and what is written afterwards."""

from .escalation import LEVELS, table
from .post_incident import post_incident_page

ESCALATION = "escalation.md"
POST_INCIDENT = "post-incident.md"


def pages() -> dict[str, str]:
    """Each page's text by its name in the folder of runbooks."""
    return {ESCALATION: _escalation_page(), POST_INCIDENT: post_incident_page()}


def _escalation_page() -> str:
    return f"""# Escalation

A page goes to PagerDuty. Whoever is paged acknowledges and takes over, or the next level is paged as well.
All times count from the page.

{table()}

- Acknowledge only what you work on: it stops the clock for everybody.
- Pull in the next level before its time whenever you are stuck, data may be lost or users ask.
- After {LEVELS[-1].until_min} minutes without anybody it begins again with the first level.
- When it is over, write the [post-incident page]({POST_INCIDENT}); it is due 24 hours after the end.
"""
