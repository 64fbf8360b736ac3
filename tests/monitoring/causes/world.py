"""A day of the whole stack as one Prometheus in the east sees it: every series that a rule asks for."""

from collections.abc import Iterator

from tests.monitoring.causes.optional import optional
from tests.monitoring.causes.promises import promises
from tests.monitoring.causes.series import (
    DAY,
    MINUTES,
    PLACES,
    REGIONS,
    Series,
    gauges,
    growing,
    name,
    steady,
    target,
    up,
)

GOOD_CODE, BAD_CODE = "2xx", "5xx"


def quiet_day() -> Series:
    """All that is measured in health, under a normal load."""
    found: Series = {}
    parts = (_hosts, _processes, _balancers, _api, _database, _consensus, _cache, _probes, _watchers)
    for part in (*parts, optional, promises):
        found |= dict(part())
    return found


def _hosts() -> Iterator[tuple[str, str]]:
    yield from up("node", ("east", "witness"))
    for place in ("east", "witness"):
        at = target("node", place)
        disk = {**at, "device": "/dev/sda1", "device_error": "", "fstype": "ext4", "mountpoint": "/"}
        # It fills by a tenth of a percent an hour, as logs do.
        yield name("node_filesystem_avail_bytes", **disk), f"6e10-2e6x{MINUTES}"
        sizes = {
            "node_filesystem_size_bytes": 1e11,
            "node_filesystem_files": 1e6,
            "node_filesystem_files_free": 9e5,
        }
        yield from gauges({**sizes, "node_filesystem_readonly": 0, "node_filesystem_device_error": 0}, disk)
        yield from gauges({"node_scrape_collector_success": 1}, {**at, "collector": "filesystem"})
        yield from gauges({"node_scrape_collector_success": 0}, {**at, "collector": "zfs"})
        figures = {
            "node_memory_MemAvailable_bytes": 4e9,
            "node_memory_MemTotal_bytes": 8e9,
            "node_vmstat_oom_kill": 2,
            "node_timex_offset_seconds": 0.0004,
            "node_timex_sync_status": 1,
            "node_textfile_scrape_error": 0,
        }
        yield from gauges(figures, at)
        for kind, share in (("memory_stalled", 0.0), ("cpu_waiting", 0.2), ("io_stalled", 0.05)):
            yield name(f"node_pressure_{kind}_seconds_total", **at), growing(share)


def _processes() -> Iterator[tuple[str, str]]:
    figures = {"process_start_time_seconds": 1000, "process_open_fds": 40, "process_max_fds": 1024}
    yield from gauges(figures, target("prometheus", "east"))


def _balancers() -> Iterator[tuple[str, str]]:
    yield from up("haproxy", ("east",))
    at = target("haproxy", "east")
    backends = {"nginx": 2, "api-blue": 2, "api-green": 2, "postgres": 1, "redis": 1}
    for proxy, servers in backends.items():
        yield from gauges(
            {
                "haproxy_backend_active_servers": servers,
                "haproxy_backend_current_queue": 0,
                "haproxy_backend_current_sessions": 8,
            },
            {**at, "proxy": proxy},
        )
        yield name("haproxy_backend_connection_attempts_total", **at, proxy=proxy), growing(20)
        yield name("haproxy_backend_connection_errors_total", **at, proxy=proxy), growing(0.01)
        server = {**at, "proxy": proxy, "server": f"{proxy}-1"}
        # A deploy has each server down once, or twice.
        yield name("haproxy_server_check_up_down_total", **server), f"0x600 2x{MINUTES - 601}"
        yield name("haproxy_server_status", **server, state="DOWN"), steady(0)
    for kind, proxy in (("frontend", "web"), ("backend", "nginx"), ("backend", "api-blue")):
        for code, rate in ((GOOD_CODE, 100), (BAD_CODE, 0.05)):
            metric = f"haproxy_{kind}_http_responses_total"
            yield name(metric, **at, proxy=proxy, code=code), growing(rate)
    figures = {
        "haproxy_process_current_connections": 120,
        "haproxy_process_max_connections": 4000,
        "haproxy_process_start_time_seconds": 1000,
    }
    yield from gauges(figures, at)


def _api() -> Iterator[tuple[str, str]]:
    yield from up("api", ("east",))
    own = {**target("api", "east"), "region": "east", "colour": "blue"}
    for status, rate in (("200", 100), ("503", 0.05)):
        requests = {**own, "method": "GET", "route": "/api/pins", "status": status}
        yield name("http_requests_total", **requests), growing(rate)
    health = {**own, "method": "GET", "route": "/region-health", "status": "503"}
    yield name("http_requests_total", **health), growing(0)
    for result, rate in (("hit", 60), ("miss", 30), ("error", 0.1)):
        yield name("cache_requests_total", **own, result=result), growing(rate)


def _database() -> Iterator[tuple[str, str]]:
    yield from up("patroni", REGIONS)
    yield from up("postgres", REGIONS)
    for place in REGIONS:
        for number in (1, 2):
            yield from _member(place, number)


def _member(place: str, number: int) -> Iterator[tuple[str, str]]:
    primary = (place, number) == ("east", 1)
    member = f"{place}-postgres-{number}"
    at = {**target("patroni", place, number, scope="main"), "name": member, "member": member}
    figures = {
        "patroni_postgres_running": 1,
        "patroni_primary": primary,
        "patroni_replica": not primary,
        "patroni_postgres_streaming": not primary,
        "patroni_sync_standby": (place, number) == ("west", 1),
        "patroni_quorum_standby": 0,
        "patroni_cluster_unlocked": 0,
        "patroni_failsafe_mode_is_active": 0,
        "patroni_is_paused": 0,
        "patroni_pending_restart": 0,
        "patroni_xlog_paused": 0,
        "patroni_postgres_timeline": 3,
    }
    yield from gauges({metric: int(value) for metric, value in figures.items()}, at)
    yield name("patroni_dcs_last_seen", **at), f"0+60x{MINUTES}"
    yield name("patroni_xlog_location", **at), growing(1e5) if primary else steady(0)
    yield name("patroni_xlog_replayed_location", **at), steady(0) if primary else growing(1e5)
    own = {**target("postgres", place, number), "member": member}
    slots = {"slot_name": "west_postgres_1", "slot_type": "physical"}
    yield from gauges(
        {
            "pg_up": 1,
            "pg_exporter_last_scrape_error": 0,
            "pg_replication_is_replica": int(not primary),
            "pg_replication_lag_seconds": 0 if primary else 0.4,
            "pg_long_running_transactions_oldest_timestamp_seconds": 3,
            "pg_settings_max_connections": 100,
            "pg_settings_max_slot_wal_keep_size_bytes": 2**30,
        },
        own,
    )
    yield from gauges({"pg_scrape_collector_success": 1}, {**own, "collector": "replication_slot"})
    # One that needs more than the exporter's role has, and that no rule rests on.
    yield from gauges({"pg_scrape_collector_success": 0}, {**own, "collector": "wal"})
    # Patroni keeps slots on every member; on copies nobody reads them.
    yield from gauges(
        {
            "pg_replication_slots_active": int(primary),
            "pg_replication_slots_pg_wal_lsn_diff": 2000 if primary else 9e8,
        },
        {**own, "slot_name": slots["slot_name"]},
    )
    yield from gauges({"pg_replication_slot_safe_wal_size_bytes": 1.08e9}, {**own, **slots})
    yield from gauges({"pg_replication_slot_wal_status": 1}, {**own, **slots, "wal_status": "reserved"})
    yield from gauges(
        {
            "pg_stat_activity_count": 30,
            "pg_stat_database_deadlocks": 1,
            "pg_database_wraparound_age_datfrozenxid_seconds": 2e8,
            "pg_database_size_bytes": 1e9,
        },
        {**own, "datname": "application"},
    )
    for copy in range(3 if primary else 0):
        walsender = {**own, "application_name": f"copy-{copy}"}
        yield from gauges({"pg_stat_replication_pg_current_wal_lsn_bytes": 1e9}, walsender)


def _consensus() -> Iterator[tuple[str, str]]:
    yield from up("etcd", PLACES)
    for place in PLACES:
        at = target("etcd", place)
        figures = {
            "etcd_server_has_leader": 1,
            "etcd_mvcc_db_total_size_in_bytes": 7e4,
            "etcd_server_quota_backend_bytes": 2**31,
            "etcd_server_leader_changes_seen_total": 2,
        }
        yield from gauges(figures, at)
        for other in PLACES:
            if other != place:
                yield from gauges({"etcd_network_active_peers": 1}, {**at, "Local": place, "Remote": other})
        for metric, more in (
            ("etcd_disk_wal_fsync_duration_seconds", {}),
            ("etcd_disk_backend_commit_duration_seconds", {}),
            ("etcd_network_peer_round_trip_time_seconds", {"To": "other"}),
        ):
            for bound in ("0.008", "0.128", "+Inf"):
                yield name(f"{metric}_bucket", **at, **more, le=bound), growing(10)


def _cache() -> Iterator[tuple[str, str]]:
    yield from up("redis", PLACES)
    yield from up("sentinel", PLACES)
    for place in PLACES:
        at = target("redis", place)
        figures = {
            "redis_up": 1,
            "redis_memory_used_bytes": 1.34e8,
            "redis_memory_max_bytes": 1.34e8,
            "redis_connected_clients": 30,
            "redis_max_clients": 10000,
            "redis_rejected_connections_total": 0,
            "redis_aof_last_write_status": 1,
            "redis_rdb_last_bgsave_status": 1,
        }
        yield from gauges(figures, at)
        # A full cache forgets a key now and then.
        yield name("redis_evicted_keys_total", **at), growing(0.5)
        yield from gauges({"redis_exporter_last_scrape_error": 0}, {**at, "err": ""})
        role = "master" if place == "east" else "slave"
        yield from gauges({"redis_instance_info": 1}, {**at, "role": role, "redis_mode": "standalone"})
        if role == "master":
            yield from gauges({"redis_connected_slave_lag_seconds": 1}, {**at, "slave_ip": "west"})
        else:
            yield from gauges({"redis_master_link_up": 1}, {**at, "master_host": "east"})
        seen = {**target("sentinel", place), "master_name": "main"}
        yield from gauges({"redis_up": 1, "redis_sentinel_tilt": 0}, target("sentinel", place))
        yield from gauges({"redis_sentinel_master_ckquorum_status": 1}, {**seen, "message": "OK"})
        states = {
            "redis_sentinel_master_ok_sentinels": 3,
            "redis_sentinel_master_sentinels": 3,
            "redis_sentinel_master_ok_slaves": 2,
            "redis_sentinel_master_slaves": 2,
        }
        seen["master_address"] = "east-1:6380"
        yield from gauges(states, seen)
        yield from gauges({"redis_sentinel_master_status": 1}, {**seen, "master_status": "ok"})


def probe(kind: str, place: str, asked: str) -> dict[str, str]:
    """The labels of a probe of `place`, asked from `asked`."""
    if kind == "public":
        return {"job": "probe", "place": "edge", "instance": "https://a/", "probe": kind, "from_": asked}
    member = f"{place}-{'haproxy' if kind == 'region' else 'etcd'}-1"
    return {
        "job": "probe",
        "place": place,
        "instance": member,
        "member": member,
        "probe": kind,
        "from_": asked,
    }


def _probes() -> Iterator[tuple[str, str]]:
    yield from up("blackbox", PLACES)
    kinds = {"public": ("edge",), "region": REGIONS, "peer": PLACES}
    for kind, places in kinds.items():
        for place in places:
            for asked in PLACES:
                if kind == "peer" and place == asked:
                    continue
                labels = probe(kind, place, asked)
                yield name("up", **labels), steady(1)
                yield name("probe_success", **labels), steady(1)
                if kind == "public":
                    yield name("probe_ssl_earliest_cert_expiry", **labels), steady(60 * DAY)
    yield name("blackbox_exporter_config_last_reload_successful", **target("blackbox", "east")), steady(1)


def _watchers() -> Iterator[tuple[str, str]]:
    yield from up("prometheus", ("east",))
    yield from up("alertmanager", ("east",))
    at = target("prometheus", "east")
    yield from gauges(
        {
            "prometheus_config_last_reload_successful": 1,
            "prometheus_notifications_dropped_total": 0,
            "prometheus_tsdb_compactions_failed_total": 0,
            "prometheus_tsdb_size_retentions_total": 0,
            "prometheus_tsdb_wal_corruptions_total": 0,
            "prometheus_target_scrapes_sample_duplicate_timestamp_total": 0,
        },
        at,
    )
    yield name("prometheus_tsdb_head_samples_appended_total", **at, type="float"), growing(900)
    yield from gauges({"prometheus_target_sync_failed_total": 0}, {**at, "scrape_job": "api"})
    groups = {
        "prometheus_rule_evaluation_failures_total": 0,
        "prometheus_rule_group_iterations_missed_total": 0,
        "prometheus_rule_group_last_duration_seconds": 0.02,
        "prometheus_rule_group_interval_seconds": 15,
    }
    yield from gauges(groups, {**at, "rule_group": "hosts"})
    to = {**at, "alertmanager": "west"}
    yield name("prometheus_notifications_sent_total", **to), growing(0.1)
    yield name("prometheus_notifications_errors_total", **to), growing(0)
    own = target("alertmanager", "east")
    yield from gauges(
        {"alertmanager_config_last_reload_successful": 1, "alertmanager_cluster_members": 2}, own
    )
    yield name("alertmanager_notifications_total", **own, integration="slack"), growing(0.02)
    failed = {**own, "integration": "slack", "reason": "other"}
    yield name("alertmanager_notifications_failed_total", **failed), growing(0)
