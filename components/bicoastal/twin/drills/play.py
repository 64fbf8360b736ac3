"""Playing drills: prepare, run, restore, as often as was asked."""

import secrets
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass, field, replace

from rich.markup import escape

from ...operations.lock import exclusively_with_parts
from ..twin import Twin
from .outcome import Outcome
from .registry import Drill
from .series import Series
from .stage import DrillImpossible, Say, Stage


def play(
    twin: Twin, drills: Sequence[Drill], runs: int, say: Say, series: list[Series] | None = None
) -> list[Series]:
    """Run each drill `runs` times, one after the other. The twin is left as it was found, whatever happens.

    A run that breaks, or after which the twin cannot be restored, is a failed run with its reason, and those
    after it are run all the same; a twin that cannot be prepared for the next one ends them all. What was
    shown so far is in `series` at every moment, for whoever stops the drills.

    Nobody else can operate on the twin meanwhile; the drills themselves can. Raises `Refused` when another
    operation, or another drill, is under way.
    """
    series = [] if series is None else series
    names = ", ".join(drill.name for drill in drills)
    with exclusively_with_parts(twin.layout.folder, f"drill {names}"):
        _play(twin, drills, runs, say, series)
    return series


def _play(twin: Twin, drills: Sequence[Drill], runs: int, say: Say, series: list[Series]) -> None:
    for drill in drills:
        outcomes: list[Outcome] = []
        series.append(Series(drill.name, outcomes))
        for number in range(1, runs + 1):
            say(f"{drill.name}, run {number} of {runs}")
            can_go_on = _run(twin, drill, lambda text: say(f"  {escape(text)}"), outcomes)
            word = "[green]passed[/green]" if outcomes[-1].passed else "[red]failed[/red]"
            say(f"  {word}: {escape(outcomes[-1].verdict())}")
            if not can_go_on:
                return


def _run(twin: Twin, drill: Drill, say: Say, outcomes: list[Outcome]) -> bool:
    """Add the outcome of one run, whatever ends it; whether the twin could be prepared for it."""
    trouble, is_prepared, shown = _Trouble(), False, None
    with closing(twin.cluster()) as cluster:
        stage = Stage(twin, cluster, drill.name, f"drill-{secrets.token_hex(3)}", say)
        with trouble.noted(), stage.prepared():
            is_prepared = True
            with trouble.noted():
                shown = drill.play(stage)
        outcomes.append(replace(shown or stage.broken(), error="; ".join(trouble.said)))
    if trouble.stopped is not None:
        raise trouble.stopped
    return is_prepared


@dataclass
class _Trouble:
    """What broke a run. Who stops it is heard when its outcome is known."""

    said: list[str] = field(default_factory=list)
    stopped: KeyboardInterrupt | None = None

    @contextmanager
    def noted(self) -> Iterator[None]:
        """Let nothing out of a `with` block."""
        try:
            yield
        except KeyboardInterrupt as stop:
            self.said.append("stopped")
            self.stopped = stop
        except DrillImpossible as why:
            self.said.append(str(why))
        except Exception as error:  # the verdict of whatever breaks a run: it failed, with this reason
            self.said.append(f"{type(error).__name__}: {error}")
