"""Playing drills: prepare, run, restore, as often as was asked."""

import secrets
from collections.abc import Sequence
from dataclasses import replace

from rich.markup import escape

from ..twin import Twin
from .outcome import Outcome, Timeline
from .registry import Drill
from .series import Series
from .stage import DrillImpossible, Say, staged


def play(twin: Twin, drills: Sequence[Drill], runs: int, say: Say) -> list[Series]:
    """Run each drill `runs` times, one after the other. The twin is left as it was found, whatever happens.

    A run that breaks is a failed run with its reason, and those after it are run all the same; a twin that
    can be drilled no longer ends them all. Raises `DrillImpossible` when it cannot be from the start.
    """
    series: list[Series] = []
    last: Outcome | None = None
    for drill in drills:
        outcomes: list[Outcome] = []
        series.append(Series(drill.name, outcomes))
        for number in range(1, runs + 1):
            say(f"{drill.name}, run {number} of {runs}")
            try:
                last = _run(twin, drill, lambda text: say(f"  {escape(text)}"))
            except DrillImpossible as impossible:
                if last is None:
                    raise
                outcomes.append(_impossible(drill, last, impossible))
                return series
            word = "[green]passed[/green]" if last.passed else "[red]failed[/red]"
            say(f"  {word}: {escape(last.verdict())}")
            outcomes.append(last)
    return series


def _run(twin: Twin, drill: Drill, say: Say) -> Outcome:
    with staged(twin, drill.name, _new_run(), say) as stage:
        try:
            return drill.play(stage)
        except DrillImpossible:
            raise
        except Exception as error:  # the verdict of whatever breaks a run: it failed, with this reason
            return stage.broken(f"{type(error).__name__}: {error}")


def _impossible(drill: Drill, before: Outcome, why: DrillImpossible) -> Outcome:
    nothing = Timeline.of([], list(before.timeline.writes))
    return replace(
        before,
        drill=drill.name,
        run=_new_run(),
        measures=(),
        acknowledged=0,
        lost=0,
        events=(),
        timeline=nothing,
        notes={},
        error=str(why),
    )


def _new_run() -> str:
    return f"drill-{secrets.token_hex(3)}"
