"""Playing drills: prepare, run, restore, as often as was asked."""

import secrets
from collections.abc import Sequence

from rich.markup import escape

from ..twin import Twin
from .outcome import Outcome
from .registry import Drill
from .series import Series
from .stage import DrillImpossible, Say, staged


def play(twin: Twin, drill: Drill, runs: int, say: Say) -> Series:
    """Run the drill `runs` times. The twin is left as it was found, whatever happens.

    A run that breaks is a failed run with its reason, and those after it are run all the same. Raises
    `DrillImpossible` when the twin cannot be drilled at all.
    """
    outcomes = []
    for number in range(1, runs + 1):
        say(f"{drill.name}, run {number} of {runs}")
        outcome = _run(twin, drill, lambda text: say(f"  {escape(text)}"))
        word = "[green]passed[/green]" if outcome.passed else "[red]failed[/red]"
        say(f"  {word}: {escape(outcome.verdict())}")
        outcomes.append(outcome)
    return Series(drill.name, outcomes)


def play_all(twin: Twin, drills: Sequence[Drill], runs: int, say: Say) -> list[Series]:
    """Run every drill `runs` times, one after the other."""
    return [play(twin, drill, runs, say) for drill in drills]


def _run(twin: Twin, drill: Drill, say: Say) -> Outcome:
    run = f"drill-{secrets.token_hex(3)}"
    with staged(twin, drill.name, run, say) as stage:
        try:
            return drill.play(stage)
        except DrillImpossible:
            raise
        except Exception as error:  # the verdict of whatever breaks a run: it failed, with this reason
            return stage.broken(f"{type(error).__name__}: {error}")
