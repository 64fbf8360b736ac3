"""Postgres: its members, what they do, and what they run out of."""

from collections.abc import Sequence

from ..objectives import Slo
from .dashboard import Row, dashboard
from .objectives import row_of
from .panels import BAD, DOUBTFUL, lines, numbers, states
from .queries import rate, select
from .replication import behind, primary

JOBS = ("patroni", "postgres")
_CONNECTIONS = f"sum by (member) ({select('pg_stat_activity_count')})"
_ALLOWED = f"max by (member) ({select('pg_settings_max_connections')})"


def postgres(slos: Sequence[Slo]) -> str:
    """For who answers for the database; a row for each of its objectives."""
    return dashboard(
        "postgres",
        "Postgres",
        "The members of the cluster, their replication, load and room.",
        JOBS,
        [*map(row_of, slos), _members(), _replication(), _connections(), _load(), _room()],
    )


def _members() -> Row:
    running = states(
        "Running",
        "Whether the server runs under its Patroni.",
        {"{{member}}": select("patroni_postgres_running")},
    )
    answers = states(
        "Answers its exporter",
        "Whether a connection and a question succeed; a server can run and not answer.",
        {"{{member}}": select("pg_up")},
    )
    restart = numbers(
        "Waits for a restart",
        "Members with a changed parameter that holds from their next start on.",
        "none",
        {"members": f"sum({select('patroni_pending_restart')})"},
        steps=[(1, DOUBTFUL)],
    )
    return Row("Members", [[running, primary()], [answers, restart]])


def _replication() -> Row:
    seconds = lines(
        "Behind, in time",
        "Seconds since the last transaction that each standby replayed; it also grows where nobody writes.",
        "s",
        {
            "{{member}}": f"{select('pg_replication_lag_seconds')}"
            f" and {select('pg_replication_is_replica')} == 1"
        },
        steps=[(30, DOUBTFUL)],
    )
    kept = lines(
        "Log kept for standbys",
        "What each slot holds back on the primary's disk.",
        "bytes",
        {"{{slot_name}}": f"max by (slot_name) ({select('pg_replication_slots_pg_wal_lsn_diff')})"},
        steps=[(512 * 2**20, DOUBTFUL)],
    )
    left = lines(
        "Log until a slot is lost",
        "What may still be written before a standby that is away must be copied anew.",
        "bytes",
        {"{{slot_name}}": f"min by (slot_name) ({select('pg_replication_slot_safe_wal_size_bytes')})"},
    )
    return Row("Replication", [[behind(), seconds], [kept, left]])


def _connections() -> Row:
    used = lines(
        "Connections in use",
        "Of those that the server allows.",
        "percentunit",
        {"{{member}}": f"{_CONNECTIONS} / {_ALLOWED}"},
        steps=[(0.8, DOUBTFUL), (0.95, BAD)],
    )
    by_state = lines(
        "Connections by state",
        "Many that are idle in a transaction: a client forgets to end its work.",
        "none",
        {"{{state}}": f"sum by (state) ({select('pg_stat_activity_count')})"},
    )
    longest = lines(
        "Longest transaction",
        "It holds locks, and keeps vacuum from clearing up.",
        "s",
        {"{{member}}": f"max by (member) ({select('pg_stat_activity_max_tx_duration')})"},
        steps=[(300, DOUBTFUL)],
    )
    locks = lines(
        "Locks",
        "Held or waited for, by mode.",
        "none",
        {"{{mode}}": f"sum by (mode) ({select('pg_locks_count')})"},
    )
    return Row("Connections", [[used, by_state], [longest, locks]])


def _load() -> Row:
    transactions = lines(
        "Transactions",
        "Committed and rolled back, per second.",
        "ops",
        {
            "committed": f"sum({rate('pg_stat_database_xact_commit')})",
            "rolled back": f"sum({rate('pg_stat_database_xact_rollback')})",
        },
    )
    rows = lines(
        "Rows",
        "Read and changed, per second.",
        "ops",
        {
            "fetched": f"sum({rate('pg_stat_database_tup_fetched')})",
            "inserted": f"sum({rate('pg_stat_database_tup_inserted')})",
            "updated": f"sum({rate('pg_stat_database_tup_updated')})",
            "deleted": f"sum({rate('pg_stat_database_tup_deleted')})",
        },
    )
    hit, read = (f"sum by (member) ({rate(f'pg_stat_database_blks_{kind}')})" for kind in ("hit", "read"))
    cached = lines(
        "Blocks found in memory",
        "The share that needed no disk. A drop: what is worked on has outgrown the memory.",
        "percentunit",
        {"{{member}}": f"{hit} / ({hit} + {read})"},
    )
    trouble = lines(
        "Deadlocks and conflicts",
        "Transactions that were ended for others' sake, per second.",
        "ops",
        {
            "deadlocks": f"sum({rate('pg_stat_database_deadlocks')})",
            "conflicts with replay": f"sum({rate('pg_stat_database_conflicts')})",
        },
    )
    return Row("Load", [[transactions, rows], [cached, trouble]])


def _room() -> Row:
    size = lines(
        "Size",
        "Of each database.",
        "bytes",
        {"{{datname}}": f"max by (datname) ({select('pg_database_size_bytes')})"},
    )
    dead = lines(
        "Dead rows",
        "What vacuum has to clear, in the ten tables with most of it.",
        "none",
        {"{{relname}}": f"topk(10, max by (relname) ({select('pg_stat_user_tables_n_dead_tup')}))"},
    )
    archive = lines(
        "Log files that were not archived",
        "Failed attempts per second; without the archive there is no restore to a moment.",
        "ops",
        {"{{member}}": f"sum by (member) ({rate('pg_stat_archiver_failed_count')})"},
        steps=[(0.001, BAD)],
    )
    temporary = lines(
        "Written to temporary files",
        "Sorts and joins that did not fit into their memory.",
        "Bps",
        {"{{datname}}": f"sum by (datname) ({rate('pg_stat_database_temp_bytes')})"},
    )
    return Row("Room", [[size, dead], [archive, temporary]])
