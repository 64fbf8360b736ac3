"""Sentinel: who is Redis' master, and whether another one could be made."""

from functools import partial

from ..rules import Alert, RuleGroup
from .cache import REPLICATION
from .cause import LOGS, STATUS, cause

REPLICAS_MISSING = "RedisReplicasMissing"
SENTINELS_MISSING = "SentinelsMissing"
PART = "sentinel"
_cause = partial(cause, part=PART)
_AT = {"member": "east-sentinel-1", "instance": "10.0.0.1:9122", "job": "sentinel", "place": "east"}
_TARGET = 'member="east-sentinel-1", instance="10.0.0.1:9122", job="sentinel", place="east"'
_OTHER = 'member="witness-sentinel-1", instance="10.2.0.1:9122", job="sentinel", place="witness"'
_WHO = "{{ $labels.member }} in {{ $labels.place }}"
_MASTER = 'master_address="10.0.0.1:6380", master_name="main"'
_AT_MASTER = {**_AT, "master_address": "10.0.0.1:6380", "master_name": "main"}
_ASK = "On its host: `docker exec CONTAINER redis-as admin SENTINEL CKQUORUM main`."


def sentinels() -> RuleGroup:
    """Rules on the Sentinels."""
    return RuleGroup(
        name=PART,
        rules=[_down(), _no_master(), _disagree(), _missing(), _replicas_missing(), _quorum(), _tilt()],
    )


def _down() -> Alert:
    return _cause(
        "SentinelDown",
        expr='redis_up{job="sentinel"} == 0',
        hold_s=60,
        summary=f"Sentinel {_WHO} does not answer",
        description="Its exporter cannot connect, for 60 s.",
        means="One more, and no majority can make another master.",
        look=[STATUS, LOGS],
        act=["`docker service update --force SERVICE` of the Sentinel, unless its host is down."],
        given={f"redis_up{{{_TARGET}}}": "1x20 0x400"},
        fires=[_AT],
        otherwise={f"redis_up{{{_TARGET}}}": "1x20 0x2 1x400"},
    )


def _no_master() -> Alert:
    ok, down = (
        f'redis_sentinel_master_status{{master_status="{s}", {_MASTER}, {_TARGET}}}' for s in ("ok", "odown")
    )
    return _cause(
        "RedisNoMaster",
        expr='redis_sentinel_master_status{master_status!="ok"}',
        hold_s=30,
        summary="Redis has no master, says {{ $labels.member }}",
        description="It has taken {{ $labels.master_address }} for down ({{ $labels.master_status }}) "
        "for 30 s; "
        "another one should have taken its place within 9 s.",
        means="The API works without its cache: slower, and the database has more to do.",
        look=[STATUS, _ASK, REPLICATION],
        act=[
            "Without a quorum bring a Sentinel back: SentinelQuorumLost.",
            "Without a replica bring a node back: RedisReplicasMissing.",
        ],
        given={ok: "1x20 stale", down: "_x21 0x400"},
        fires=[{**_AT_MASTER, "master_status": "odown"}],
        otherwise={ok: "1x20 _x1 1x400", down: "_x20 0x1 stale"},
    )


def _disagree() -> Alert:
    east = f'redis_sentinel_master_status{{master_status="ok", {_MASTER}, {_TARGET}}}'
    other = (
        'redis_sentinel_master_status{master_status="ok", master_address="10.1.0.1:6380", '
        f'master_name="main", {_OTHER}}}'
    )
    return _cause(
        "SentinelsDisagree",
        expr=(
            "count by (master_name) (count by (master_name, master_address) "
            "(redis_sentinel_master_status)) > 1"
        ),
        hold_s=60,
        summary="The Sentinels name {{ $value }} masters",
        description="They have not agreed for 60 s.",
        means="They do not hear one another. Each balancer goes by the nodes' own word, so users reach "
        "the one "
        "that has a replica.",
        look=[_ASK, "Is a place cut off? RegionLost, WitnessLost."],
        act=["Give them the way back: port 26379 between all places."],
        given={east: "1x400", other: "_x20 1x400"},
        fires=[{"master_name": "main"}],
        otherwise={other: "_x20 1x1 stale"},
    )


def _missing() -> Alert:
    ok = f"redis_sentinel_master_ok_sentinels{{{_MASTER}, {_TARGET}}}"
    return _cause(
        SENTINELS_MISSING,
        expr="redis_sentinel_master_ok_sentinels < redis_sentinel_master_sentinels",
        hold_s=180,
        summary="Sentinel {{ $labels.member }} misses others",
        description="It hears {{ $value }} of them, itself among them, for 3 min.",
        means="Less is left to lose before no majority is there.",
        look=[_ASK],
        act=["Bring it back, see SentinelDown; else it is the way between them."],
        given={ok: "3x20 2x400", f"redis_sentinel_master_sentinels{{{_MASTER}, {_TARGET}}}": "3x420"},
        fires=[_AT_MASTER],
        otherwise={ok: "3x20 2x8 3x400"},
    )


def _replicas_missing() -> Alert:
    ok = f"redis_sentinel_master_ok_slaves{{{_MASTER}, {_TARGET}}}"
    return _cause(
        REPLICAS_MISSING,
        expr="redis_sentinel_master_ok_slaves < redis_sentinel_master_slaves",
        hold_s=180,
        summary="Redis' master {{ $labels.master_address }} misses replicas",
        description="{{ $value }} answer, says {{ $labels.member }}, for 3 min.",
        means="With none, the master refuses writes and none can take its place.",
        look=[REPLICATION, STATUS],
        act=["Bring the node back, see RedisDown and RedisReplicaLinkDown."],
        given={ok: "2x20 1x400", f"redis_sentinel_master_slaves{{{_MASTER}, {_TARGET}}}": "2x420"},
        fires=[_AT_MASTER],
        otherwise={ok: "2x20 1x8 2x400"},
    )


def _quorum() -> Alert:
    message = 'message="NOQUORUM", master_name="main"'
    quorum = f"redis_sentinel_master_ckquorum_status{{{message}, {_TARGET}}}"
    return _cause(
        "SentinelQuorumLost",
        expr="redis_sentinel_master_ckquorum_status == 0",
        hold_s=60,
        summary=f"Sentinel {_WHO} sees no quorum",
        description="{{ $labels.message }}",
        means="When the master is lost, nobody takes its place.",
        look=[_ASK],
        act=["Bring Sentinels back until a majority is there."],
        given={quorum: "_x20 0x400"},
        fires=[{**_AT, "message": "NOQUORUM", "master_name": "main"}],
        otherwise={quorum: "_x20 0x2 stale"},
    )


def _tilt() -> Alert:
    tilt = f"redis_sentinel_tilt{{{_TARGET}}}"
    return _cause(
        "SentinelTilt",
        expr="redis_sentinel_tilt == 1",
        hold_s=120,
        summary=f"Sentinel {_WHO} does not trust its clock",
        description="It has been in tilt mode for 2 min.",
        means="It watches, and does nothing: it takes no part in a failover.",
        look=["HostCpuShort, HostClockSkew on its host."],
        act=["It goes on by itself 30 s after its host's clock runs evenly."],
        given={tilt: "0x20 1x400"},
        fires=[_AT],
        otherwise={tilt: "0x20 1x2 0x400"},
    )
