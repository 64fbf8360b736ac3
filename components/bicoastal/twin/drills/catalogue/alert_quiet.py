"""Nothing is wrong, and users are at work."""

from functools import partial

from ..quiet import QUIET_MINUTES, quiet
from ..registry import Drill


def _lasting(minutes: float) -> Drill:
    return Drill(
        "alert-quiet",
        "Hurt nothing while users write and read, an hour unless told otherwise: nobody is told of anything.",
        partial(quiet, minutes=minutes),
        _lasting,
    )


DRILL = _lasting(QUIET_MINUTES)
