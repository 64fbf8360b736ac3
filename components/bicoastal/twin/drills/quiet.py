"""Nothing is wrong, and users are at work: nobody may be told of anything, by a way that is seen to work."""

import time
from collections.abc import Collection, Sequence
from itertools import pairwise

from ...monitoring.routing.receivers import Receiver
from ..alert_receiver import Told
from .alarms import Message, last_number, named, notes, still_firing, told_after
from .outcome import Measure, Outcome
from .stage import Stage

QUIET_MINUTES = 60.0
"""Unless told otherwise."""
RATE = 2.0
"""Requests per second of each user, a fifth of other drills': what is asked is whether a machine that has
time for its work is quiet, and not how much of it there may be."""
GAP_LIMIT_S = 5.0
"""The longest that users may wait for the next answer to any of them."""
DEAD_MAN_LIMIT_S = 150.0
"""The longest without a word to the dead man's switch, which is told every minute."""


def quiet(stage: Stage, minutes: float) -> Outcome:
    """Hurt nothing for so many minutes under load: whatever is told is one too many, but for what fired
    before. Raises `ReceiverSilent`."""
    fired = still_firing(stage, None)
    with stage.users(RATE):
        number, began = last_number(stage), time.time()
        stage.strike("nothing", lambda: None)
        time.sleep(minutes * 60)
        told, ended = told_after(stage, number), time.time()
        answered = stage.gaps(time.monotonic(), GAP_LIMIT_S)
    measures = [*judged(told, began, ended, fired), Measure("watched", minutes, unit="min"), *answered]
    seen = {**notes(None, told, began), "fired before": sorted(fired)}
    return stage.outcome([*measures, *stage.lost()], seen)


def judged(told: Sequence[Told], began: float, ended: float, before: Collection[str]) -> list[Measure]:
    """What was told between these seconds since the epoch, but for alerts that fired `before`; and how long
    the dead man's switch heard nothing, which says whether anything could have been told."""
    new = {Message(Receiver(one.receiver), one.alert) for one in told if not one.resolved}
    beside = {one for one in new if one.receiver is not Receiver.DEAD_MAN and one.alert not in before}
    words = [one.at.timestamp() for one in told if one.receiver == Receiver.DEAD_MAN.value]
    silence_s = max(later - earlier for earlier, later in pairwise([began, *sorted(words), ended]))
    return [
        Measure(named("told", beside), len(beside), 0, "alerts"),
        Measure("without the dead man's word", silence_s, DEAD_MAN_LIMIT_S),
    ]
