"""What reads the containers' logs on each host."""

from enum import Enum


class Collector(Enum):
    """What reads the containers' logs on each host, and ships them to its region's Loki."""

    ALLOY = "alloy"
    """Grafana Alloy, which tells of the containers, too."""
    PROMTAIL = "promtail"
    """Promtail, for who still has it: past its end of life since 2026-03-02, so nobody mends it."""


PROMTAIL_IS_OVER = (
    "Promtail is past its end of life since 2026-03-02: nobody mends it. Take logs.collector out of the "
    "settings, give the image of Grafana Alloy, and apply: docs/logs.md says what changes"
)
"""What whoever declares it is told."""
