"""The place of the Redis master is cut off, with a client inside that goes on writing."""

from functools import partial

from ..outcome import Outcome
from ..redis_stage import lose_master_place
from ..registry import Drill
from ..stage import Stage


def play(stage: Stage) -> Outcome:
    """The home region is cut off. Its Redis master must have refused the client inside before the next master
    acknowledges a write outside."""
    places, home = stage.twin.places, stage.home
    return lose_master_place(
        stage, partial(places.isolate, home), partial(places.rejoin, home), is_alive=True
    )


DRILL = Drill(
    "redis-partition",
    "Cut the place of the Redis master off with a client inside: no two masters take writes.",
    play,
)
