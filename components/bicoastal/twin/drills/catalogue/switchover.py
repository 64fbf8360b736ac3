"""The primary is moved to the other region and back, as planned, while users write."""

import time

from ..load import longest_gap
from ..outcome import Measure, Outcome
from ..registry import Drill
from ..stage import DrillImpossible, Stage

LIMIT_S = 3.0
ATTEMPTS = 30
RETRIES_LIMIT_S = 5.0
"""For how long a client that retries may at most have to do so."""


def play(stage: Stage) -> Outcome:
    """There and back: the write gap of each, nothing lost, and no write that its client had to give up."""
    measures = []
    with stage.users() as load:
        for name, region in (("there", stage.other), ("back", stage.home)):
            at = _move(stage, region)
            until = stage.recovered(at)
            measures.append(Measure(f"write gap {name}", longest_gap(load.writes, at, until), LIMIT_S))
            redundancy = stage.redundancy_since(until)
            measures.append(Measure(f"full redundancy {name}", redundancy.value, redundancy.limit))
        slowest = max(answer.took_s for answer in load.writes)
        measures.append(Measure("slowest write, its retries included", slowest, RETRIES_LIMIT_S))
    return stage.outcome([*measures, *stage.lost()])


def _move(stage: Stage, region: str) -> float:
    """Ask until it is accepted; the moment at which that one was asked for."""
    answers: list[str] = []
    for _ in range(ATTEMPTS):
        at = stage.strike(f"switchover to {region}", lambda: answers.append(stage.switch_over(region)))
        if not answers[-1]:
            return at
        stage.note(f"refused: {answers[-1]}")
        time.sleep(1)
    raise DrillImpossible(f"no switchover to {region} was accepted: {answers[-1]}")


DRILL = Drill(
    "switchover",
    "Move the primary to the other region and back: at most 3 s each, no error for a client that retries.",
    play,
)
