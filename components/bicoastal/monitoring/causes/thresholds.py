"""From where on a cause is worth a ticket."""

from dataclasses import dataclass

from ...checks.rules import between
from ...settings import setting

_SHARE = between(0.01, 0.99, "(a share)")
_SECONDS = between(1, 86400, "seconds")
_BYTES = between(1, 2**50, "bytes")
_COUNT = between(1, 1_000_000, "times")


@dataclass(frozen=True, kw_only=True)
class Thresholds:
    """From where on a cause is worth a ticket: the numbers that differ between systems.

    Defaults are those of the published collections of rules where they have one (node-mixin, etcd-mixin,
    awesome-prometheus-alerts), and else follow from this library's own settings, as each says.
    """

    disk_free: float = setting(_SHARE, default=0.15)
    """Share of a disk, or of its inodes, that must be free: time to act at a growth of some percent a day."""
    disk_hours: int = setting(between(1, 168, "hours"), default=24)
    """Hours within which a disk must not fill at the pace of the last six (node-mixin: 24)."""
    memory_free: float = setting(_SHARE, default=0.1)
    """Share of a host's memory that must be available (awesome-prometheus-alerts: 0.1)."""
    memory_stalled: float = setting(_SHARE, default=0.1)
    """Share of time in which everything waited for memory: more is thrashing."""
    cpu_waiting: float = setting(_SHARE, default=0.5)
    """Share of time in which something waited for a CPU. Not the CPU's use, which may be high and well."""
    io_stalled: float = setting(_SHARE, default=0.3)
    """Share of time in which everything waited for disks."""
    clock_offset_s: float = setting(between(0.001, 60, "seconds"), default=0.05)
    """Seconds that a clock may be off (node-mixin: 0.05)."""
    files_used: float = setting(_SHARE, default=0.8)
    """Share of the file descriptors that a host or a process may have."""
    container_memory: float = setting(_SHARE, default=0.9)
    """Share of a container's memory limit: at 1 it is killed."""
    container_throttled: float = setting(_SHARE, default=0.5)
    """Share of its periods in which a container was denied CPU. Less is usual for bursts, and harmless."""
    restarts: int = setting(_COUNT, default=3)
    """Starts of one process within half an hour: once is a deploy."""
    queue: int = setting(_COUNT, default=10)
    """Requests that wait in a balancer for a server: none does in health, and each waits 2 s at most."""
    sessions_used: float = setting(_SHARE, default=0.8)
    """Share of a balancer's connections (awesome-prometheus-alerts: 0.8)."""
    errors: float = setting(_SHARE, default=0.02)
    """Share of answers with 5xx, for a ticket; the objectives' alerts page on what users feel."""
    requests_per_s: float = setting(between(0.001, 1e6, "requests a second"), default=0.2)
    """Requests a second below which a share of errors says nothing."""
    flaps: int = setting(_COUNT, default=4)
    """Times within 15 min that a server goes up and down."""
    sessions_per_task: int = setting(_COUNT, default=40)
    """Requests under way in one task of the API: as many as it has threads."""
    cache_errors: float = setting(_SHARE, default=0.05)
    """Share of the API's questions to its cache that get no answer."""
    lag_bytes: int = setting(_BYTES, default=64 * 2**20)
    """Bytes that a copy may be behind: as much as the primary keeps without a slot (`wal_keep_size`)."""
    lag_s: int = setting(_SECONDS, default=30)
    """Seconds that a copy may be behind in replay."""
    slot_left: float = setting(_SHARE, default=0.5)
    """Share that must be left of the WAL which a slot may keep; at 0 its member has to be copied anew."""
    connections_used: float = setting(_SHARE, default=0.8)
    """Share of the connections of Postgres or Redis (awesome-prometheus-alerts: 0.8)."""
    transaction_s: int = setting(_SECONDS, default=1800)
    """Seconds that a transaction may be open: it holds back vacuum on every member."""
    deadlocks: int = setting(_COUNT, default=5)
    """Deadlocks within 15 min (awesome-prometheus-alerts: more than 5)."""
    transaction_age: int = setting(between(200_000_000, 2_000_000_000, "transactions"), default=500_000_000)
    """Age of the oldest transaction id: autovacuum acts at 200 million, Postgres stops at 2 billion."""
    size_apart: float = setting(_SHARE, default=0.05)
    """Share by which the members' copies of one database may differ in size."""
    fsync_s: float = setting(between(0.001, 10, "seconds"), default=0.5)
    """Seconds of etcd's fsync that 1 % may exceed (etcd-mixin: 0.5)."""
    commit_s: float = setting(between(0.001, 10, "seconds"), default=0.25)
    """Seconds of etcd's commit to disk that 1 % may exceed (etcd-mixin: 0.25)."""
    round_trip_s: float = setting(between(0.001, 10, "seconds"), default=0.15)
    """Seconds between two voters that 1 % may exceed (etcd-mixin: 0.15; coast to coast takes 0.07)."""
    quota_used: float = setting(_SHARE, default=0.8)
    """Share of etcd's quota: at 1 it takes no writes, so nobody can be made primary."""
    leader_changes: int = setting(_COUNT, default=4)
    """Elections within 15 min (etcd-mixin: 4)."""
    redis_memory: float = setting(_SHARE, default=0.95)
    """Share of Redis' memory, together with `evictions_per_s`: full alone is how a cache looks."""
    evictions_per_s: float = setting(between(0.001, 1e6, "keys a second"), default=10.0)
    """Keys a second that a full Redis may evict."""
    redis_lag_s: int = setting(_SECONDS, default=3)
    """Seconds since a replica's last word: the master's own limit (`max_lag_s`)."""
    backup_age_h: int = setting(between(1, 720, "hours"), default=26)
    """Hours since the last good backup: one a day, and two for its run."""
    verification_age_h: int = setting(between(1, 8760, "hours"), default=8 * 24)
    """Hours since a backup was last restored and checked: once a week, and a day."""
    archive_age_s: int = setting(_SECONDS, default=900)
    """Seconds since WAL was last archived, while there are writes."""
    certificate_days: int = setting(between(1, 90, "days"), default=21)
    """Days before its end that a certificate makes a ticket: renewal is due 30 days before it."""
    certificate_last_days: int = setting(between(1, 90, "days"), default=3)
    """Days before its end that a public certificate pages: then everybody is locked out at once."""
    replication_s: int = setting(_SECONDS, default=900)
    """Seconds that an object may wait for its copy: S3's own promise (Replication Time Control, 15 min)."""
    replication_bytes: int = setting(_BYTES, default=10 * 2**30)
    """Bytes that may wait for their copy."""
    notification_failures: float = setting(_SHARE, default=0.01)
    """Share of notifications that may fail (alertmanager-mixin: 0.01)."""
