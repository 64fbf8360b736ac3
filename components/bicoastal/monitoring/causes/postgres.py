"""Postgres, as postgres_exporter sees it from each member.

Traps of these figures: `pg_up` and a good scrape are two things, and each can fail alone; the lag in
seconds is 0 on the primary, and on a copy that is cut off and has replayed all that it has; slots of
standbys are kept by Patroni and are always inactive, so slots count on the primary only.
"""

from functools import partial

from ..rules import Alert, RuleGroup
from .cause import LOGS, STATUS, cause
from .parts import Parts
from .patroni import LIST
from .thresholds import Thresholds

PART = "postgres"
POSTGRES_UNREACHABLE = "PostgresUnreachable"
ON_PRIMARY = "and on (instance) pg_replication_is_replica == 0"
ON_COPY = "and on (instance) pg_replication_is_replica == 1"

_cause = partial(cause, part=PART)
_AT = {"member": "east-postgres-1", "instance": "10.0.0.1:9187", "job": "postgres", "place": "east"}
_TARGET = 'member="east-postgres-1", instance="10.0.0.1:9187", job="postgres", place="east"'
_WHO = "{{ $labels.member }} in {{ $labels.place }}"
_PSQL = "`psql` in the member's container asks what follows."
_PRIMARY = {f"pg_replication_is_replica{{{_TARGET}}}": "0x500"}
_COPY = {f"pg_replication_is_replica{{{_TARGET}}}": "1x500"}


def postgres(t: Thresholds, parts: Parts) -> RuleGroup:
    """Rules on each member."""
    return RuleGroup(
        name=PART,
        rules=[
            _unreachable(),
            *_scrapes(),
            *_lag(t),
            _copies_missing(parts),
            *_slots(t),
            _connections(t),
            *_transactions(t),
        ],
    )


def _unreachable() -> Alert:
    return _cause(
        POSTGRES_UNREACHABLE,
        expr='pg_up{job="postgres"} == 0',
        hold_s=60,
        summary=f"Postgres of {_WHO} lets its exporter not in",
        description="The exporter answers, but cannot connect, for 60 s.",
        means="It is down, full of connections, or refuses the exporter's password or certificate.",
        look=[STATUS, LIST, LOGS],
        act=["Is it down, see PostgresNotRunning; is it full, see PostgresConnectionsNearLimit."],
        given={f"pg_up{{{_TARGET}}}": "1x20 0x400"},
        fires=[_AT],
        otherwise={f"pg_up{{{_TARGET}}}": "1x20 0x2 1x400"},
    )


def _scrapes() -> list[Alert]:
    failed = f"pg_exporter_last_scrape_error{{{_TARGET}}}"
    collector = f'pg_scrape_collector_success{{collector="replication_slot", {_TARGET}}}'
    look = [f"{LOGS} Of the exporter."]
    return [
        _cause(
            "PostgresScrapeFails",
            expr="pg_exporter_last_scrape_error == 1",
            hold_s=300,
            summary=f"Figures of {_WHO} are missing",
            description="Queries of the exporter have failed for 5 min, though `pg_up` may say 1.",
            means="Alerts on this member's figures cannot fire.",
            look=look,
            act=["Give the exporter's role what it lacks (`GRANT pg_monitor TO ROLE` on the primary)."],
            given={failed: "0x20 1x400"},
            fires=[_AT],
            otherwise={failed: "0x20 1x10 0x400"},
        ),
        _cause(
            "PostgresCollectorFails",
            expr='pg_scrape_collector_success{collector=~"database|replication|replication_slot|'
            'long_running_transactions|stat_database|database_wraparound"} == 0',
            hold_s=600,
            summary=f"{{{{ $labels.collector }}}} of {_WHO} gives no figures",
            description="One of the exporter's collectors that alerts rest on fails.",
            means="Alerts on these figures cannot fire.",
            look=look,
            act=["As PostgresScrapeFails."],
            given={collector: "1x20 0x400"},
            fires=[{**_AT, "collector": "replication_slot"}],
            otherwise={collector: "1x400"},
        ),
    ]


def _lag(t: Thresholds) -> list[Alert]:
    slot = 'slot_name="west_postgres_1", database="", server="a:5433"'
    behind = f"pg_replication_slots_pg_wal_lsn_diff{{{slot}, {_TARGET}}}"
    seconds = f"pg_replication_lag_seconds{{{_TARGET}}}"
    look = [LIST, "Is the link between the regions slow? The peers' probes tell (`probe_duration_seconds`)."]
    act = [
        "Is it one copy: its disk and CPU, a long query on it, replay that is paused.",
        "Are all behind: the primary writes more than the link carries; find the bulk load.",
    ]
    return [
        _cause(
            "PostgresBytesBehind",
            expr=f"pg_replication_slots_pg_wal_lsn_diff > {t.lag_bytes} {ON_PRIMARY}",
            hold_s=300,
            summary="{{ $labels.slot_name }} is behind the primary {{ $labels.member }}",
            description="{{ $value | humanize1024 }}B of WAL have not reached its disk, for 5 min.",
            means="That much is lost if the primary is, and this copy takes its place.",
            look=look,
            act=act,
            given={**_PRIMARY, behind: f"{2 * t.lag_bytes}x400"},
            fires=[{**_AT, "slot_name": "west_postgres_1", "database": "", "server": "a:5433"}],
            # The same on a copy: Patroni keeps slots there, too.
            otherwise=_COPY,
        ),
        _cause(
            "PostgresSecondsBehind",
            expr=f"pg_replication_lag_seconds > {t.lag_s} {ON_COPY}",
            hold_s=120,
            summary=f"{_WHO} replays late",
            description="{{ $value | humanizeDuration }} behind, for 2 min.",
            means="Reads from it are old, and its promotion takes that much longer.",
            look=look,
            act=act,
            given={**_COPY, seconds: f"{2 * t.lag_s}x400"},
            fires=[_AT],
            otherwise=_PRIMARY,
        ),
    ]


def _copies_missing(parts: Parts) -> Alert:
    copies = parts.members - 1
    walsenders = [
        f'pg_stat_replication_pg_current_wal_lsn_bytes{{application_name="copy-{n}", client_addr="", '
        f'server="a:5433", slot_name="{n}", state="", {_TARGET}}}'
        for n in range(copies)
    ]
    counted = "count by (instance) (pg_stat_replication_pg_current_wal_lsn_bytes)"
    return _cause(
        "PostgresCopiesMissing",
        expr=f"(pg_replication_is_replica == 0) unless on (instance) {counted} >= {copies}",
        hold_s=600,
        summary=f"Not all copies follow the primary {_WHO}",
        description=f"Fewer than {copies} are connected to it, for 10 min.",
        means="Less is left to lose. The list says which one is missing.",
        look=[LIST, STATUS],
        act=["Bring the member back, see PostgresNotStreaming."],
        given={**_PRIMARY, **dict.fromkeys(walsenders, "1e9x20 stale")},
        fires=[_AT],
        otherwise=dict.fromkeys(walsenders, "1e9x400"),
    )


def _slots(t: Thresholds) -> list[Alert]:
    slot = 'slot_name="west_postgres_1", slot_type="physical"'
    at = {**_AT, "slot_name": "west_postgres_1"}
    safe = f"pg_replication_slot_safe_wal_size_bytes{{{slot}, {_TARGET}}}"
    most = f'pg_settings_max_slot_wal_keep_size_bytes{{server="a:5433", {_TARGET}}}'
    active = (
        f'pg_replication_slots_active{{slot_name="west_postgres_1", database="", server="a:5433", {_TARGET}}}'
    )
    lost = f'pg_replication_slot_wal_status{{wal_status="lost", {slot}, {_TARGET}}}'
    look = [LIST, _PSQL, "`SELECT slot_name, active, wal_status, safe_wal_size FROM pg_replication_slots`."]
    return [
        _cause(
            "PostgresSlotInactive",
            expr=f"pg_replication_slots_active == 0 {ON_PRIMARY}",
            hold_s=900,
            summary="Nobody reads slot {{ $labels.slot_name }} of the primary {{ $labels.member }}",
            description="For 15 min.",
            means="The primary keeps WAL for a member that does not come. Patroni drops the slot of one that "
            "stays away.",
            look=look,
            act=["Bring that member back.", "A slot of nobody: `SELECT pg_drop_replication_slot('NAME')`."],
            given={**_PRIMARY, active: "1x20 0x400"},
            fires=[{**at, "database": "", "server": "a:5433"}],
            otherwise=_COPY,
        ),
        _cause(
            "PostgresSlotFilling",
            expr="pg_replication_slot_safe_wal_size_bytes / on (instance) group_left () "
            f"(pg_settings_max_slot_wal_keep_size_bytes > 0) < {t.slot_left:g} {ON_PRIMARY}",
            hold_s=120,
            summary="Slot {{ $labels.slot_name }} of {{ $labels.member }} keeps more and more WAL",
            description="{{ $value | humanizePercentage }} of what it may keep is left.",
            means="At 0 the slot is given up, and its member must be copied anew. Until then the disk fills.",
            look=look,
            act=[
                "Bring that member back before it is too late.",
                "Or `patronictl reinit main MEMBER` later.",
            ],
            given={**_PRIMARY, safe: f"{1e9 * t.slot_left / 2:.0f}x400", most: "1e9x400"},
            fires=[{**at, "slot_type": "physical"}],
            otherwise={safe: "1.05e9x400"},
        ),
        _cause(
            "PostgresSlotLost",
            expr='pg_replication_slot_wal_status{wal_status="lost"} == 1',
            summary="Slot {{ $labels.slot_name }} of {{ $labels.member }} is lost",
            description="The WAL that its member needs is gone.",
            means="That member cannot follow any more.",
            look=look,
            act=["`patronictl reinit main MEMBER` copies it anew."],
            given={lost: "_x20 1x400"},
            fires=[{**at, "slot_type": "physical", "wal_status": "lost"}],
            otherwise={lost: "_x400"},
        ),
    ]


def _connections(t: Thresholds) -> Alert:
    by = "by (instance, member, place)"
    count = (
        'pg_stat_activity_count{application_name="", backend_type="client backend", datname="application", '
        'server="a:5433", state="idle", usename="application", wait_event="", wait_event_type="", '
        f"{_TARGET}}}"
    )
    at = {key: _AT[key] for key in ("member", "instance", "place")}
    return _cause(
        "PostgresConnectionsNearLimit",
        expr=f"sum {by} (pg_stat_activity_count) / (max {by} (pg_settings_max_connections) > 0) "
        f"> {t.connections_used:g}",
        hold_s=300,
        summary=f"{_WHO} runs out of connections",
        description="{{ $value | humanizePercentage }} are used, for 5 min.",
        means="At the limit the API gets no connection, and every request fails.",
        look=[_PSQL, "`SELECT usename, state, count(*) FROM pg_stat_activity GROUP BY 1, 2`."],
        act=[
            "Fewer tasks of the API, or smaller pools in them.",
            "End what is idle: `pg_terminate_backend(pid)`.",
        ],
        given={
            count: f"{50 * (t.connections_used + 1):.0f}x400",
            f'pg_settings_max_connections{{server="a:5433", {_TARGET}}}': "100x400",
        },
        fires=[at],
        otherwise={count: f"{50 * t.connections_used:.0f}x400"},
    )


def _transactions(t: Thresholds) -> list[Alert]:
    oldest = f"pg_long_running_transactions_oldest_timestamp_seconds{{{_TARGET}}}"
    deadlocks = f'pg_stat_database_deadlocks{{datid="16385", datname="application", {_TARGET}}}'
    age = f'pg_database_wraparound_age_datfrozenxid_seconds{{datname="application", {_TARGET}}}'
    return [
        _cause(
            "PostgresLongTransaction",
            # The exporter's name says timestamp; the figure is an age.
            expr=f"pg_long_running_transactions_oldest_timestamp_seconds > {t.transaction_s}",
            hold_s=60,
            summary=f"A transaction on {_WHO} does not end",
            description="It has been open for {{ $value | humanizeDuration }}.",
            means="Vacuum removes nothing since it began: tables grow, queries slow down, on every member.",
            look=[_PSQL, "`SELECT pid, usename, state, xact_start, query FROM pg_stat_activity ORDER BY 4`."],
            act=["`SELECT pg_terminate_backend(PID)`, and mend who leaves it open."],
            given={oldest: f"{2 * t.transaction_s}x400"},
            fires=[_AT],
            otherwise={oldest: f"{t.transaction_s}x400"},
        ),
        _cause(
            "PostgresDeadlocks",
            expr=f"increase(pg_stat_database_deadlocks[15m]) > {t.deadlocks}",
            summary=f"Transactions on {_WHO} block one another",
            description="{{ $value | humanize }} deadlocks in {{ $labels.datname }} within 15 min.",
            means="One transaction of each is ended with an error; its request fails.",
            look=[f"{LOGS} `deadlock detected` names both statements."],
            act=["Let transactions take their rows in the same order."],
            given={deadlocks: f"0x170 {t.deadlocks + 3}x230"},
            fires=[{**_AT, "datid": "16385", "datname": "application"}],
            otherwise={deadlocks: f"0x170 {t.deadlocks - 1}x230"},
        ),
        _cause(
            "PostgresWraparoundNears",
            # The exporter's name says seconds; the figure counts transactions.
            expr=f"pg_database_wraparound_age_datfrozenxid_seconds > {t.transaction_age}",
            hold_s=3600,
            summary=f"{{{{ $labels.datname }}}} on {_WHO} is not frozen in time",
            description="Its oldest transaction id is {{ $value | humanize }} transactions old.",
            means="At 2 billion Postgres takes no writes until it is vacuumed, which takes hours.",
            look=[_PSQL, "`SELECT relname, age(relfrozenxid) FROM pg_class ORDER BY 2 DESC LIMIT 9`."],
            act=[
                "End what holds vacuum back (PostgresLongTransaction, a slot), then `VACUUM (FREEZE) TABLE`."
            ],
            given={age: f"{t.transaction_age + 1_000_000}x500"},
            fires=[{**_AT, "datname": "application"}],
            otherwise={age: "200000000x500"},
            after_s=6000,
        ),
    ]
