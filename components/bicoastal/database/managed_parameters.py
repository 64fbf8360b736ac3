"""The parameters of a Postgres that the cloud runs: the same in both regions, since a replica takes over."""

from collections.abc import Iterator, Mapping

SAFE_PARAMETERS = {
    "rds.force_ssl": "1",
    "ssl_min_protocol_version": "TLSv1.2",
    "password_encryption": "scram-sha-256",
    "rds.accepted_password_auth_method": "scram",
}
"""What keeps connections and passwords safe; not to be changed."""

USUAL_PARAMETERS = {
    "shared_preload_libraries": "pg_stat_statements",
    "log_connections": "1",
    "log_disconnections": "1",
    "log_lock_waits": "1",
    "log_temp_files": "10240",
    "log_autovacuum_min_duration": "10000",
    "log_min_duration_statement": "1000",
}
"""What is logged and measured, unless set otherwise: statements from a second on, temporary files from 10
MiB on, vacuuming from ten seconds on."""

STATIC_PARAMETERS = frozenset(
    [
        "autovacuum_freeze_max_age",
        "autovacuum_max_workers",
        "autovacuum_multixact_freeze_max_age",
        "commit_timestamp_buffers",
        "cron.database_name",
        "cron.host",
        "cron.max_running_jobs",
        "cron.use_background_workers",
        "huge_pages",
        "hot_standby",
        "jit_provider",
        "logging_collector",
        "max_connections",
        "max_files_per_process",
        "max_locks_per_transaction",
        "max_logical_replication_workers",
        "max_notify_queue_pages",
        "max_pred_locks_per_transaction",
        "max_prepared_transactions",
        "max_replication_slots",
        "max_wal_senders",
        "max_worker_processes",
        "min_dynamic_shared_memory",
        "multixact_member_buffers",
        "multixact_offset_buffers",
        "notify_buffers",
        "old_snapshot_threshold",
        "pg_stat_statements.max",
        "rds.logical_replication",
        "rds.pg_stat_ramdisk_size",
        "reserved_connections",
        "serializable_buffers",
        "shared_buffers",
        "shared_memory_type",
        "shared_preload_libraries",
        "subtransaction_buffers",
        "superuser_reserved_connections",
        "track_activity_query_size",
        "track_commit_timestamp",
        "transaction_buffers",
        "wal_buffers",
        "wal_decode_buffer_size",
        "wal_log_hints",
    ]
)
"""What Postgres reads only when it starts: AWS refuses to apply it at once. A parameter that is not in this
list and cannot be applied at once is set with `customize`."""


def parameters_of(own: Mapping[str, str]) -> Iterator[tuple[str, str, str]]:
    """Name, value and way of application of each parameter, in the order of names: at once, or at the next
    start where Postgres knows no other way."""
    for name, value in sorted({**USUAL_PARAMETERS, **own, **SAFE_PARAMETERS}.items()):
        yield name, value, "pending-reboot" if name in STATIC_PARAMETERS else "immediate"
