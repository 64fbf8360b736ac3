"""Who serves, who may take over, and whether they could."""

from .dashboard import ONE_REGION, Row, dashboard
from .panels import BAD, DOUBTFUL, GOOD, lines, numbers, states
from .queries import OF_USERS, quantile, rate, select
from .replication import behind, primary

JOBS = ("api", "etcd", "patroni", "postgres", "probe", "redis", "sentinel")

_REGION = 'probe="region"'


def failover() -> str:
    """What to look at while a region is lost, and before the primary is moved."""
    return dashboard(
        "failover",
        "Failover",
        f"Who serves, who may take over, and whether they could. {ONE_REGION}",
        JOBS,
        [_serving(), _postgres(), _etcd(), _redis(), _ways()],
    )


def _serving() -> Row:
    serving = states(
        "Region that serves",
        "Which region's balancers tell the edge that its API is up and the primary is there.",
        {"{{instance}} from {{from}}": f"{select('probe_http_status_code', _REGION)} == bool 200"},
    )
    healthy = states(
        "Regions that could serve",
        "Whether each region is well, be the primary there or in the other.",
        {"{{instance}} from {{from}}": select("probe_success", _REGION)},
    )
    traffic = lines(
        "Requests by region",
        "Where users' requests are answered. They follow the primary.",
        "reqps",
        {"{{region}}": f"sum by (region) ({rate('http_requests_total', OF_USERS)})"},
    )
    timeline = lines(
        "Timeline",
        "Rises by one with each promotion. A member on an older one than the primary cannot follow it.",
        "none",
        {"{{member}}": select("patroni_postgres_timeline")},
    )
    return Row("Who serves", [[primary(), serving], [healthy, traffic, timeline]])


def _postgres() -> Row:
    leader = states(
        "Cluster without leader",
        "Whether a member sees that nobody holds the leader's key: writes wait meanwhile.",
        {"{{member}}": select("patroni_cluster_unlocked")},
        below=GOOD,
        steps=[(1, BAD)],
    )
    streaming = states(
        "Streaming",
        "Whether a standby gets the log as it is written.",
        {"{{member}}": f"{select('patroni_postgres_streaming')} and {select('patroni_replica')} == 1"},
    )
    last_seen = lines(
        "Since etcd was last seen",
        "A member that has not seen it for the cluster's TTL gives up being primary.",
        "s",
        {"{{member}}": f"time() - {select('patroni_dcs_last_seen')}"},
        steps=[(20, BAD)],
    )
    paused = numbers(
        "Failover switched off",
        "Members whose cluster is in maintenance: nobody is promoted by itself.",
        "none",
        {"members": f"sum({select('patroni_is_paused')})"},
        steps=[(1, DOUBTFUL)],
    )
    failsafe = numbers(
        "Failsafe mode",
        "Members that stay primary without etcd, since all others answer them.",
        "none",
        {"members": f"sum({select('patroni_failsafe_mode_is_active')})"},
        steps=[(1, DOUBTFUL)],
    )
    return Row(
        "Postgres: who may take over", [[leader, streaming], [behind(), last_seen], [paused, failsafe]]
    )


def _etcd() -> Row:
    leader = states(
        "Sees a leader",
        "Whether each voter is with the majority. Without it nobody is promoted.",
        {"{{member}}": select("etcd_server_has_leader")},
    )
    changes = lines(
        "Changes of leader",
        "More than a few an hour: the voters lose each other, or their disks are slow.",
        "none",
        {"{{member}}": f"increase({select('etcd_server_leader_changes_seen_total')}[1h])"},
        steps=[(3, DOUBTFUL)],
    )
    between = lines(
        "Round trip between voters, P99",
        "It must stay well under the heartbeat.",
        "s",
        {"{{member}}": quantile(0.99, "etcd_network_peer_round_trip_time_seconds", by="member")},
        steps=[(0.1, DOUBTFUL)],
    )
    fsync = lines(
        "Log on disk, P99",
        "How long a voter needs until its log is safe. Over 10 ms, elections begin to slip.",
        "s",
        {"{{member}}": quantile(0.99, "etcd_disk_wal_fsync_duration_seconds", by="member")},
        steps=[(0.01, DOUBTFUL)],
    )
    return Row("etcd: who decides", [[leader, changes], [between, fsync]])


def _redis() -> Row:
    sentinels = numbers(
        "Sentinels that answer",
        "How many each Sentinel counts, itself included. Under the quorum, nobody is promoted.",
        "none",
        {"{{instance}}": select("redis_sentinel_master_ok_sentinels")},
        below=BAD,
        steps=[(2, DOUBTFUL), (3, GOOD)],
    )
    replicas = numbers(
        "Replicas that follow",
        "How many may be promoted, as each Sentinel counts them.",
        "none",
        {"{{instance}}": select("redis_sentinel_master_ok_slaves")},
        below=BAD,
        steps=[(1, GOOD)],
    )
    behind = lines(
        "Replicas' last word",
        "Seconds since the master heard of each replica.",
        "s",
        {"{{slave_ip}}": f"max by (slave_ip) ({select('redis_connected_slave_lag_seconds')})"},
        steps=[(10, DOUBTFUL)],
    )
    return Row("Redis: who may take over", [[sentinels, replicas, behind]])


def _ways() -> Row:
    reached = states(
        "Reached from other places",
        "Whether each place opens a connection to the members in the others.",
        {"{{instance}} from {{from}}": select("probe_success", 'probe="peer"')},
    )
    seconds = lines(
        "Time to connect",
        "How long that takes; it grows before the way breaks.",
        "s",
        {"{{instance}} from {{from}}": select("probe_duration_seconds", 'probe="peer"')},
    )
    return Row("The way between the places", [[reached, seconds]])
