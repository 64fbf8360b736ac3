"""Maintenance: nobody is told of what is worked on."""

import getpass
from collections.abc import Iterator
from contextlib import closing, contextmanager
from typing import Annotated

import rich
import typer
from rich.table import Table

from ..operations.alertmanager import Alertmanagers
from ..operations.silences import LONGEST_MINUTES, maintain
from .common import AsJson, Name, existing_twin, print_json
from .console import console

Match = Annotated[
    list[str],
    typer.Option(
        "--match", help="A condition on a label (again for another): place=east, alertname=~Redis.*"
    ),
]

app = typer.Typer(
    no_args_is_help=True,
    help="Silences for maintenance, each with a reason, an author and an end. What still fires then is told.",
)


def register(parent: typer.Typer) -> None:
    """Add the commands."""
    parent.add_typer(app, name="silence")


@app.command()
def create(
    match: Match,
    minutes: Annotated[float, typer.Option(min=1, max=LONGEST_MINUTES, help="Until it ends by itself.")],
    reason: Annotated[str, typer.Option(help="What is done meanwhile.")],
    author: Annotated[str, typer.Option(help="Whom to ask. Default: the user.")] = "",
    name: Name = "local",
) -> None:
    """Tell nobody of the alerts that meet all conditions, from now on for some minutes."""
    with _alertmanagers(name) as alertmanagers:
        made = maintain(alertmanagers, match, minutes, author or getpass.getuser(), reason)
    console.print(f"silenced for {minutes:g} min; end it before with: bicoastal silence expire {made} {name}")
    typer.echo(made)


@app.command("list")
def list_(name: Name = "local", as_json: AsJson = False) -> None:
    """The silences that have not ended."""
    with _alertmanagers(name) as alertmanagers:
        found = alertmanagers.silences()
    if as_json:
        print_json([silence.as_json() for silence in found])
        return
    table = Table(title=f"twin {name}: silences", title_justify="left")
    for column in ("id", "of", "until (UTC)", "author", "reason"):
        table.add_column(column, overflow="fold")
    for silence in found:
        matchers = ", ".join(str(matcher) for matcher in silence.matchers)
        table.add_row(silence.id, matchers, f"{silence.ends:%Y-%m-%d %H:%M}", silence.author, silence.reason)
    rich.print(table)


@app.command()
def expire(
    silence: Annotated[str, typer.Argument(help="The silence's id, as `bicoastal silence list` shows it.")],
    name: Name = "local",
) -> None:
    """End a silence now."""
    with _alertmanagers(name) as alertmanagers:
        alertmanagers.expire(silence)
    console.print(f"{silence} has ended")


@contextmanager
def _alertmanagers(name: str) -> Iterator[Alertmanagers]:
    with existing_twin(name) as twin, closing(twin.alertmanagers()) as alertmanagers:
        yield alertmanagers
