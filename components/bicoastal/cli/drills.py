"""Faults injected on purpose, each with a verdict."""

import signal
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Annotated

import rich
import typer
from rich.table import Table

from ..twin.drills.play import play
from ..twin.drills.quiet import QUIET_MINUTES
from ..twin.drills.registry import Drill, catalogue
from ..twin.drills.report import Report
from ..twin.drills.series import Series
from .common import AsJson, Name, existing_twin, print_json
from .console import console

Runs = Annotated[int, typer.Option(min=1, max=1000, help="How often each.")]

Minutes = Annotated[
    float, typer.Option(min=1, max=1440, help="Minutes of quiet time in which nobody is told.")
]

app = typer.Typer(
    no_args_is_help=True,
    help="Faults injected on purpose while users write. Exit code 1 when a figure is not as it must be.",
)


def register(parent: typer.Typer) -> None:
    """Add the commands."""
    parent.add_typer(app, name="drill")


def _command(drill: Drill) -> Callable[..., None]:
    def command(name: Name = "local", runs: Runs = 1, as_json: AsJson = False) -> None:
        _drill(drill.name, [drill], name, runs, as_json)

    def lasting(
        name: Name = "local", runs: Runs = 1, minutes: Minutes = QUIET_MINUTES, as_json: AsJson = False
    ) -> None:
        _drill(f"{drill.name} --minutes {minutes:g}", [_for(drill, minutes)], name, runs, as_json)

    return lasting if drill.lasting else command


def _for(drill: Drill, minutes: float) -> Drill:
    return drill.lasting(minutes) if drill.lasting else drill


def drill_all(
    name: Name = "local", runs: Runs = 1, minutes: Minutes = QUIET_MINUTES, as_json: AsJson = False
) -> None:
    """Every drill, one after the other, and one report of them."""
    drills = [_for(drill, minutes) for drill in catalogue().values()]
    _drill(f"all --minutes {minutes:g}", drills, name, runs, as_json)


for _one in catalogue().values():
    app.command(_one.name, help=_one.summary)(_command(_one))
app.command("all")(drill_all)


def _drill(word: str, drills: Sequence[Drill], name: str, runs: int, as_json: bool) -> None:
    # Whoever stops a drill finds the twin as it was, not only with Ctrl-C.
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    series: list[Series] = []
    report = Report(f"bicoastal drill {word} {name} --runs {runs}", series)
    with existing_twin(name) as twin:
        try:
            play(twin, drills, runs, console.print, series)
        finally:
            if series:
                _tell(report, twin.environment.project.folder, as_json)
        if not report.passed:
            raise typer.Exit(1)


def _tell(report: Report, project: Path, as_json: bool) -> None:
    page = report.write(project)
    if as_json:
        print_json(report.as_json())
    else:
        rich.print(_table(report))
    console.print(f"the report: {page}", soft_wrap=True)


def _table(report: Report) -> Table:
    table = Table("drill", "figure", "median", "worst", "may be", "")
    for series in report.series:
        runs = f"{len(series.outcomes)} runs" if len(series.outcomes) > 1 else "1 run"
        table.add_row(series.drill, runs, "", "", "", _word(series.passed), style="bold")
        for spread in series.spreads:
            worst = spread.worst
            word = _word(worst.passed) if worst.bound else ""
            table.add_row("", spread.name, spread.median.amount, worst.amount, worst.bound, word)
    return table


def _word(passed: bool) -> str:
    return "[green]passed[/green]" if passed else "[red]failed[/red]"
