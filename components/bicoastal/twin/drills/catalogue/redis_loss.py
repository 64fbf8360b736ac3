"""The place of the Redis master is killed while clients write."""

from functools import partial

from ..outcome import Outcome
from ..redis_stage import lose_master_place
from ..registry import Drill
from ..stage import Stage


def play(stage: Stage) -> Outcome:
    """Everything in the home region dies at once, the Redis master with it."""
    places, home = stage.twin.places, stage.home
    return lose_master_place(stage, partial(places.kill, home), partial(places.revive, home), is_alive=False)


DRILL = Drill(
    "redis-loss",
    "Kill the place of the Redis master: writes go on within 10 s, nothing acknowledged is lost.",
    play,
)
