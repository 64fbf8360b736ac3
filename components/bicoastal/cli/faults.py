"""Losing a place by hand, and bringing it back."""

from typing import Annotated

import typer

from .common import Name, existing_twin, known_place
from .console import console

Place = Annotated[str, typer.Argument(help="east, west or witness.")]


def register(app: typer.Typer) -> None:
    """Add the commands."""
    app.command()(kill)
    app.command()(revive)


def kill(place: Place, name: Name = "local") -> None:
    """Lose a place at once: everything in it dies, as when a region is lost."""
    with existing_twin(name) as twin:
        twin.places.kill(known_place(twin, place))
        console.print(f"{place} is gone. Bring it back with: bicoastal revive {place} {name}")


def revive(place: Place, name: Name = "local") -> None:
    """Bring a lost place back; its members rejoin by themselves."""
    with existing_twin(name) as twin:
        twin.places.revive(known_place(twin, place))
        console.print(f"{place} is back. Watch it rejoin with: bicoastal status {name}")
