"""Whether all copies hold the same.

Copies are physical: on one timeline, at one position, they are equal byte by byte, and checksums watch the
bytes. So what is compared is timeline, position, and, against what both would hide, the databases' sizes.
Counts of rows tell nothing here: each member keeps statistics of its own, and a copy's stay at 0.
"""

from functools import partial

from ..rules import Alert, RuleGroup
from .cause import LOGS, cause
from .patroni import LIST
from .thresholds import Thresholds

PART = "consistency"
_cause = partial(cause, part=PART)


def consistency(t: Thresholds) -> RuleGroup:
    """Rules on what the copies hold."""
    return RuleGroup(name=PART, rules=[_timelines(), _apart(t), _sizes(t)])


def _patroni(metric: str, place: str) -> str:
    member = f"{place}-postgres-1"
    return (
        f'{metric}{{scope="main", name="{member}", member="{member}", instance="{member}:8008", '
        f'job="patroni", place="{place}"}}'
    )


def _timelines() -> Alert:
    timeline = "patroni_postgres_timeline"
    return _cause(
        "PostgresTimelinesDiffer",
        expr=f"max by (scope) ({timeline}) - min by (scope) ({timeline} > 0) > 0",
        hold_s=300,
        summary="Members of Postgres are on different timelines",
        description="{{ $labels.scope }} has members {{ $value }} timelines apart, for 5 min.",
        means="One did not follow the last promotion. What it holds may differ from the primary's data.",
        look=[LIST, f"{LOGS} Of the member with the smaller number in the column TL."],
        act=["It rewinds by itself; if it cannot: `patronictl reinit main MEMBER`."],
        given={_patroni(timeline, "east"): "1x20 2x400", _patroni(timeline, "west"): "1x420"},
        fires=[{"scope": "main"}],
        otherwise={_patroni(timeline, "west"): "1x24 2x400"},
    )


def _apart(t: Thresholds) -> Alert:
    primary, replayed = "patroni_xlog_location", "patroni_xlog_replayed_location"
    best = f"max by (scope, place) ({replayed} > 0)"
    ahead = f"max by (scope) ({primary})"
    # A place with the primary has nothing to catch up.
    without = "unless on (scope, place) max by (scope, place) (patroni_primary) == 1"
    return _cause(
        "RegionsApart",
        expr=f"({ahead} - on (scope) group_right () ({best} {without})) > {t.lag_bytes}",
        hold_s=120,
        summary="Region {{ $labels.place }} lacks data",
        description="Its best copy is {{ $value | humanize1024 }}B of WAL behind the primary, for 2 min.",
        means="That much would be lost with the primary's region unless commits wait for the other one.",
        look=[LIST, "Dashboard failover: positions of all members."],
        act=["As PostgresBytesBehind. Do not switch over before it is small."],
        given={
            _patroni(primary, "east"): f"{10 * t.lag_bytes}x400",
            _patroni("patroni_primary", "east"): "1x400",
            _patroni("patroni_primary", "west"): "0x400",
            _patroni(replayed, "west"): f"{8 * t.lag_bytes}x400",
        },
        fires=[{"scope": "main", "place": "west"}],
        otherwise={_patroni(replayed, "west"): f"{9.5 * t.lag_bytes:.0f}x400"},
    )


def _sizes(t: Thresholds) -> Alert:
    size = 'pg_database_size_bytes{datname!~"template.*|postgres"}'

    def of(place: str) -> str:
        member = f"{place}-postgres-1"
        labels = f'member="{member}", instance="{member}:9187", job="postgres", place="{place}"'
        return f'pg_database_size_bytes{{datname="application", {labels}}}'

    return _cause(
        "PostgresSizesDiffer",
        expr=f"max by (datname) ({size}) / (min by (datname) ({size}) > 0) - 1 > {t.size_apart:g}",
        hold_s=1800,
        summary="Copies of database {{ $labels.datname }} differ in size",
        description="By {{ $value | humanizePercentage }}, for half an hour.",
        means="A copy lacks something, or holds what was removed: it is late, or its files are damaged.",
        look=[LIST, "In each member's container: `psql`, `SELECT pg_database_size('application')`."],
        act=["Is it late, wait. Else compare the tables' sizes, and `patronictl reinit main MEMBER`."],
        given={of("east"): "1e9x400", of("west"): f"{1e9 / (1 + 2 * t.size_apart):.0f}x400"},
        fires=[{"datname": "application"}],
        otherwise={of("west"): f"{1e9 / (1 + t.size_apart / 2):.0f}x400"},
    )
