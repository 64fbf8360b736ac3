"""The link of the primary's region goes and comes, again and again."""

import time
from functools import partial

from ..outcome import Measure, Outcome
from ..registry import Drill
from ..stage import Stage

TIMES = 10
CUT_S = HEALED_S = 20.0


def play(stage: Stage) -> Outcome:
    """Ten cuts of 20 s, 20 s apart, of the region that held the primary when it began: the primary may move
    once, to where the link is good, and never to and fro."""
    twin, home = stage.twin, stage.home
    with stage.users():
        for number in range(1, TIMES + 1):
            stage.strike(
                f"cut {number}", partial(twin.places.isolate, home), repair=partial(twin.places.rejoin, home)
            )
            time.sleep(CUT_S)
            healed_at = stage.heal("healed")
            time.sleep(HEALED_S)
        gaps = stage.gaps(stage.recovered(healed_at), stage.budget_s)
        redundancy = stage.redundancy_since(healed_at)
        failovers = Measure("failovers", stage.failovers(), 1, "failovers")
    return stage.outcome([failovers, *gaps, *stage.lost(), redundancy], {"primary": stage.leader.name})


DRILL = Drill(
    "flap",
    "Cut and heal the primary's region ten times, 20 s each: at most one failover, nothing lost.",
    play,
)
