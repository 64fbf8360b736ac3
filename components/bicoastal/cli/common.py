"""What all commands share: the twin that is meant, one message for a refusal, and where texts go."""

import json
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated

import typer

from ..operations.refusal import OperationFailed
from ..twin import engine
from ..twin.environment import Environment
from ..twin.ownership import check_owner
from ..twin.project import Project
from ..twin.refusals import REFUSALS
from ..twin.twin import Twin
from . import STOPPED
from .console import console, plain

Name = Annotated[str, typer.Argument(help="The twin's name; names, ports and addresses derive from it.")]
AsJson = Annotated[
    bool, typer.Option("--json", help="Print JSON on standard output; the rest on standard error.")
]


@contextmanager
def twin_named(name: str, *, may_install: bool = False, choices: Sequence[str] = ()) -> Iterator[Twin]:
    """The twin, with every refusal turned into one message and exit code 2, and what was begun and failed
    into one and exit code 1."""
    try:
        environment = Environment.of(Project.find(Path.cwd()), name, choices)
        if may_install:
            environment.check()
        client = engine.connect(_confirm if may_install else _never, console.print)
        try:
            check_owner(client, environment.layout)
            yield Twin(client, environment)
        finally:
            client.close()
    except REFUSALS as refusal:
        console.print(f"[bold red]refused[/bold red] {plain(str(refusal))}")
        raise typer.Exit(2) from None
    except OperationFailed as failure:
        console.print(f"[bold red]failed[/bold red] {plain(str(failure))}")
        raise typer.Exit(1) from None
    except KeyboardInterrupt:
        console.print(
            f"stopped. `bicoastal up {name}` goes on from here to what is declared, and takes back a deploy"
            f" that was cut off; `bicoastal status {name}` shows what there is now"
        )
        raise typer.Exit(STOPPED) from None


@contextmanager
def existing_twin(name: str) -> Iterator[Twin]:
    """The twin, which must have been brought up before."""
    with twin_named(name) as twin:
        if not twin.exists:
            console.print(f"there is no twin {name!r}; make it with: bicoastal up {name}")
            raise typer.Exit(2)
        yield twin


def known_place(twin: Twin, place: str) -> str:
    """The place, when the twin has one of that name."""
    if place not in twin.layout.places:
        allowed = ", ".join(twin.layout.places)
        console.print(f"there is no place {place!r}; the places are: {allowed}")
        raise typer.Exit(2)
    return place


def print_json(result: object) -> None:
    """The result on standard output, for programs."""
    typer.echo(json.dumps(result, indent=2))


def _confirm(question: str) -> bool:
    return typer.confirm(question, default=True) if sys.stdin.isatty() else True


def _never(_: str) -> bool:
    return False
