"""What a stack goes through in the tests, once for all of them."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from bicoastal.testing import Engine, Steps

Program = Callable[[], object]


@dataclass(frozen=True)
class Journey:
    """Each run of the engine over one stack, in the order in which it was made."""

    previewed: Steps
    made: Steps
    again: Steps
    state: dict[str, Any]
    """The state once everything was made, by URN."""
    refreshed: Steps
    changed: Steps
    renamed: Steps
    destroyed: Steps
    left: dict[str, Any]
    """The state at the end."""


def travel(engine: Engine, whole: Program, *, changed: Program, renamed: Program) -> Journey:
    """Make everything, look at it again, change some of it, rename all of it, and remove it."""
    return Journey(
        previewed=engine.preview(whole),
        made=engine.up(whole),
        again=engine.up(whole),
        state=engine.state(),
        refreshed=engine.refresh(),
        changed=engine.up(changed),
        renamed=engine.preview(renamed),
        destroyed=engine.destroy(),
        left=engine.state(),
    )
