"""The primary's region is cut off the WAN, with a session inside it that stays open and goes on writing."""

from functools import partial

from ..members import member_named, neighbour_of
from ..outcome import Measure, Outcome
from ..registry import Drill
from ..session import OpenSession
from ..stage import Stage


def play(stage: Stage) -> Outcome:
    """Packets between the region and everything else are dropped; inside it all goes on. The old primary must
    have stopped acknowledging before the new one begins, and the region rejoins by itself after the cut."""
    twin, home = stage.twin, stage.home
    leader = member_named(twin, stage.leader.name)
    session = OpenSession(twin, leader, neighbour_of(twin, leader), stage.run)
    with stage.users() as load, session as inside:
        phase_s = stage.random_phase()
        cut_at = stage.strike(
            f"{home} cut off", partial(twin.places.isolate, home), repair=partial(twin.places.rejoin, home)
        )
        gaps = stage.gaps(stage.recovered(), stage.budget_s)
        ended = inside.wait_for_its_end(stage.patience_s)
        if inside.ended is not None:
            stage.note("the session inside is cut", inside.ended[0])
        redundancy = stage.redundancy_since(stage.heal(f"{home} rejoined"))
    load.acknowledged |= inside.acknowledged
    # Asynchronously, what only the cut-off region was told of is what the mode may cost.
    bound = 0 if twin.environment.database.synchronous else inside.told_after(cut_at)
    last_old = inside.last_told(cut_at)
    promoted_at, first_new = stage.promoted_at(), stage.first_answer_of_the_new()
    return stage.outcome(
        [
            *gaps,
            *stage.lost(bound, in_doubt=1),
            stage.two_primaries(last_old),
            Measure("sessions that outlived the primary", 0 if ended else 1, 0, "sessions"),
            redundancy,
        ],
        {
            "phase_s": phase_s,
            "acknowledged inside after the cut": inside.told_after(cut_at),
            "last acknowledged inside": f"{last_old - cut_at:+.1f} s",
            "promoted": f"{promoted_at - cut_at:+.1f} s",
            "first acknowledged by the new primary to users": f"{first_new - cut_at:+.1f} s",
            "the session ended with": inside.ended[1] if inside.ended else "nothing",
        },
    )


DRILL = Drill(
    "partition",
    "Cut the primary's region off with a session open inside: no two primaries acknowledge, it heals itself.",
    play,
)
