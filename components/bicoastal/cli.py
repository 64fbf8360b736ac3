"""The command `bicoastal`."""

import json
import statistics
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated

import rich
import typer
from rich.console import Console
from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

from .twin import engine
from .twin.drills.region_loss import RegionLoss, region_loss
from .twin.environment import Environment
from .twin.health import ServiceHealth
from .twin.project import Project
from .twin.refusals import REFUSALS
from .twin.status import status_of, status_table
from .twin.twin import Twin
from .twin.usage import usage

app = typer.Typer(
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    help="A production stack on two coasts, and its twin on one machine.",
)
drills = typer.Typer(no_args_is_help=True, help="Faults injected on purpose, each with a verdict.")
app.add_typer(drills, name="drill")

Name = Annotated[str, typer.Argument(help="The twin's name; names, ports and addresses derive from it.")]
Place = Annotated[str, typer.Argument(help="east, west or witness.")]
AsJson = Annotated[
    bool, typer.Option("--json", help="Print JSON on standard output; the rest on standard error.")
]

_console = Console(stderr=True, highlight=False)


@app.command()
def up(
    name: Name = "local",
    choices: Annotated[
        list[str] | None,
        typer.Option("--set", help="A setting for this twin alone, kept with it: database.mode=async"),
    ] = None,
) -> None:
    """Bring up the twin, or bring it to what is declared; do it again at any time."""
    with _twin(name, may_install=True, choices=choices or ()) as twin:
        brought = _bring_up(twin)
        rich.print(status_table(status_of(twin)))
        rich.print(f"{brought}. Users go to [bold]{twin.edge.url}[/bold]")


@app.command()
def down(name: Name = "local") -> None:
    """Remove the twin with all its data: what carries its label, and nothing else."""
    with _twin(name) as twin:
        removed = twin.down()
        for what in removed:
            _console.print(f"removed {what}")
        _console.print(f"{len(removed)} things removed" if removed else f"there is no twin {name!r}")


@app.command()
def status(name: Name = "local", as_json: AsJson = False) -> None:
    """Who is primary, what is healthy, where to look, and the failover budget."""
    with _existing_twin(name) as twin:
        seen = status_of(twin)
        if as_json:
            print(json.dumps(seen.as_json(), indent=2))  # noqa: T201 the result
        else:
            rich.print(status_table(seen))


@app.command("usage")
def show_usage(
    name: Name = "local",
    seconds: Annotated[float, typer.Option(min=1, max=3600, help="How long to watch.")] = 30,
) -> None:
    """How much memory and CPU the twin takes."""
    with _existing_twin(name) as twin:
        seen = usage(twin, seconds)
        rich.print(
            f"memory {seen.memory_bytes / 2**30:.2f} GiB, "
            f"CPU {seen.cores * 100:.0f} % of one core over {seen.seconds:g} s"
        )


@app.command()
def kill(place: Place, name: Name = "local") -> None:
    """Lose a place at once: everything in it dies, as when a region is lost."""
    with _existing_twin(name) as twin:
        twin.places.kill(_known(twin, place))
        _console.print(f"{place} is gone. Bring it back with: bicoastal revive {place} {name}")


@app.command()
def revive(place: Place, name: Name = "local") -> None:
    """Bring a lost place back; its members rejoin by themselves."""
    with _existing_twin(name) as twin:
        twin.places.revive(_known(twin, place))
        _console.print(f"{place} is back. Watch it rejoin with: bicoastal status {name}")


@drills.command("region-loss")
def drill_region_loss(
    name: Name = "local",
    runs: Annotated[int, typer.Option(min=1, max=1000, help="How often.")] = 1,
    as_json: AsJson = False,
) -> None:
    """Kill the primary's region while users write; print the seconds beside the budget. Exit code 1 when a
    run exceeds it or loses more than it may."""
    with _existing_twin(name) as twin:
        results = []
        for number in range(1, runs + 1):
            _console.print(f"run {number} of {runs}")
            result = region_loss(twin, lambda text: _console.print(f"  {text}"))
            _console.print("  " + _verdict(result))
            results.append(result)
        summary = _summary(results)
        if as_json:
            print(json.dumps(summary, indent=2))  # noqa: T201 the result
        else:
            _print_summary(results)
        if not all(result.passed for result in results):
            raise typer.Exit(1)


def _bring_up(twin: Twin) -> object:
    columns = (SpinnerColumn(), TextColumn("{task.description:<22}"), TextColumn("{task.fields[state]}"))
    with Progress(*columns, TimeElapsedColumn(), console=_console) as bars:
        tasks = {}

        def progress(what: str, state: str) -> None:
            if what not in tasks:
                tasks[what] = bars.add_task(what, state="", total=None)
            bars.update(tasks[what], state=state)
            if not _console.is_terminal:
                _console.print(f"{what}: {state}")

        seen: dict[str, str] = {}

        def report(looks: list[ServiceHealth]) -> None:
            for look in looks:
                state = "healthy" if look.healthy else f"{look.running} of {look.wanted} tasks"
                key = f"{look.place}/{look.name}"
                if seen.get(key) != state:
                    seen[key] = state
                    progress(key, state)

        return twin.up(progress, report)


@contextmanager
def _twin(name: str, *, may_install: bool = False, choices: Sequence[str] = ()) -> Iterator[Twin]:
    """The twin, with every refusal turned into one message and exit code 2."""
    try:
        environment = Environment.of(Project.find(Path.cwd()), name, choices)
        if may_install:
            environment.check()
        client = engine.connect(_confirm if may_install else _never, _console.print)
        try:
            yield Twin(client, environment)
        finally:
            client.close()
    except REFUSALS as refusal:
        _console.print(f"[bold red]refused[/bold red] {_plain(str(refusal))}")
        raise typer.Exit(2) from None
    except KeyboardInterrupt:
        _console.print("stopped. `bicoastal up` goes on from here; `bicoastal down` removes what there is")
        raise typer.Exit(130) from None


@contextmanager
def _existing_twin(name: str) -> Iterator[Twin]:
    with _twin(name) as twin:
        if not twin.exists:
            _console.print(f"there is no twin {name!r}; make it with: bicoastal up {name}")
            raise typer.Exit(2)
        yield twin


def _known(twin: Twin, place: str) -> str:
    if place not in twin.layout.places:
        allowed = ", ".join(twin.layout.places)
        _console.print(f"there is no place {place!r}; the places are: {allowed}")
        raise typer.Exit(2)
    return place


def _confirm(question: str) -> bool:
    return typer.confirm(question, default=True) if sys.stdin.isatty() else True


def _never(_: str) -> bool:
    return False


def _plain(text: str) -> str:
    return text.replace("[", r"\[")


def _verdict(result: RegionLoss) -> str:
    word = "[green]passed[/green]" if result.passed else "[red]failed[/red]"
    return (
        f"{word}: write gap {result.write_gap_s} s, read gap {result.read_gap_s} s of {result.budget_s:g} s,"
        f" {result.lost} of {result.acknowledged} acknowledged rows lost (bound {result.lost_bound}),"
        f" full redundancy {result.redundancy_s} s after the return,"
        f" cloned anew: {', '.join(result.cloned_anew) or 'none'}"
    )


def _summary(results: list[RegionLoss]) -> dict[str, object]:
    gaps = [result.write_gap_s for result in results]
    return {
        "drill": "region-loss",
        "passed": all(result.passed for result in results),
        "write_gap_s": {"median": statistics.median(gaps), "worst": max(gaps)},
        "budget_s": results[0].budget_s,
        "lost": sum(result.lost for result in results),
        "runs": [result.as_json() for result in results],
    }


def _print_summary(results: list[RegionLoss]) -> None:
    for label, values in (
        ("write gap", [r.write_gap_s for r in results]),
        ("read gap", [r.read_gap_s for r in results]),
        ("full redundancy", [r.redundancy_s for r in results]),
    ):
        rich.print(f"{label:<16} median {statistics.median(values):6.1f} s   worst {max(values):6.1f} s")
    rich.print(f"{'budget':<16} {results[0].budget_s:g} s")
    rich.print(
        f"{'acknowledged':<16} {sum(r.acknowledged for r in results)}, lost {sum(r.lost for r in results)}"
    )


if __name__ == "__main__":
    app()
