"""Bringing a twin up and down, and looking at it."""

from collections.abc import Sequence
from typing import Annotated

import rich
import typer
from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn
from rich.table import Column

from ..twin.apply import Way
from ..twin.bring_up import bring_up
from ..twin.health import ServiceHealth
from ..twin.status import status_of, status_table
from ..twin.twin import Brought, Twin
from .common import AsJson, Name, existing_twin, known_place, print_json, twin_named
from .console import console
from .watch import watch

_WIDEST_NAME = 34


def register(app: typer.Typer) -> None:
    """Add the commands."""
    app.command()(up)
    app.command()(down)
    app.command()(status)


def up(
    name: Name = "local",
    choices: Annotated[
        list[str] | None,
        typer.Option("--set", help="A setting for this twin alone, kept with it: database.mode=async"),
    ] = None,
    by: Annotated[
        Way | None,
        typer.Option(help="How to apply, settled at the first time. By default pulumi, if it is there."),
    ] = None,
    only: Annotated[
        list[str] | None,
        typer.Option("--only", help="Just this place (again for another): the rest may be lost meanwhile."),
    ] = None,
) -> None:
    """Bring up the twin, or bring it to what is declared; do it again at any time."""
    with twin_named(name, may_install=True, choices=choices or ()) as twin:
        for place in only or ():
            known_place(twin, place)
        brought = _bring_up(twin, by, only or ())
        rich.print(status_table(status_of(twin)))
        rich.print(f"{brought}. Users go to [bold]{twin.edge.url}[/bold]")


def down(name: Name = "local") -> None:
    """Remove the twin with all its data: what carries its label, and nothing else."""
    with twin_named(name) as twin:
        removed = twin.down()
        for what in removed:
            console.print(f"removed {what}")
        console.print(f"{len(removed)} things removed" if removed else f"there is no twin {name!r}")


def status(
    name: Name = "local",
    as_json: AsJson = False,
    keep_watching: Annotated[
        bool, typer.Option("--watch", help="Look again every second, until Ctrl-C.")
    ] = False,
) -> None:
    """Who is primary, what is healthy, where to look, and the failover budget."""
    with existing_twin(name) as twin:
        if keep_watching:
            watch(twin)
            return
        seen = status_of(twin)
        if as_json:
            print_json(seen.as_json())
        else:
            rich.print(status_table(seen))


def _bring_up(twin: Twin, by: Way | None, only: Sequence[str]) -> Brought:
    columns = (
        SpinnerColumn(),
        TextColumn("{task.description}", table_column=Column(no_wrap=True, min_width=_WIDEST_NAME)),
        TextColumn("{task.fields[state]}"),
    )
    with Progress(*columns, TimeElapsedColumn(), console=console) as bars:
        tasks = {}

        def progress(what: str, state: str) -> None:
            if not console.is_terminal:
                console.print(f"{what}: {state}")
                return
            if what not in tasks:
                tasks[what] = bars.add_task(what, state="", total=None)
            bars.update(tasks[what], state=state)

        seen: dict[str, str] = {}

        def report(looks: list[ServiceHealth]) -> None:
            for look in looks:
                state = "healthy" if look.healthy else f"{look.running} of {look.wanted} tasks"
                key = f"{look.place}/{look.name}"
                if seen.get(key) != state:
                    seen[key] = state
                    progress(key, state)

        return bring_up(twin, progress, report, by=by, only=only)
