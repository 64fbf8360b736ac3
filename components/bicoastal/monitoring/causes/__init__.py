"""Alerts on causes, for every part: tickets with a runbook, beside the objectives, which page."""

from .certificates import ENDS_NOW, certificate_ends
from .consensus import VOTERS_MISSING
from .edge import ADDRESS_DOWN, OUTAGE_PATH, REGION_LOST, WITNESS_LOST, outage_page_s
from .groups import cause_alerts, cause_groups
from .hosts import HOST_DOWN, NODE_EXPORTER_DOWN
from .overview import overview
from .parts import CLUSTERS, Parts
from .patroni import NO_PRIMARY, TWO_PRIMARIES
from .prometheus import WATCHDOG
from .sentinels import REPLICAS_MISSING, SENTINELS_MISSING
from .threshold_args import ThresholdsArgs
from .thresholds import Thresholds

__all__ = [
    "ADDRESS_DOWN",
    "CLUSTERS",
    "ENDS_NOW",
    "HOST_DOWN",
    "NODE_EXPORTER_DOWN",
    "NO_PRIMARY",
    "OUTAGE_PATH",
    "REGION_LOST",
    "REPLICAS_MISSING",
    "SENTINELS_MISSING",
    "TWO_PRIMARIES",
    "VOTERS_MISSING",
    "WATCHDOG",
    "WITNESS_LOST",
    "Parts",
    "Thresholds",
    "ThresholdsArgs",
    "cause_alerts",
    "cause_groups",
    "certificate_ends",
    "outage_page_s",
    "overview",
]
