"""Postgres dies in the primary's container while Patroni lives."""

from functools import partial

from ..members import POSTMASTER, member_named, signal
from ..outcome import Outcome
from ..registry import Drill
from ..stage import Stage

LIMIT_S = 15.0


def play(stage: Stage) -> Outcome:
    """Patroni restarts Postgres in place, or gives the lease to another; never five minutes."""
    leader = member_named(stage.twin, stage.leader.name)
    with stage.users():
        stage.random_phase()
        crash = partial(signal, stage.twin, leader, "KILL", POSTMASTER)
        at = stage.strike(f"SIGKILL to the postmaster of {leader.name}", crash)
        until = stage.recovered()
        redundancy = stage.redundancy_since(at)
    return stage.outcome([*stage.gaps(until, LIMIT_S), *stage.lost(), redundancy])


DRILL = Drill(
    "postmaster-crash",
    "SIGKILL the primary's Postgres under a living Patroni: writes go on within 15 s.",
    play,
)
