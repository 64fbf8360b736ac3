"""Keeping the files that are made of a project's monitoring up to date."""

import importlib
import sys
from pathlib import Path
from typing import Annotated

import typer

from ..monitoring.generated import Monitoring, differences, write
from ..twin.project import NoProject, Project
from .console import console, plain

MODULE = "monitoring"
"""The module beside the project's program that declares it, with a function of the same name."""


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command()(monitoring)


def monitoring(
    check: Annotated[
        bool, typer.Option("--check", help="Write nothing; exit code 1 where there is a difference.")
    ] = False,
) -> None:
    """Write the rules, their tests, the dashboards and the runbooks that the project's monitoring declares,
    and name those that changed."""
    folder, declared = _declared()
    changed = list(differences(declared, folder)) if check else write(declared, folder)
    for path in changed:
        typer.echo(path)
    console.print(f"{len(changed)} files {'differ' if check else 'changed'}, {len(declared.alerts)} alerts")
    if check and changed:
        console.print("write them with: bicoastal monitoring")
        raise typer.Exit(1)


def _declared() -> tuple[Path, Monitoring]:
    try:
        project = Project.find(Path.cwd())
    except NoProject as refusal:
        console.print(f"[bold red]refused[/bold red] {plain(str(refusal))}")
        raise typer.Exit(2) from None
    name = f"{project.main.resolve().name}.{MODULE}"
    sys.path.insert(0, str(project.folder))
    try:
        declared = importlib.import_module(name).monitoring()
    except ModuleNotFoundError as missing:
        if missing.name != name:
            raise
        console.print(
            f"[bold red]refused[/bold red] {plain(str(project.main))} declares no monitoring: give it a file "
            f"{MODULE}.py with a function {MODULE}() that returns bicoastal.monitoring.generated.Monitoring"
        )
        raise typer.Exit(2) from None
    finally:
        sys.path.remove(str(project.folder))
    assert isinstance(declared, Monitoring)
    return project.folder, declared
