"""The primary's region is killed while users write."""

import time
from collections import Counter
from contextlib import closing
from functools import partial

import httpx

from ...twin import Twin
from ..load import Load
from ..outcome import Measure, Outcome
from ..registry import Drill
from ..stage import Stage
from ..table import primary, wal_position

MEASURED_S = 5.0
TRAFFIC_SAMPLES = 40


def play(stage: Stage) -> Outcome:
    """Everything in the home region dies at once, and comes back after the other has taken over."""
    twin, home = stage.twin, stage.home
    with stage.users() as load:
        bound = _loss_bound(twin, load, home)
        stage.say(f"budget {stage.budget_s:g} s; acknowledged rows that may be lost: at most {bound}")
        phase_s = stage.random_phase()
        stage.strike(
            f"{home} killed", partial(twin.places.kill, home), repair=partial(twin.places.revive, home)
        )
        gaps = stage.gaps(stage.recovered(), stage.budget_s)
        since = int(time.time())
        redundancy = stage.redundancy_since(stage.heal(f"{home} back"))
        regions = _who_answers(twin)
    answered = Measure("answered by the region that came back", regions[home], 0, "requests")
    return stage.outcome(
        [*gaps, *stage.lost(bound), redundancy, answered],
        {
            "phase_s": phase_s,
            "cloned_anew": _cloned_since(twin, home, since),
            "regions_after_return": dict(regions),
        },
    )


def _loss_bound(twin: Twin, load: Load, place: str) -> int:
    """What may be lost: in a synchronous mode nothing. In `async`, a promoted standby may lack up to the
    lag bound, and what the primary wrote in the lease since it last told its position; in rows by what a
    row of this very load costs."""
    database = twin.environment.database
    if database.synchronous:
        return 0
    with primary(twin, place) as connection:
        wal, rows, began = wal_position(connection), len(load.writes), time.monotonic()
        time.sleep(MEASURED_S)
        wal, rows = wal_position(connection) - wal, len(load.writes) - rows
        rate = rows / (time.monotonic() - began)
    bytes_per_row = wal / max(rows, 1)
    return round(database.maximum_lag_bytes / bytes_per_row + rate * database.clocks.ttl_s)


def _who_answers(twin: Twin) -> Counter[str]:
    """Which region's answers the edge passes on, over one interval of its probes and then some."""
    pause = (twin.environment.monitor.interval_s + twin.environment.monitor.timeout_s) / TRAFFIC_SAMPLES
    regions: Counter[str] = Counter()
    with httpx.Client(base_url=twin.edge.url, timeout=5, trust_env=False) as http:
        for _ in range(TRAFFIC_SAMPLES):
            regions[http.get("/health").headers.get("x-region", "none")] += 1
            time.sleep(pause)
    return regions


def _cloned_since(twin: Twin, place: str, since: int) -> list[str]:
    """Members whose log says that their data was copied anew after the region was back: pg_rewind could not
    bring them back."""
    with closing(twin.places.engine(place)) as engine:
        members = [service for service in engine.services.list() if "_postgres-" in service.name]
        return [
            service.name
            for service in members
            if any(
                b"replica has been created using" in line
                for line in service.logs(stdout=True, stderr=True, since=since)
            )
        ]


DRILL = Drill(
    "region-loss",
    "Kill the primary's region: the other serves within the budget, nothing acknowledged is lost.",
    play,
)
