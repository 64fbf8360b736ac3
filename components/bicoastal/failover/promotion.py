"""Promotion by a person, where nothing promotes by itself."""

from .term import Term

MANUAL_PROMOTION_MINUTES = 15.0
"""Minutes until a person has promoted the other region: assumed, the usual goal for a page that is answered
and carried out. AWS publishes no figure for its part in it: promoting a read replica reboots it and takes
"several minutes or longer, depending on the size" (RDS User Guide, "Promoting a read replica to be a
standalone DB instance")."""


def by_hand(minutes: float, why: str, source: str, change: str) -> Term:
    """The term of a promotion that a person carries out within `minutes`. How long it takes on average nobody
    knows; the declared time counts for both."""
    return Term(
        name="promotion",
        seconds=minutes * 60,
        average_s=minutes * 60,
        arithmetic=f"by hand, {why}: {minutes:g} minutes",
        source=source,
        change=change,
    )
