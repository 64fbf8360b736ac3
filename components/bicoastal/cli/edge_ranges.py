"""Keeping the edge's published networks up to date."""

from pathlib import Path
from typing import Annotated

import typer

from ..network.edge_ranges import NAME, EdgeRanges
from ..network.published_ranges import URL, BadAnswer, published_ranges
from ..twin.project import NoProject, Project
from .console import console, plain


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("edge-ranges")(edge_ranges)


def edge_ranges(
    source: Annotated[str, typer.Option("--from", help="The vendor's API.")] = URL,
    file: Annotated[
        Path | None, typer.Option(help=f"The file that holds them. Default: the project's own, {NAME}.")
    ] = None,
    check: Annotated[
        bool, typer.Option("--check", help="Write nothing; exit code 1 where there is a difference.")
    ] = False,
) -> None:
    """Take over the networks that the edge's vendor publishes now, and print what changed to those that were
    known."""
    file = file or _file_of_the_project()
    known = EdgeRanges.newest(file)
    try:
        published = published_ranges(source)
    except BadAnswer as failure:
        console.print(f"[bold red]failed[/bold red] {plain(str(failure))}; nothing has changed")
        raise typer.Exit(1) from None
    difference = known.difference(published)
    for line in difference:
        typer.echo(line)
    console.print(f"{len(difference)} differences to those of {known.as_of}")
    if not check:
        published.write(file)
        console.print(f"written to {plain(str(file))}: a program takes them by known_edge_ranges(its path)")
        return
    if difference:
        raise typer.Exit(1)


def _file_of_the_project() -> Path:
    try:
        return Project.find(Path.cwd()).folder / NAME
    except NoProject as refusal:
        console.print(f"[bold red]refused[/bold red] {plain(str(refusal))}, or name a file with --file")
        raise typer.Exit(2) from None
