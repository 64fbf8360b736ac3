"""The drill `region-loss`: the primary's region is killed while users write."""

import random
import secrets
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import asdict, dataclass

import httpx

from ...operations.cluster import Cluster
from ..health import services
from ..twin import Twin
from .load import Load, longest_gap
from .table import primary, rows_of, wal_position

Say = Callable[[str], None]

WARM_UP_S = 5.0
OBSERVED_AFTER_RECOVERY_S = 5.0
FULL_REDUNDANCY_LIMIT_S = 180.0
TRAFFIC_SAMPLES = 40


class DrillImpossible(Exception):
    """The twin is not in a state to be drilled; the text says what to do."""


@dataclass(frozen=True)
class RegionLoss:
    """What one run showed, in seconds, rows and names."""

    run: str
    mode: str
    lost_region: str
    phase_s: float
    """When the fault came, in seconds after the start of the drill's random wait of up to one interval."""
    write_gap_s: float
    read_gap_s: float
    budget_s: float
    acknowledged: int
    lost: int
    lost_bound: int
    """The most acknowledged rows that may be lost, printed before the fault: 0 in a synchronous mode."""
    unacknowledged_rows: int
    """Rows in the table that no client was told of: committed, the acknowledgement lost."""
    redundancy_s: float
    """Seconds from the region's return to all members streaming, all services healthy and, in a synchronous
    mode, a synchronous copy in the other region again."""
    redundancy_budget_s: float
    cloned_anew: tuple[str, ...]
    """Members that had to be cloned: pg_rewind could not bring them back."""
    regions_after_return: dict[str, int]
    """Who answered requests after the region was back, before any switchover."""

    @property
    def passed(self) -> bool:
        """Within the budget, nothing lost beyond the bound, and no traffic to the region that came back."""
        return (
            max(self.write_gap_s, self.read_gap_s) <= self.budget_s
            and self.lost <= self.lost_bound
            and self.redundancy_s <= self.redundancy_budget_s
            and self.lost_region not in self.regions_after_return
        )

    def as_json(self) -> dict[str, object]:
        """For `--json`."""
        return {**asdict(self), "passed": self.passed}


def region_loss(twin: Twin, say: Say) -> RegionLoss:
    """Kill the region that holds the primary and serves users; bring it back; move the primary home.

    The twin is left as it was found. Raises `DrillImpossible` when it is not healthy to begin with.
    """
    cluster = twin.cluster()
    try:
        home = twin.environment.topology.regions[0].name
        _require_health(cluster)
        bring_home(twin, cluster, home, say)
        _require_health(cluster)
        return _drill(twin, cluster, home, say)
    finally:
        cluster.close()


def bring_home(twin: Twin, cluster: Cluster, home: str, say: Say) -> None:
    """Move the primary to `home` by a planned switchover, and wait until the edge sends users there."""
    deadline = time.monotonic() + 120
    while True:
        leader = cluster.state().leader
        if leader is not None and leader.place == home and twin.edge.pools().get(home):
            return
        if leader is not None and leader.place != home:
            say(f"the primary is in {leader.place}: switching over to {home}")
            try:
                cluster.switch_over(home)
            except httpx.HTTPError as error:
                say(f"not yet: {error}")
        if time.monotonic() > deadline:
            raise DrillImpossible(f"the primary did not come to {home} within 120 s; see: bicoastal status")
        time.sleep(1)


def _drill(twin: Twin, cluster: Cluster, region: str, say: Say) -> RegionLoss:
    exports = twin.environment.exports
    budget_s = float(exports["failover_budget"]["total_s"])
    monitor = twin.environment.monitor
    other = next(r.name for r in twin.environment.topology.regions if r.name != region)
    run = f"drill-{secrets.token_hex(3)}"
    journal = twin.layout.folder / "drills" / f"{run}.jsonl"
    with Load(twin.edge.url, journal, run) as load:
        load.wait_for_acknowledgements(20, limit_s=30)
        bound = _loss_bound(twin, load, region)
        say(f"budget {budget_s:g} s; acknowledged rows that may be lost: at most {bound}")
        phase_s = random.uniform(0, monitor.interval_s)  # noqa: S311 no secret
        time.sleep(phase_s)
        fault_at = time.monotonic()
        say(f"killing {region}")
        twin.places.kill(region)
        _wait_for_new_region(load, fault_at, 2 * float(exports["failover_budget"]["limit_s"]))
        time.sleep(OBSERVED_AFTER_RECOVERY_S)
        until = time.monotonic()
        write_gap_s = longest_gap(load.writes, fault_at, until)
        read_gap_s = longest_gap(load.reads, fault_at, until)
        say(f"write gap {write_gap_s:.1f} s, read gap {read_gap_s:.1f} s; bringing {region} back")
        back_at = time.monotonic()
        back_time = int(time.time())
        twin.places.revive(region)
        redundancy_s = _until_redundant(twin, cluster, back_at)
        regions = _who_answers(twin)
        load.stop()
    with primary(twin, other) as connection:
        rows = rows_of(connection, run)
    return RegionLoss(
        run=run,
        mode=twin.environment.database.mode.value,
        lost_region=region,
        phase_s=round(phase_s, 1),
        write_gap_s=round(write_gap_s, 2),
        read_gap_s=round(read_gap_s, 2),
        budget_s=budget_s,
        acknowledged=len(load.acknowledged),
        lost=len(load.acknowledged - rows),
        lost_bound=bound,
        unacknowledged_rows=len(rows - load.acknowledged),
        redundancy_s=round(redundancy_s, 1),
        redundancy_budget_s=FULL_REDUNDANCY_LIMIT_S,
        cloned_anew=_cloned_since(twin, region, back_time),
        regions_after_return=regions,
    )


def _require_health(cluster: Cluster) -> None:
    if not _within(60, cluster.redundant):
        raise DrillImpossible("the cluster is not fully redundant; bring the twin up first: bicoastal up")


def _within(limit_s: float, holds: Callable[[], bool]) -> bool:
    deadline = time.monotonic() + limit_s
    while time.monotonic() < deadline:
        if holds():
            return True
        time.sleep(0.5)
    return False


def _loss_bound(twin: Twin, load: Load, place: str) -> int:
    """What may be lost: in a synchronous mode nothing. In `async`, a promoted standby may lack up to the
    lag bound, and what the primary wrote in the lease since it last told its position; in rows by what a
    row of this very load costs."""
    database = twin.environment.database
    if database.synchronous:
        return 0
    with primary(twin, place) as connection:
        wal, rows, began = wal_position(connection), len(load.writes), time.monotonic()
        time.sleep(WARM_UP_S)
        wal, rows = wal_position(connection) - wal, len(load.writes) - rows
        rate = rows / (time.monotonic() - began)
    bytes_per_row = wal / max(rows, 1)
    return round(database.maximum_lag_bytes / bytes_per_row + rate * database.clocks.ttl_s)


def _wait_for_new_region(load: Load, fault_at: float, limit_s: float) -> None:
    """Wait until writes and reads are answered again."""
    deadline = time.monotonic() + limit_s
    while time.monotonic() < deadline:
        if all(answers and answers[-1].at > fault_at + 5 for answers in (load.writes, load.reads)):
            return
        time.sleep(0.1)


def _until_redundant(twin: Twin, cluster: Cluster, since: float) -> float:
    recovered = _within(FULL_REDUNDANCY_LIMIT_S, lambda: cluster.redundant() and _all_healthy(twin))
    return time.monotonic() - since if recovered else float("inf")


def _all_healthy(twin: Twin) -> bool:
    with twin.engines() as engines:
        looks = [look for place, engine in engines.items() for look in services(place, engine)]
    return bool(looks) and all(look.healthy for look in looks)


def _who_answers(twin: Twin) -> dict[str, int]:
    """Which region's answers the edge passes on, over one interval of its probes and then some."""
    pause = (twin.environment.monitor.interval_s + twin.environment.monitor.timeout_s) / TRAFFIC_SAMPLES
    regions: Counter[str] = Counter()
    with httpx.Client(base_url=twin.edge.url, timeout=5, trust_env=False) as http:
        for _ in range(TRAFFIC_SAMPLES):
            regions[http.get("/health").headers.get("x-region", "none")] += 1
            time.sleep(pause)
    return dict(regions)


def _cloned_since(twin: Twin, place: str, since: int) -> tuple[str, ...]:
    """Members whose log says that their data was copied anew after the region was back."""
    with twin.engines([place]) as engines:
        members = [s for s in engines[place].services.list() if "_postgres-" in s.name]
        return tuple(
            service.name
            for service in members
            if any(
                b"replica has been created using" in line
                for line in service.logs(stdout=True, stderr=True, since=since)
            )
        )
