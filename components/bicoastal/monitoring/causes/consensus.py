"""etcd, by its own metrics."""

from dataclasses import replace
from functools import partial

from ..rules import Alert, RuleGroup
from ..trials import Trial
from .cause import LOGS, SERVICES, cause
from .thresholds import Thresholds

VOTERS_MISSING = "EtcdMembersMissing"
PART = "etcd"
_cause = partial(cause, part=PART)
_AT = {"member": "east-etcd-1", "instance": "10.0.0.1:2381", "job": "etcd", "place": "east"}
_TARGET = 'member="east-etcd-1", instance="10.0.0.1:2381", job="etcd", place="east"'
_WHO = "{{ $labels.member }} in {{ $labels.place }}"
_ETCDCTL = "In a voter's container: `etcdctl endpoint status --cluster --write-out table`."
_DISK = [
    "Give it a disk of its own, or a faster one.",
    "What else writes there? `iostat -x 5 3` on its host.",
]


def consensus(t: Thresholds) -> RuleGroup:
    """Rules on the voters."""
    return RuleGroup(
        name=PART,
        rules=[_down(), _no_leader(), _members(), *_slow(t), _quota(t), _elections(t)],
    )


def _down() -> Alert:
    return _cause(
        "EtcdDown",
        expr='up{job="etcd"} == 0',
        hold_s=60,
        summary=f"Voter {_WHO} does not answer",
        description="Its metrics have not been there for 60 s.",
        means="One more, and there may be no majority: then nobody can be primary.",
        look=[_ETCDCTL, SERVICES, LOGS],
        act=["`docker service update --force SERVICE` of the voter, unless its host is down."],
        given={f"up{{{_TARGET}}}": "1x20 0x400"},
        fires=[_AT],
        otherwise={f"up{{{_TARGET}}}": "1x20 0x2 1x400"},
    )


def _no_leader() -> Alert:
    leader = f"etcd_server_has_leader{{{_TARGET}}}"
    return _cause(
        "EtcdNoLeader",
        expr="etcd_server_has_leader == 0",
        hold_s=30,
        summary=f"Voter {_WHO} has no leader",
        description="For 30 s; an election takes about one.",
        means="It sees no majority. If none does, the primary steps down and no other is promoted.",
        look=[_ETCDCTL, "Is it one voter, cut off, or all of them? RegionLost, WitnessLost."],
        act=["Bring voters back until there is a majority.", "A lost majority for good: docs/failover.md."],
        given={leader: "1x20 0x400"},
        fires=[_AT],
        otherwise={leader: "1x20 0x1 1x400"},
    )


def _members() -> Alert:
    peer = f'etcd_network_active_peers{{Local="a", Remote="b", {_TARGET}}}'
    return _cause(
        VOTERS_MISSING,
        # The series of a peer that is gone stays, at 0.
        expr="etcd_network_active_peers == 0",
        hold_s=180,
        summary=f"Voter {_WHO} does not reach {{{{ $labels.Remote }}}}",
        description="For 3 min.",
        means="Less is left to lose before there is no majority.",
        look=[_ETCDCTL, "EtcdDown names one that is down; else it is the way between them."],
        act=["Bring it back, or the way: port 2380 between all places, certificates."],
        given={peer: "1x20 0x400"},
        fires=[{**_AT, "Local": "a", "Remote": "b"}],
        otherwise={peer: "1x20 0x8 1x400"},
    )


def _slow(t: Thresholds) -> list[Alert]:
    def slow(name: str, metric: str, more: str, limit: float, what: str, means: str, act: list[str]) -> Alert:
        by = "instance, member, place" + (", To" if more else "")
        bounds = [0.001 * 2**n for n in range(14)]
        above = next(bound for bound in bounds if bound > limit * 2)
        series = f"{metric}_bucket{{{more}{_TARGET}"
        at = {key: _AT[key] for key in ("member", "instance", "place")}
        alert = _cause(
            name,
            # Held for longer than it looks back: what was slow once, as at a start, is over by then.
            expr=f"histogram_quantile(0.99, sum by (le, {by}) (rate({metric}_bucket[5m]))) > {limit:g}",
            hold_s=600,
            summary=f"Voter {_WHO} {what}",
            description="1 % take over {{ $value | humanizeDuration }}.",
            means=means,
            look=[_ETCDCTL, "HostDiskSlow, HostCpuShort on its host."],
            act=act,
            given={
                f'{series}, le="{limit:g}"}}': "0+90x400",
                f'{series}, le="{above:g}"}}': "0+100x400",
                f'{series}, le="+Inf"}}': "0+100x400",
            },
            fires=[{**at, **({"To": "b"} if more else {})}],
            otherwise={f'{series}, le="{limit:g}"}}': "0+100x400"},
        )
        start = {**alert.firing.series, f'{series}, le="{limit:g}"}}': "0+0x8 0+100x400"}
        return replace(alert, also_quiet=[Trial(series=start, at_s=780)])

    return [
        slow(
            "EtcdFsyncSlow",
            "etcd_disk_wal_fsync_duration_seconds",
            "",
            t.fsync_s,
            "writes its log slowly",
            "Heartbeats come late: elections, and at worst a failover that nobody needed.",
            _DISK,
        ),
        slow(
            "EtcdCommitSlow",
            "etcd_disk_backend_commit_duration_seconds",
            "",
            t.commit_s,
            "commits slowly",
            "Leases are renewed late; at worst the primary steps down.",
            _DISK,
        ),
        slow(
            "EtcdPeersSlow",
            "etcd_network_peer_round_trip_time_seconds",
            'To="b", ',
            t.round_trip_s,
            "waits for its peers",
            "Each vote takes a round trip. Elections are lost when it nears the election's time.",
            [
                "Is the link between the places full? Who uses it?",
                "A longer heartbeat, in the timing profile.",
            ],
        ),
    ]


def _quota(t: Thresholds) -> Alert:
    size = f"etcd_mvcc_db_total_size_in_bytes{{{_TARGET}}}"
    return _cause(
        "EtcdQuotaNearLimit",
        expr=f"etcd_mvcc_db_total_size_in_bytes / (etcd_server_quota_backend_bytes > 0) > {t.quota_used:g}",
        hold_s=600,
        summary=f"The store of {_WHO} is almost full",
        description="{{ $value | humanizePercentage }} of its quota is used.",
        means="At the quota it takes no writes: no lease is renewed, and the primary steps down.",
        look=[_ETCDCTL],
        act=[
            "`etcdctl compact REVISION`, then `etcdctl defrag` for one voter after the other.",
            "Who writes so much?",
        ],
        given={
            size: f"{1e9 * (t.quota_used + 1) / 2:.0f}x400",
            f"etcd_server_quota_backend_bytes{{{_TARGET}}}": "1e9x400",
        },
        fires=[_AT],
        otherwise={size: f"{1e9 * t.quota_used / 2:.0f}x400"},
    )


def _elections(t: Thresholds) -> Alert:
    changes = f"etcd_server_leader_changes_seen_total{{{_TARGET}}}"
    return _cause(
        "EtcdLeaderChanges",
        expr=f"increase(etcd_server_leader_changes_seen_total[15m]) >= {t.leader_changes}",
        summary=f"{_WHO} sees one election after the other",
        description="{{ $value | humanize }} within 15 min.",
        means="A slow disk, a full host or a bad link: each election stops the store for a moment.",
        look=[_ETCDCTL, "EtcdFsyncSlow, EtcdPeersSlow, HostCpuShort."],
        act=["Mend what is slow. Do not move the leader by hand meanwhile."],
        given={changes: f"1x170 {t.leader_changes + 2}x230"},
        fires=[_AT],
        otherwise={changes: "1x170 2x230"},
    )
