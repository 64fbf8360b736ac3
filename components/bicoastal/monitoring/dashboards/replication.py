"""The panels about Postgres' members that more than one dashboard shows."""

from grafana_foundation_sdk.builders import statetimeline, timeseries

from .panels import DOUBTFUL, lines, states
from .queries import select

_MUCH = 16 * 2**20
"""A file of the log."""


def primary() -> statetimeline.Panel:
    """Who takes writes, over time."""
    return states(
        "Primary",
        "Which of this region's members of Postgres takes writes, if any. Never two at one time.",
        {"{{member}}": select("patroni_primary")},
    )


def behind() -> timeseries.Panel:
    """What each standby has not replayed yet."""
    lag = select("pg_stat_replication_pg_wal_lsn_diff")
    return lines(
        "Behind the primary",
        "What would be lost if the standby were promoted now: its distance from what the primary wrote.",
        "bytes",
        {"{{application_name}}": f"max by (application_name) ({lag})"},
        steps=[(_MUCH, DOUBTFUL)],
    )
