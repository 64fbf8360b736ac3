"""A planned move of the primary to the other region, and back home."""

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import asdict, dataclass, field

import httpx

from ..checks.problem import Problem
from .cluster import Cluster, ClusterState
from .environment import RunningEnvironment, Say
from .lock import exclusively
from .refusal import OperationFailed, Refused

ATTEMPTS = 3
"""Who is synchronous changes: Patroni may refuse a member that was a standby a moment ago."""
REDUNDANCY_LIMIT_S = 180.0
READINESS_LIMIT_S = 600.0
_PROMOTION_LIMIT_S = 30.0
_LOOK_S = 0.05


@dataclass(frozen=True)
class Switchover:
    """What a planned move came to."""

    primary_before: str
    primary: str
    write_gap_s: float
    """Seconds from the request until the new primary said that it is writable: the most that writes stood
    still, but for the half second in which balancers notice."""
    redundant_after_s: float
    """Seconds from then until any region might be lost again: all members streaming and, in a synchronous
    mode, a synchronous copy in the other region."""
    cache: str
    """Where the Redis master is now, and why it did not come along where it did not. It is a cache: the API
    goes on without it, so it holds up no move of the primary."""

    def as_json(self) -> dict[str, object]:
        """For `--json`."""
        return asdict(self)


def switch_over(
    environment: RunningEnvironment, region: str, say: Say, member: str | None = None
) -> Switchover:
    """Move the primary to `region`, there to `member` or to whoever is a synchronous standby, and wait until
    the cluster is redundant again.

    Raises `Refused`, with nothing changed, for an unknown region, the region where the primary is, a region
    that cannot be reached, one without a synchronous standby, a `member` that is none, and while another
    operation is under way; `OperationFailed` when the move was begun and did not come to its end.
    """
    _require_region(environment, region)
    with exclusively(environment.folder, "switchover"), closing(environment.cluster()) as cluster:
        _require_candidate(environment, cluster, region, member)
        return _move(environment, cluster, region, member, say)


def fail_back(environment: RunningEnvironment, say: Say, limit_s: float = READINESS_LIMIT_S) -> Switchover:
    """Move the primary to the region that is declared to have it, once all members stream and one there is
    synchronous; `say` is told what it waits for.

    Raises as `switch_over` does, and `Refused` when the cluster is not ready after `limit_s` seconds.
    """
    home = environment.topology.primary_region.name
    with exclusively(environment.folder, "failback"), closing(environment.cluster()) as cluster:
        _require_reachable(environment, home)
        _require_elsewhere(environment, cluster.state(), home)
        _wait_until_ready(environment, cluster, home, say, limit_s)
        _require_candidate(environment, cluster, home, None)
        return _move(environment, cluster, home, None, say)


def _require_region(environment: RunningEnvironment, region: str) -> None:
    if not environment.topology.is_region(region):
        regions = ", ".join(place.name for place in environment.topology.regions)
        raise Refused(Problem("region", "no such region", repr(region), regions, "name one of these"))


def _require_reachable(environment: RunningEnvironment, region: str) -> None:
    reason = environment.unreachable(region)
    if reason is not None:
        raise Refused(
            Problem(
                "region",
                "cannot be reached",
                f"{region!r} ({reason})",
                "a region that runs",
                f"bring it back and see it rejoin with: bicoastal status {environment.name}",
            )
        )


def _require_elsewhere(environment: RunningEnvironment, state: ClusterState, region: str) -> None:
    if state.leader is None:
        raise Refused(
            Problem(
                "region",
                "there is no primary to take over from",
                repr(region),
                "a cluster with a running primary",
                f"wait for the promotion, then ask again; see: bicoastal status {environment.name}",
            )
        )
    if state.leader.place == region:
        others = ", ".join(place.name for place in environment.topology.regions if place.name != region)
        raise Refused(
            Problem(
                "region",
                f"the primary {state.leader.name} is there already",
                repr(region),
                others,
                "nothing needs doing, or name the other region",
            )
        )


def _require_candidate(
    environment: RunningEnvironment, cluster: Cluster, region: str, member: str | None
) -> None:
    _require_reachable(environment, region)
    state = cluster.state()
    _require_elsewhere(environment, state, region)
    here = [found for found in state.members if found.place == region]
    if member is not None and member not in [found.name for found in here]:
        names = ", ".join(found.name for found in here) or "none"
        raise Refused(
            Problem("member", f"no member in {region}", repr(member), names, "name one of these, or none")
        )
    candidate = state.candidate(region, member)
    synchronous = environment.database.synchronous
    if candidate is None or (synchronous and candidate.role != "sync_standby"):
        told = ", ".join(f"{m.name}: {m.role}, {m.state}" for m in here if member in (None, m.name))
        raise Refused(
            Problem(
                "member" if member else "region",
                "no synchronous standby" if synchronous else "no streaming standby",
                told or "no member",
                "a synchronous standby, which holds every acknowledged row" if synchronous else "a standby",
                "wait until the cluster says `synchronous copy in the other region: yes`, "
                f"or let it choose the member; see: bicoastal status {environment.name}",
            )
        )
    if not cluster.answers(candidate.name):
        raise Refused(
            Problem(
                "region",
                "its standby does not answer",
                candidate.name,
                "a member that answers from here",
                f"see whether {region} is cut off: bicoastal status {environment.name}",
            )
        )


def _wait_until_ready(
    environment: RunningEnvironment, cluster: Cluster, home: str, say: Say, limit_s: float
) -> None:
    deadline, said = time.monotonic() + limit_s, ""
    while True:
        missing = _not_ready(environment, cluster.state(), home)
        if not missing:
            return
        if missing != said:
            say(f"waiting for {missing}")
            said = missing
        if time.monotonic() > deadline:
            raise Refused(
                Problem(
                    "failback",
                    f"not ready after {limit_s:.0f} s",
                    missing,
                    "all members streaming, one of the home region synchronous",
                    f"see what keeps it: bicoastal status {environment.name}",
                )
            )
        time.sleep(1)


def _not_ready(environment: RunningEnvironment, state: ClusterState, home: str) -> str:
    """What is missing for a move home; empty when nothing is."""
    if state.leader is None:
        return "a running primary"
    found = {member.name: member for member in state.members}
    behind = [
        f"{member.name} ({found[member.name].state if member.name in found else 'away'})"
        for member in environment.database.members(environment.topology)
        if member.name not in found or not found[member.name].well
    ]
    if behind:
        return f"{', '.join(behind)} to stream"
    if len({member.timeline for member in state.members}) > 1:
        return "all members to be on one timeline"
    candidate = state.candidate(home)
    if candidate is None or (environment.database.synchronous and candidate.role != "sync_standby"):
        return f"a synchronous standby in {home}"
    return ""


def _move(
    environment: RunningEnvironment, cluster: Cluster, region: str, member: str | None, say: Say
) -> Switchover:
    leader = cluster.state().leader
    before = leader.name if leader else "none"
    names = [m.name for m in environment.database.members(environment.topology) if m.place == region]
    watch = _Promotion(lambda: next((name for name in names if cluster.is_primary(name)), None))
    with watch.running():
        _ask(cluster, region, member, watch, say)
        if not watch.seen.wait(_PROMOTION_LIMIT_S):
            now = cluster.state().leader
            raise OperationFailed(
                f"switchover to {region}: asked for, but no member there became primary within "
                f"{_PROMOTION_LIMIT_S:.0f} s; the primary is now: {now.name if now else 'none'}. "
                f"See: bicoastal status {environment.name}"
            )
    say(f"{watch.primary} is primary after {watch.gap_s:.1f} s; waiting until the cluster is redundant")
    redundant_after_s = _until_redundant(environment, cluster, watch.primary)
    return Switchover(
        primary_before=before,
        primary=watch.primary,
        write_gap_s=round(watch.gap_s, 2),
        redundant_after_s=round(redundant_after_s, 1),
        cache=_move_cache(environment, region, say),
    )


def _move_cache(environment: RunningEnvironment, region: str, say: Say) -> str:
    """Move the Redis master to the primary's region, where its reader is; what came of it."""
    with closing(environment.redis()) as redis:
        master = redis.state().master
        if master is not None and master.place == region:
            return f"the Redis master is in {region}"
        try:
            held_s = redis.switch_over(region)
        except (Refused, OperationFailed) as error:
            say(f"the Redis master did not come along: {error}")
            return f"the Redis master is in {master.place if master else 'no place'}: {error}"
    return f"the Redis master is in {region}, writes to it held back for {held_s:.1f} s"


def _ask(cluster: Cluster, region: str, member: str | None, watch: "_Promotion", say: Say) -> None:
    for attempt in range(1, ATTEMPTS + 1):
        watch.asked_at = time.monotonic()
        try:
            cluster.switch_over(region, member)
            return
        except httpx.HTTPError as error:
            leader = cluster.state().leader
            if watch.seen.is_set() or (leader is not None and leader.place == region):
                return
            if attempt == ATTEMPTS:
                where = f"the primary is still {leader.name}" if leader else "there is no primary now"
                raise OperationFailed(f"switchover to {region}: {error}; {where}") from error
            say(f"not yet: {error}")
            time.sleep(1)


def _until_redundant(environment: RunningEnvironment, cluster: Cluster, primary: str) -> float:
    since = time.monotonic()
    while not cluster.redundant():
        if time.monotonic() - since > REDUNDANCY_LIMIT_S:
            raise OperationFailed(
                f"{primary} is primary, but the cluster is not redundant after {REDUNDANCY_LIMIT_S:.0f} s: "
                f"do not lose a region now. See: bicoastal status {environment.name}"
            )
        time.sleep(0.5)
    return time.monotonic() - since


@dataclass
class _Promotion:
    """Watches for the moment when a member says that it is primary."""

    who: Callable[[], str | None]
    asked_at: float = 0.0
    primary: str = ""
    gap_s: float = 0.0
    seen: threading.Event = field(default_factory=threading.Event)

    @contextmanager
    def running(self) -> Iterator[None]:
        """Watch in the background, for a `with` block."""
        ended = threading.Event()
        thread = threading.Thread(target=self._watch, args=(ended,), daemon=True)
        thread.start()
        try:
            yield
        finally:
            ended.set()
            thread.join()

    def _watch(self, ended: threading.Event) -> None:
        while not ended.wait(_LOOK_S):
            found = self.who()
            if found is not None:
                self.primary, self.gap_s = found, time.monotonic() - self.asked_at
                self.seen.set()
                return
