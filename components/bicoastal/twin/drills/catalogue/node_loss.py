"""The primary's container is killed and held down, so only its lease's end can replace it."""

from ....database.timing import TimingProfile
from ..members import member_named
from ..outcome import Outcome
from ..registry import Drill
from ..services import Held
from ..stage import Stage

LIMIT_S = {TimingProfile.FAST: 30.0, TimingProfile.WAN: 41.0}
"""Of the write gap. The lease and one loop are 25 and 35 s of it."""


def play(stage: Stage) -> Outcome:
    """The primary's member dies without a word and is not restarted: another takes over, and it rejoins."""
    leader = member_named(stage.twin, stage.leader.name)
    with stage.users():
        stage.random_phase()
        node = Held(stage.twin, leader.place, leader.service)
        stage.strike(f"{leader.name} killed and held down", node.hold, repair=node.let_up)
        gaps = stage.gaps(stage.recovered(), LIMIT_S[stage.twin.environment.database.timing])
        redundancy = stage.redundancy_since(stage.heal(f"{leader.name} may run again"))
    return stage.outcome([*gaps, *stage.lost(), redundancy], {"promoted": stage.leader.name})


DRILL = Drill(
    "node-loss",
    "Kill the primary's container and hold it down: another is promoted when the lease ends.",
    play,
)
