"""Patroni: who is primary, and whether the others follow.

Every Prometheus sees the members of both regions (`parts.CLUSTERS`).
"""

from dataclasses import replace
from functools import partial

from ..rules import Alert, RuleGroup
from ..severity import Severity
from ..trials import Trial
from .cause import LOGS, PRIMARY_MOVES, SERVICES, STATUS, cause
from .parts import Parts

PART = "patroni"
NO_PRIMARY = "PostgresNoPrimary"
TWO_PRIMARIES = "PostgresTwoPrimaries"
FAILOVER_S = 120
"""Seconds that a failover may take; after them it does not happen by itself any more."""
LIST = "In a member's container: `with-passwords patronictl -c /etc/patroni/patroni.yml list`."

_cause = partial(cause, part=PART)
_EAST = (
    'scope="main", name="east-postgres-1", member="east-postgres-1", instance="10.0.0.1:8008", '
    'job="patroni", place="east"'
)
_WEST = (
    'scope="main", name="west-postgres-1", member="west-postgres-1", instance="10.1.0.1:8008", '
    'job="patroni", place="west"'
)
_AT_WEST = {
    "scope": "main",
    "name": "west-postgres-1",
    "member": "west-postgres-1",
    "instance": "10.1.0.1:8008",
    "job": "patroni",
    "place": "west",
}
_WHO = "{{ $labels.name }} in {{ $labels.place }}"


def patroni(parts: Parts) -> RuleGroup:
    """Rules on who is primary and who follows."""
    return RuleGroup(
        name=PART,
        rules=[
            _down(),
            _no_primary(),
            _two_primaries(),
            _state(
                "PostgresNotRunning",
                "patroni_postgres_running == 0",
                "patroni_postgres_running",
                bad=0,
                hold_s=60,
                what="runs no Postgres",
                says="Patroni answers, but its Postgres has not run for 60 s.",
                means="A copy is missing, or the primary is being replaced.",
                act="`patronictl reinit main MEMBER` for a copy that cannot start.",
            ),
            _not_streaming(),
            *([_no_synchronous()] if parts.synchronous else []),
            _consensus_unseen(),
            _state(
                "PatroniFailsafe",
                "patroni_failsafe_mode_is_active == 1",
                "patroni_failsafe_mode_is_active",
                bad=1,
                hold_s=60,
                what="works without the consensus store",
                says="It lost the store, and goes on as primary since all members agree.",
                means="Nobody can be promoted until the store is back.",
                act="Go on with the alerts on etcd.",
            ),
            _state(
                "PatroniPaused",
                "patroni_is_paused == 1",
                "patroni_is_paused",
                bad=1,
                hold_s=1800,
                what="is paused",
                says="Automatic failover has been off for half an hour.",
                means="When the primary is lost, nobody takes its place. Somebody forgot it.",
                act="`patronictl resume` in a member's container.",
            ),
            _state(
                "PostgresPendingRestart",
                "patroni_pending_restart == 1",
                "patroni_pending_restart",
                bad=1,
                hold_s=3600,
                what="waits for a restart",
                says="A setting was changed an hour ago that takes effect with a restart only.",
                means="The member works with its old settings; they differ from the others'.",
                act=(
                    "`patronictl restart main MEMBER`: copies first, then the primary, after it was moved: "
                    f"{PRIMARY_MOVES}."
                ),
            ),
            _state(
                "PostgresReplayPaused",
                "patroni_xlog_paused == 1",
                "patroni_xlog_paused",
                bad=1,
                hold_s=300,
                what="does not replay what it receives",
                says="Replay has been paused for 5 min.",
                means="It falls behind, and lacks rows that were acknowledged.",
                act="`SELECT pg_wal_replay_resume()` in its container's `psql`.",
            ),
        ],
    )


def _down() -> Alert:
    return _cause(
        "PatroniDown",
        expr='up{job="patroni"} == 0',
        hold_s=60,
        summary="Patroni of {{ $labels.member }} in {{ $labels.place }} does not answer",
        description="Its REST interface has not answered for 60 s.",
        means="The member counts as lost. Was it the primary, another one is promoted.",
        look=[STATUS, LIST, SERVICES],
        act=["`docker service update --force SERVICE` of the member, unless its host is down."],
        given={f"up{{{_TARGET}}}": "1x20 0x400"},
        fires=[{"member": "west-postgres-1", "instance": "10.1.0.1:8008", "job": "patroni", "place": "west"}],
        otherwise={f"up{{{_TARGET}}}": "1x20 0x2 1x400"},
    )


_TARGET = 'member="west-postgres-1", instance="10.1.0.1:8008", job="patroni", place="west"'


def _no_primary() -> Alert:
    alert = _cause(
        NO_PRIMARY,
        severity=Severity.CRITICAL,
        # Of members that all are gone nobody tells anything.
        expr=(
            "max by (scope) (patroni_cluster_unlocked) == 1 unless on (scope) sum by (scope) "
            '(patroni_primary) > 0 or max(up{job="patroni"}) == 0'
        ),
        hold_s=FAILOVER_S,
        summary="Postgres has no primary",
        description=(
            "Cluster {{ with $labels.scope }}{{ . }} {{ end }}has been without one, or without a member that "
            f"answers, for {FAILOVER_S} s: longer than a failover takes."
        ),
        means="Every write fails in both regions. A failover would have ended by now: it needs a person.",
        look=[STATUS, LIST, "Is a majority of the voters there? EtcdNoLeader, EtcdMembersMissing."],
        act=[
            "Bring back what is lost: a voter first, then a synchronous standby or the old primary.",
            (
                "With a majority of voters: `patronictl failover --candidate MEMBER` promotes; see in the "
                "list who "
                "has all that was acknowledged (`Sync Standby`). Any other member may lack rows."
            ),
        ],
        given={
            f"patroni_cluster_unlocked{{{_EAST}}}": "0x20 1x400",
            f"patroni_primary{{{_EAST}}}": "1x20 0x400",
            f"patroni_primary{{{_WEST}}}": "0x420",
        },
        fires=[{"scope": "main"}],
        # A failover within its budget.
        otherwise={
            f"patroni_cluster_unlocked{{{_EAST}}}": "0x20 1x4 0x400",
            f"patroni_primary{{{_WEST}}}": "0x24 1x400",
        },
        after_s=480,
    )
    gone = Trial(series={f"up{{{_TARGET}}}": "1x20 0x400"}, at_s=480, interval_s=15, fires=[{}])
    one_left = Trial(
        series={f"up{{{_TARGET}}}": "0x400", "up{" + _EAST + "}": "1x400"}, at_s=480, interval_s=15
    )
    return replace(alert, also_firing=[gone], also_quiet=[one_left])


def _two_primaries() -> Alert:
    return _cause(
        TWO_PRIMARIES,
        severity=Severity.CRITICAL,
        expr="sum by (scope) (patroni_primary) > 1",
        # Members are not asked at one moment: within a switchover the old one's word may be 15 s old.
        hold_s=45,
        summary="Postgres has {{ $value }} primaries",
        description="More than one member of {{ $labels.scope }} has called itself primary for 45 s.",
        means="Each may take writes that the other lacks. No user notices, and every minute loses more data.",
        look=[STATUS, LIST, "Which one do the balancers use? `show servers state`, backend `postgres`."],
        act=[
            "Stop the one that does not hold the lock of the list: `docker service scale SERVICE=0`.",
            "Keep its volume: what it alone took is compared by hand before it is cloned anew.",
        ],
        given={f"patroni_primary{{{_EAST}}}": "1x420", f"patroni_primary{{{_WEST}}}": "0x20 1x400"},
        fires=[{"scope": "main"}],
        otherwise={f"patroni_primary{{{_EAST}}}": "1x21 0x400"},
    )


def _not_streaming() -> Alert:
    streaming = f"patroni_postgres_streaming{{{_WEST}}}"
    return _cause(
        "PostgresNotStreaming",
        # Its lag in seconds says 0 then: what it has received it has replayed.
        expr="patroni_replica == 1 and patroni_postgres_streaming == 0",
        hold_s=180,
        summary=f"{_WHO} follows nobody",
        description="A copy has not been streaming for 3 min.",
        means="It lacks all that was written since, and the primary keeps WAL for it.",
        look=[LIST, LOGS, "Is there a primary, and a way to it from that place?"],
        act=[
            "Give the way back.",
            "If it cannot follow any more: `patronictl reinit main MEMBER` clones it.",
        ],
        given={f"patroni_replica{{{_WEST}}}": "1x420", streaming: "1x20 0x400"},
        fires=[_AT_WEST],
        otherwise={streaming: "1x20 0x8 1x400"},
    )


def _no_synchronous() -> Alert:
    standby = f"patroni_sync_standby{{{_WEST}}}"
    # By one who sees one region only, the synchronous copy may be in the other.
    whole = "count by (scope) (count by (scope, place) (patroni_primary)) > 1"
    return _cause(
        "PostgresNoSynchronousStandby",
        expr="sum by (scope) (patroni_sync_standby) + sum by (scope) (patroni_quorum_standby) == 0 "
        f"and on (scope) {whole} and on (scope) sum by (scope) (patroni_primary) == 1",
        hold_s=300,
        summary="No synchronous copy of Postgres",
        description="Cluster {{ $labels.scope }} has had none for 5 min.",
        means="Commits wait for nobody: losing the primary now loses what the copies lack. Nobody is "
        "promoted "
        "who may lack rows.",
        look=[LIST, "PostgresNotStreaming, PatroniDown: which copy is missing?"],
        act=["Bring a copy back; Patroni takes it by itself."],
        given={
            f"patroni_primary{{{_EAST}}}": "1x420",
            f"patroni_primary{{{_WEST}}}": "0x420",
            f"patroni_sync_standby{{{_EAST}}}": "0x420",
            f"patroni_quorum_standby{{{_EAST}}}": "0x420",
            standby: "1x20 0x400",
        },
        fires=[{"scope": "main"}],
        otherwise={standby: "1x20 0x10 1x400"},
    )


def _consensus_unseen() -> Alert:
    seen = f"patroni_dcs_last_seen{{{_WEST}}}"
    return _cause(
        "PatroniConsensusUnseen",
        expr="time() - patroni_dcs_last_seen > 60",
        hold_s=60,
        summary=f"{_WHO} does not reach the consensus store",
        description="For {{ $value | humanizeDuration }}.",
        means="As primary it steps down; as a copy it cannot be promoted.",
        look=["EtcdNoLeader, EtcdMembersMissing, EtcdDown.", LOGS],
        act=["Bring the voters back, or the way to them."],
        given={seen: "0+15x20 300x400"},
        fires=[_AT_WEST],
        otherwise={seen: "0+15x400"},
    )


def _state(
    name: str, expr: str, metric: str, *, bad: int, hold_s: int, what: str, says: str, means: str, act: str
) -> Alert:
    series = f"{metric}{{{_WEST}}}"
    return _cause(
        name,
        expr=expr,
        hold_s=hold_s,
        summary=f"{_WHO} {what}",
        description=says,
        means=means,
        look=[LIST, LOGS],
        act=[act],
        given={series: f"{1 - bad}x20 {bad}x500"},
        fires=[_AT_WEST],
        otherwise={series: f"{1 - bad}x20 {bad}x2 {1 - bad}x500"},
        after_s=6000,
    )
