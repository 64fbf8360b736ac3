"""The stage of a run: the twin healthy with the primary at home before it, and as it was found after it."""

import os
import random
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, closing, contextmanager, suppress

import httpx
import psycopg

from ...operations.cluster import Cluster, MemberState
from ..health import services
from ..twin import Twin
from .load import Load, longest_gap
from .outcome import Event, Kind, Measure, Outcome, Timeline
from .table import primary, rows_of

Say = Callable[[str], None]
Moment = tuple[float, Kind, str]
"""When on the monotonic clock, and what happened."""

WARM_UP_WRITES, WARM_UP_READS = 20, 10
SETTLED_S = 5.0
"""Seconds after the fault from which on an answer counts as recovery, and for which recovery is watched."""
REDUNDANCY_LIMIT_S = 180.0
HOME_LIMIT_S = 120.0
LEADER_LIMIT_S = 30.0


class DrillImpossible(Exception):
    """The twin is not in a state to be drilled, or could not be restored; the text says what to do."""


@contextmanager
def staged(twin: Twin, drill: str, run: str, say: Say) -> Iterator["Stage"]:
    """Prepare the twin, and restore it at the end: after an exception and after Ctrl-C too.

    Raises `DrillImpossible` when it is not healthy to begin with, or does not become so again.
    """
    with closing(twin.cluster()) as cluster:
        stage = Stage(twin, cluster, drill, run, say)
        with stage.prepared():
            yield stage


class Stage:
    """What a drill is given: the twin, users at work, and the means to hurt it and to note what happened.

    Every fault comes with its repair, so that a run which breaks leaves nothing behind.
    """

    def __init__(self, twin: Twin, cluster: Cluster, drill: str, run: str, say: Say) -> None:
        self.twin, self.cluster, self.drill, self.run, self.say = twin, cluster, drill, run, say
        topology = twin.environment.topology
        self.home = topology.primary_region.name
        (self.other,) = (region.name for region in topology.regions if region.name != self.home)
        """The region that the primary is in when a run begins, and the one beside it."""
        self.load = Load(twin.edge.url, twin.layout.folder / "drills" / f"{run}.jsonl", run)
        self.fault_at: float | None = None
        """When the first fault came, on this machine's monotonic clock, which every container shares."""
        self._began = time.monotonic()
        self._first_primary = ""
        self._events: list[Moment] = []
        self._repairs, self._endings = ExitStack(), ExitStack()

    @property
    def budget_s(self) -> float:
        """The failover budget that the plan promises."""
        return float(self.twin.environment.exports["failover_budget"]["total_s"])

    @property
    def see_status(self) -> str:
        """Where more is to be seen, for messages."""
        return f"see: bicoastal status {self.twin.layout.name}"

    @property
    def bring_up_first(self) -> str:
        """The way out where the twin cannot be drilled, for messages."""
        return f"bring the twin up first: bicoastal up {self.twin.layout.name}"

    @property
    def patience_s(self) -> float:
        """How long an answer is waited for before a run goes on without one."""
        return 2 * float(self.twin.environment.exports["failover_budget"]["limit_s"])

    @property
    def leader(self) -> MemberState:
        """The primary, by its own word too. Raises `DrillImpossible` when there is none for 30 s."""
        found: list[MemberState] = []

        def is_found() -> bool:
            leader = self.cluster.state().leader
            if leader is not None and self.cluster.is_primary(leader.name):
                found.append(leader)
            return bool(found)

        if not self.within(LEADER_LIMIT_S, is_found):
            raise DrillImpossible(f"there is no running primary; {self.see_status}")
        return found[0]

    # Before and after

    @contextmanager
    def prepared(self) -> Iterator[None]:
        """Prepare for a `with` block, and restore at its end, however that comes."""
        self.prepare()
        try:
            yield
        finally:
            self.restore()

    def prepare(self) -> None:
        """Wait for full redundancy, with the primary at home and the edge sending users there."""
        if not self.within(60, self._well):
            raise DrillImpossible(f"the cluster is not fully redundant; {self.bring_up_first}")
        self.bring_home()
        if not self.within(REDUNDANCY_LIMIT_S, self._well):
            raise DrillImpossible(f"no full redundancy after the switchover; {self.see_status}")
        self._began, self._first_primary = time.monotonic(), self.leader.name

    def restore(self) -> None:
        """Repair what is still broken, and leave the twin as it was found. Raises `DrillImpossible`."""
        self.load.stop()
        with self._endings:
            self._repairs.close()
        self.say("restoring the twin")
        if not self.within(REDUNDANCY_LIMIT_S, self._well):
            raise DrillImpossible(
                f"the twin is not fully redundant {REDUNDANCY_LIMIT_S:g} s after the repair;"
                f" {self.see_status}; bring it to what is declared with: bicoastal up {self.twin.layout.name}"
            )
        self.bring_home()

    def bring_home(self) -> None:
        """Move the primary home by a planned switchover, and wait until the edge sends users there."""
        if self.leader.place != self.home:
            self.say(f"moving the primary from {self.leader.place} back to {self.home}")
        refusals: list[str] = []
        if not self.within(HOME_LIMIT_S, lambda: self._is_home(refusals)):
            why = f": {refusals[-1]}" if refusals else ""
            raise DrillImpossible(
                f"the primary did not come to {self.home} within {HOME_LIMIT_S:g} s{why}; {self.see_status}"
            )

    def switch_over(self, region: str) -> str:
        """Ask for a switchover to the region; why it was refused, or nothing. Only a member that is
        synchronous at this moment is accepted, and which that is changes: ask again."""
        try:
            self.cluster.switch_over(region)
        except httpx.HTTPStatusError as error:
            return error.response.text
        except httpx.HTTPError as error:
            return str(error)
        return ""

    def _is_home(self, refusals: list[str]) -> bool:
        leader = self.cluster.state().leader
        if leader is not None and leader.place != self.home and (why := self.switch_over(self.home)):
            refusals.append(why)
        return (
            leader is not None and leader.place == self.home and bool(self.twin.edge.pools().get(self.home))
        )

    # Users, faults, repairs

    @contextmanager
    def users(self, rate: float | None = None) -> Iterator[Load]:
        """Writers and readers at work through the edge, warmed up; at the end none is left. Each of them
        sends `rate` requests per second, where that is said."""
        self.load.rate = rate or self.load.rate
        with self.load as load:
            load.wait_for_acknowledgements(WARM_UP_WRITES, limit_s=30)
            load.wait_for_reads(WARM_UP_READS, limit_s=30)
            yield load

    def random_phase(self) -> float:
        """Wait for a random part of the edge's interval, so that runs meet every phase of its probes."""
        phase_s = random.uniform(0, self.twin.environment.monitor.interval_s)  # noqa: S311 no secret
        time.sleep(phase_s)
        return round(phase_s, 1)

    def strike(
        self, text: str, fault: Callable[[], object], repair: Callable[[], object] | None = None
    ) -> float:
        """Inject a fault; when that began, on the monotonic clock. `repair` is done by `heal`, or at the end
        at the latest."""
        if repair is not None:
            self._repairs.callback(repair)
        at = time.monotonic()
        if self.fault_at is None:
            self.fault_at = at
        self._note(at, Kind.FAULT, text)
        fault()
        return at

    def heal(self, text: str) -> float:
        """Repair every fault so far; when that began, on the monotonic clock."""
        at = time.monotonic()
        self._note(at, Kind.HEAL, text)
        self._repairs.close()
        return at

    def at_the_end(self, undo: Callable[[], object]) -> None:
        """Have something undone when the run ends and every fault is repaired: it is no fault, and `heal`
        leaves it."""
        self._endings.callback(undo)

    def note(self, text: str, at: float | None = None) -> None:
        """Put something that happened on the timeline."""
        self._note(time.monotonic() if at is None else at, Kind.NOTE, text)

    # Waiting

    def within(self, limit_s: float, holds: Callable[[], bool]) -> bool:
        """Whether it came to hold within the limit."""
        deadline = time.monotonic() + limit_s
        while True:
            if holds():
                return True
            if time.monotonic() > deadline:
                return False
            time.sleep(0.5)

    def recovered(self, since: float | None = None) -> float:
        """Wait until writes and reads are answered again, and some seconds more; the moment of the end."""
        settled = (since or self.fault_at or self._began) + SETTLED_S
        deadline = time.monotonic() + self.patience_s
        while time.monotonic() < deadline:
            if all(answers and answers[-1].at > settled for answers in (self.load.writes, self.load.reads)):
                time.sleep(SETTLED_S)
                break
            time.sleep(0.1)
        return time.monotonic()

    def redundancy_since(self, at: float) -> Measure:
        """Wait until any region may be lost again: seconds since `at`, infinite when that never came."""
        came = self.within(REDUNDANCY_LIMIT_S, self._well)
        seconds = time.monotonic() - at if came else float("inf")
        return Measure("full redundancy", seconds, REDUNDANCY_LIMIT_S)

    # What was seen

    def gaps(self, until: float, limit_s: float) -> list[Measure]:
        """The longest time from the fault on in which no write, and no read, was answered."""
        fault_at = self.fault_at or self._began
        return [
            Measure("write gap", longest_gap(self.load.writes, fault_at, until), limit_s),
            Measure("read gap", longest_gap(self.load.reads, fault_at, until), limit_s),
        ]

    def lost(self, bound: int = 0, in_doubt: int | None = None) -> list[Measure]:
        """Acknowledged writes that the database lacks, at most `bound`, once the users have stopped; and rows
        that it has though nobody was told, at most `in_doubt`."""
        self.load.stop()
        rows = self._rows()
        return [
            Measure("acknowledged writes lost", len(self.load.acknowledged - rows), bound, "rows"),
            Measure("stored but unacknowledged", len(rows - self.load.acknowledged), in_doubt, "rows"),
        ]

    def two_primaries(self, last_old: float) -> Measure:
        """For how long the old primary acknowledged beside the new one: from the promotion to `last_old`,
        when the old one acknowledged for the last time. Raises as `failovers` does."""
        return Measure("two primaries acknowledge", max(0.0, last_old - self.promoted_at()), 0)

    def promoted_at(self) -> float:
        """When another member first became the primary; infinite when none did. Raises as `failovers` does.

        Patroni's history has the moment at which the new primary's Postgres wrote that its timeline begins:
        by the wall clock of this machine, to a tick of the kernel, and before it could take a write.
        """
        return min((at for at, _, _ in self._promotions()), default=float("inf"))

    def first_answer_of_the_new(self) -> float:
        """When users were first told of a write after the first promotion, which takes the edge some probes;
        infinite when never. Raises as `failovers` does."""
        promoted = self.promoted_at()
        return min((answer.at for answer in self.load.writes if answer.at > promoted), default=float("inf"))

    def failovers(self) -> int:
        """How often the primary changed since the run began, by the cluster's own history. Raises
        `httpx.HTTPError` when nobody tells it, or all of it: nothing is known then, and no run may pass."""
        return len(self._promotions())

    def outcome(self, measures: Sequence[Measure], notes: Mapping[str, object] | None = None) -> Outcome:
        """What the run showed. Raises as `failovers` does."""
        lost = next((m for m in measures if m.name == "acknowledged writes lost"), None)
        return self._outcome(measures, notes or {}, int(lost.value) if lost else 0, self._promotions())

    def broken(self) -> Outcome:
        """What a run that came to no result has shown until then."""
        promotions: list[Moment] = []
        with suppress(httpx.HTTPError):  # it may be what broke the run
            promotions = self._promotions() if self._first_primary else []
        return self._outcome([], {}, 0, promotions)

    def _outcome(
        self,
        measures: Sequence[Measure],
        notes: Mapping[str, object],
        lost: int,
        promotions: Sequence[Moment],
    ) -> Outcome:
        fault_at = self.fault_at or self._began
        database, monitor = self.twin.environment.database, self.twin.environment.monitor
        events = [Event(at - fault_at, kind, text) for at, kind, text in (*self._events, *promotions)]
        return Outcome(
            drill=self.drill,
            run=self.run,
            settings={
                "mode": database.mode.value,
                "timing": database.timing.value,
                "probes": f"{monitor.consecutive_down} x {monitor.interval_s} s",
                "budget_s": self.budget_s,
            },
            measures=measures,
            acknowledged=len(self.load.acknowledged),
            lost=lost,
            events=sorted(events, key=lambda event: event.at_s),
            timeline=Timeline.of(
                [(answer.at - fault_at, answer.region) for answer in self.load.writes],
                [self.home, self.other],
            ),
            notes={**notes, "load of the machine": round(os.getloadavg()[0], 1)},
        )

    def _rows(self) -> set[tuple[str, int]]:
        """What the primary has of this run. Raises psycopg's error when it cannot be asked for 30 s."""
        deadline = time.monotonic() + LEADER_LIMIT_S
        while True:
            try:
                with primary(self.twin, self.leader.place) as connection:
                    return rows_of(connection, self.run)
            except psycopg.OperationalError:
                if time.monotonic() > deadline:
                    raise
                time.sleep(0.5)

    def _promotions(self) -> list[Moment]:
        """Each change of the primary since the run began. A new primary notes its own within some loops of
        Patroni, and who was away may tell an old history: it counts once it leads to the primary there is."""
        told: list[tuple[float, str]] = []

        def is_up_to_date() -> bool:
            told[:] = self._changes_told()
            last, now = told[-1][1] if told else self._first_primary, self.cluster.state().leader
            return now is not None and now.name == last

        if not self.within(LEADER_LIMIT_S, is_up_to_date):
            raise httpx.HTTPError("the cluster's history does not tell how its primary came to be one")
        return [(at, Kind.PROMOTION, f"{leader} promoted") for at, leader in told]

    def _changes_told(self) -> list[tuple[float, str]]:
        to_monotonic = time.monotonic() - time.time()
        changes, leader = [], self._first_primary
        for promotion in self.cluster.history():
            at = promotion.at + to_monotonic
            if at > self._began and promotion.leader != leader:
                leader = promotion.leader
                changes.append((at, leader))
        return changes

    def _note(self, at: float, kind: Kind, text: str) -> None:
        self._events.append((at, kind, text))
        self.say(f"{at - (self.fault_at or at):+.1f} s: {text}")

    def _well(self) -> bool:
        return self.cluster.redundant() and self._all_healthy()

    def _all_healthy(self) -> bool:
        with self.twin.engines() as engines:
            looks = [look for place, engine in engines.items() for look in services(place, engine)]
        return bool(looks) and all(look.healthy for look in looks)
