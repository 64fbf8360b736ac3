"""What `Thresholds` is read from."""

from typing import NotRequired, TypedDict


class ThresholdsArgs(TypedDict):
    """From where on a cause is worth a ticket. Defaults and their sources: `Thresholds`."""

    disk_free: NotRequired[float]
    """Share of a disk, or of its inodes, that must be free: time to act at a growth of some percent a day.
    Allowed: 0.01 to 0.99 (a share). Default: 0.15."""
    disk_hours: NotRequired[int]
    """Hours within which a disk must not fill at the pace of the last six (node-mixin: 24). Allowed: 1 to 168
    hours. Default: 24."""
    memory_free: NotRequired[float]
    """Share of a host's memory that must be available (awesome-prometheus-alerts: 0.1). Allowed: 0.01 to 0.99
    (a share). Default: 0.1."""
    memory_stalled: NotRequired[float]
    """Share of time in which everything waited for memory: more is thrashing. Allowed: 0.01 to 0.99 (a
    share). Default: 0.1."""
    cpu_waiting: NotRequired[float]
    """Share of time in which something waited for a CPU. Not the CPU's use, which may be high and well.
    Allowed: 0.01 to 0.99 (a share). Default: 0.5."""
    io_stalled: NotRequired[float]
    """Share of time in which everything waited for disks. Allowed: 0.01 to 0.99 (a share). Default: 0.3."""
    clock_offset_s: NotRequired[float]
    """Seconds that a clock may be off (node-mixin: 0.05). Allowed: 0.001 to 60 seconds. Default: 0.05."""
    files_used: NotRequired[float]
    """Share of the file descriptors that a process may have. Allowed: 0.01 to 0.99 (a share).
    Default: 0.8."""
    container_memory: NotRequired[float]
    """Share of a container's memory limit: at 1 it is killed. Allowed: 0.01 to 0.99 (a share). Default:
    0.9."""
    container_throttled: NotRequired[float]
    """Share of its periods in which a container was denied CPU. Less is usual for bursts, and harmless.
    Allowed: 0.01 to 0.99 (a share). Default: 0.5."""
    restarts: NotRequired[int]
    """Starts of one process within half an hour: once is a deploy. Allowed: 1 to 1000000 times. Default:
    3."""
    queue: NotRequired[int]
    """Requests that wait in a balancer for a server: none does in health, and each waits 2 s at most.
    Allowed: 1 to 1000000 times. Default: 10."""
    sessions_used: NotRequired[float]
    """Share of a balancer's connections (awesome-prometheus-alerts: 0.8). Allowed: 0.01 to 0.99 (a share).
    Default: 0.8."""
    errors: NotRequired[float]
    """Share of answers with 5xx, for a ticket; the objectives' alerts page on what users feel. Allowed: 0.01
    to 0.99 (a share). Default: 0.02."""
    requests_per_s: NotRequired[float]
    """Requests a second below which a share of errors says nothing. Allowed: 0.001 to 1000000.0 requests a
    second. Default: 0.2."""
    flaps: NotRequired[int]
    """Times within 15 min that a server goes up and down. Allowed: 1 to 1000000 times. Default: 4."""
    sessions_per_task: NotRequired[int]
    """Requests under way in one task of the API: as many as it has threads. Allowed: 1 to 1000000 times.
    Default: 40."""
    cache_errors: NotRequired[float]
    """Share of the API's questions to its cache that get no answer. Allowed: 0.01 to 0.99 (a share). Default:
    0.05."""
    lag_bytes: NotRequired[int]
    """Bytes that a copy may be behind: as much as the primary keeps without a slot (`wal_keep_size`).
    Allowed: 1 to 1125899906842624 bytes. Default: 67108864."""
    lag_s: NotRequired[int]
    """Seconds that a copy may be behind in replay. Allowed: 1 to 86400 seconds. Default: 30."""
    slot_left: NotRequired[float]
    """Share that must be left of the WAL which a slot may keep; at 0 its member has to be copied anew.
    Allowed: 0.01 to 0.99 (a share). Default: 0.5."""
    connections_used: NotRequired[float]
    """Share of the connections of Postgres or Redis (awesome-prometheus-alerts: 0.8). Allowed: 0.01 to 0.99
    (a share). Default: 0.8."""
    transaction_s: NotRequired[int]
    """Seconds that a transaction may be open: it holds back vacuum on every member. Allowed: 1 to 86400
    seconds. Default: 1800."""
    deadlocks: NotRequired[int]
    """Deadlocks within 15 min (awesome-prometheus-alerts: more than 5). Allowed: 1 to 1000000 times. Default:
    5."""
    transaction_age: NotRequired[int]
    """Age of the oldest transaction id: autovacuum acts at 200 million, Postgres stops at 2 billion. Allowed:
    200000000 to 2000000000 transactions. Default: 500000000."""
    size_apart: NotRequired[float]
    """Share by which the members' copies of one database may differ in size. Allowed: 0.01 to 0.99 (a share).
    Default: 0.05."""
    fsync_s: NotRequired[float]
    """Seconds of etcd's fsync that 1 % may exceed (etcd-mixin: 0.5). Allowed: 0.001 to 10 seconds. Default:
    0.5."""
    commit_s: NotRequired[float]
    """Seconds of etcd's commit to disk that 1 % may exceed (etcd-mixin: 0.25). Allowed: 0.001 to 10 seconds.
    Default: 0.25."""
    round_trip_s: NotRequired[float]
    """Seconds between two voters that 1 % may exceed (etcd-mixin: 0.15; coast to coast takes 0.07). Allowed:
    0.001 to 10 seconds. Default: 0.15."""
    quota_used: NotRequired[float]
    """Share of etcd's quota: at 1 it takes no writes, so nobody can be made primary. Allowed: 0.01 to 0.99 (a
    share). Default: 0.8."""
    leader_changes: NotRequired[int]
    """Elections within 15 min (etcd-mixin: 4). Allowed: 1 to 1000000 times. Default: 4."""
    redis_memory: NotRequired[float]
    """Share of Redis' memory, together with `evictions_per_s`: full alone is how a cache looks. Allowed: 0.01
    to 0.99 (a share). Default: 0.95."""
    evictions_per_s: NotRequired[float]
    """Keys a second that a full Redis may evict. Allowed: 0.001 to 1000000.0 keys a second. Default: 10.0."""
    redis_lag_s: NotRequired[int]
    """Seconds since a replica's last word: the master's own limit (`max_lag_s`). Allowed: 1 to 86400 seconds.
    Default: 3."""
    backup_age_h: NotRequired[int]
    """Hours since the last good backup: one a day, and two for its run. Allowed: 1 to 720 hours. Default:
    26."""
    verification_age_h: NotRequired[int]
    """Hours since a backup was last restored and checked: once a week, and a day. Allowed: 1 to 8760 hours.
    Default: 192."""
    archive_age_s: NotRequired[int]
    """Seconds since WAL was last archived, while there are writes. Allowed: 1 to 86400 seconds. Default:
    900."""
    certificate_days: NotRequired[int]
    """Days before its end that a certificate makes a ticket: renewal is due 30 days before it. Allowed: 1 to
    90 days. Default: 21."""
    certificate_last_days: NotRequired[int]
    """Days before its end that a public certificate pages: then everybody is locked out at once. Allowed: 1
    to 90 days. Default: 3."""
    replication_s: NotRequired[int]
    """Seconds that an object may wait for its copy: S3's own promise (Replication Time Control, 15 min).
    Allowed: 1 to 86400 seconds. Default: 900."""
    replication_bytes: NotRequired[int]
    """Bytes that may wait for their copy. Allowed: 1 to 1125899906842624 bytes. Default: 10737418240."""
    notification_failures: NotRequired[float]
    """Share of notifications that may fail (alertmanager-mixin: 0.01). Allowed: 0.01 to 0.99 (a share).
    Default: 0.01."""
