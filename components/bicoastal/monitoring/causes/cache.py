"""Redis, as redis_exporter sees each node. Who is master is the Sentinels' word, see there."""

from functools import partial

from ..rules import Alert, RuleGroup
from .cause import LOGS, STATUS, cause
from .thresholds import Thresholds

PART = "redis"
REDIS_DOWN = "RedisDown"
INFO = "On its host: `docker exec CONTAINER redis-as admin INFO`."
REPLICATION = "On its host: `docker exec CONTAINER redis-as admin INFO replication`."

_cause = partial(cause, part=PART)
_AT = {"member": "east-redis-1", "instance": "10.0.0.1:9121", "job": "redis", "place": "east"}
_TARGET = 'member="east-redis-1", instance="10.0.0.1:9121", job="redis", place="east"'
_WEST = 'member="west-redis-1", instance="10.1.0.1:9121", job="redis", place="west"'
_WHO = "{{ $labels.member }} in {{ $labels.place }}"
_INSTANCE = (
    'master_replid="r", maxmemory_policy="allkeys-lru", os="Linux", process_id="1", redis_build_id="b", '
    'redis_mode="standalone", redis_version="8.0.2", run_id="r", tcp_port="6380"'
)


def cache(t: Thresholds) -> RuleGroup:
    """Rules on each node."""
    return RuleGroup(
        name=PART,
        rules=[
            _down(),
            _two_masters(),
            *_replicas(t),
            _memory(t),
            *_connections(t),
            _persistence(),
        ],
    )


def _down() -> Alert:
    return _cause(
        REDIS_DOWN,
        expr='redis_up{job="redis"} == 0',
        hold_s=60,
        summary=f"Redis {_WHO} does not answer",
        description="Its exporter cannot connect, for 60 s.",
        means="A replica is gone, or the master, and Sentinel makes another one.",
        look=[STATUS, LOGS],
        act=["`docker service update --force SERVICE` of the node. It comes back as what the Sentinels say."],
        given={f"redis_up{{{_TARGET}}}": "1x20 0x400"},
        fires=[_AT],
        otherwise={f"redis_up{{{_TARGET}}}": "1x20 0x2 1x400"},
    )


def _two_masters() -> Alert:
    east, west = (
        f'redis_instance_info{{role="master", {_INSTANCE}, {target}}}' for target in (_TARGET, _WEST)
    )
    return _cause(
        "RedisTwoMasters",
        # One that was started anew while Prometheus was, too, has two series for five minutes.
        expr='count(count by (instance) (redis_instance_info{role="master", redis_mode="standalone"})) > 1',
        # A failover and the demotion of the one that comes back take less.
        hold_s=60,
        summary="Redis has {{ $value }} masters",
        description="More than one node has called itself master for 60 s.",
        means="The one that no Sentinel follows takes no writes without a replica; what it took before "
        "is lost "
        "when it follows again.",
        look=[REPLICATION, "Which one do the Sentinels name? `SENTINEL GET-MASTER-ADDR-BY-NAME main`."],
        act=[
            (
                "`docker service update --force SERVICE` of the one that they do not name: it asks them at "
                "its start."
            )
        ],
        given={east: "1x420", west: "_x20 1x400"},
        fires=[{}],
        otherwise={east: "1x21 stale", west.replace('run_id="r"', 'run_id="s"'): "_x20 1x400"},
    )


def _replicas(t: Thresholds) -> list[Alert]:
    slave = 'slave_ip="10.1.0.1", slave_port="6380", slave_state="online"'
    lag = f"redis_connected_slave_lag_seconds{{{slave}, {_TARGET}}}"
    link = f'redis_master_link_up{{master_host="10.0.0.1", master_port="6380", {_WEST}}}'
    return [
        _cause(
            "RedisReplicaLinkDown",
            expr="redis_master_link_up == 0",
            hold_s=60,
            summary=f"Replica {_WHO} has lost its master",
            description="For 60 s: longer than a failover of Redis takes.",
            means="It falls behind. When no replica is left, the master refuses writes.",
            look=[REPLICATION, LOGS],
            act=["Give the way back: port 6380 between the places, certificates, the password."],
            given={link: "1x20 0x400"},
            fires=[
                {
                    "member": "west-redis-1",
                    "instance": "10.1.0.1:9121",
                    "job": "redis",
                    "place": "west",
                    "master_host": "10.0.0.1",
                    "master_port": "6380",
                }
            ],
            otherwise={link: "1x20 0x2 1x400"},
        ),
        _cause(
            "RedisReplicaBehind",
            expr=f"redis_connected_slave_lag_seconds > {t.redis_lag_s}",
            hold_s=120,
            summary=f"{{{{ $labels.slave_ip }}}} has not answered its master {_WHO}",
            description="For {{ $value }} s, each time it was looked at for 2 min.",
            means="At this limit it does not count as a replica, and a master without one refuses writes.",
            look=[REPLICATION],
            act=["Is the link between the places full, or its host short of CPU?"],
            given={lag: f"1x20 {t.redis_lag_s + 1}x400"},
            fires=[{**_AT, "slave_ip": "10.1.0.1", "slave_port": "6380", "slave_state": "online"}],
            otherwise={lag: f"1x20 {t.redis_lag_s}x400"},
        ),
    ]


def _memory(t: Thresholds) -> Alert:
    evicted = f"redis_evicted_keys_total{{{_TARGET}}}"
    return _cause(
        "RedisMemoryNearMax",
        # A cache is full when it works well. It is too small when it must forget what it just learnt.
        expr=f"redis_memory_used_bytes / (redis_memory_max_bytes > 0) > {t.redis_memory:g} "
        f"and rate(redis_evicted_keys_total[5m]) > {t.evictions_per_s:g}",
        hold_s=900,
        summary=f"Redis {_WHO} is too small",
        description=(
            "{{ $value | humanizePercentage }} of its memory is used, and it evicts keys fast, for 15 min."
        ),
        means="What the API puts there is soon gone: more questions to the database.",
        look=[INFO],
        act=["More `memory_mb`, and a memory limit to match.", "Do keys expire? `redis_db_keys_expiring`."],
        given={
            f"redis_memory_used_bytes{{{_TARGET}}}": f"{1e9 * (t.redis_memory + 1) / 2:.0f}x400",
            f"redis_memory_max_bytes{{{_TARGET}}}": "1e9x400",
            evicted: f"0+{30 * t.evictions_per_s:g}x400",
        },
        fires=[_AT],
        otherwise={evicted: "0x400"},
    )


def _connections(t: Thresholds) -> list[Alert]:
    clients = f"redis_connected_clients{{{_TARGET}}}"
    rejected = f"redis_rejected_connections_total{{{_TARGET}}}"
    act = ["Fewer tasks of the API, or smaller pools in them.", "Who does not let go? `CLIENT LIST`."]
    return [
        _cause(
            "RedisConnectionsNearLimit",
            expr='redis_connected_clients{job="redis"} / (redis_max_clients{job="redis"} > 0) '
            f"> {t.connections_used:g}",
            hold_s=300,
            summary=f"Redis {_WHO} runs out of connections",
            description="{{ $value | humanizePercentage }} are used, for 5 min.",
            means="At the limit it sends new clients away.",
            look=[INFO],
            act=act,
            given={
                clients: f"{5000 * (t.connections_used + 1):.0f}x400",
                f"redis_max_clients{{{_TARGET}}}": "10000x400",
            },
            fires=[_AT],
            otherwise={clients: f"{5000 * t.connections_used:.0f}x400"},
        ),
        _cause(
            "RedisRejectsConnections",
            expr="increase(redis_rejected_connections_total[5m]) > 0",
            summary=f"Redis {_WHO} sends clients away",
            description="{{ $value | humanize }} within 5 min: its limit of clients is reached.",
            means="The API works without its cache where it is sent away.",
            look=[INFO],
            act=act,
            given={rejected: "0x190 9x210"},
            fires=[_AT],
            otherwise={rejected: "0x100 9x300"},
        ),
    ]


def _persistence() -> Alert:
    aof = f"redis_aof_last_write_status{{{_TARGET}}}"
    return _cause(
        "RedisCannotPersist",
        expr="redis_aof_last_write_status == 0 or redis_rdb_last_bgsave_status == 0",
        hold_s=300,
        summary=f"Redis {_WHO} cannot write to its disk",
        description="Its last write to the log or to a snapshot failed.",
        means="It refuses writes while the log fails; without a snapshot no replica can sync.",
        look=[LOGS, "HostDiskAlmostFull on its host."],
        act=["Free the disk. It goes on by itself."],
        given={aof: "1x20 0x400", f"redis_rdb_last_bgsave_status{{{_TARGET}}}": "1x420"},
        fires=[_AT],
        otherwise={aof: "1x420"},
    )
