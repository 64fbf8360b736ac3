"""Losing a place by hand, and bringing it back."""

from typing import Annotated

import typer

from ..twin.twin import Twin
from .common import Name, console, existing_twin

Place = Annotated[str, typer.Argument(help="east, west or witness.")]


def register(app: typer.Typer) -> None:
    """Add the commands."""
    app.command()(kill)
    app.command()(revive)


def kill(place: Place, name: Name = "local") -> None:
    """Lose a place at once: everything in it dies, as when a region is lost."""
    with existing_twin(name) as twin:
        twin.places.kill(_known(twin, place))
        console.print(f"{place} is gone. Bring it back with: bicoastal revive {place} {name}")


def revive(place: Place, name: Name = "local") -> None:
    """Bring a lost place back; its members rejoin by themselves."""
    with existing_twin(name) as twin:
        twin.places.revive(_known(twin, place))
        console.print(f"{place} is back. Watch it rejoin with: bicoastal status {name}")


def _known(twin: Twin, place: str) -> str:
    if place not in twin.layout.places:
        allowed = ", ".join(twin.layout.places)
        console.print(f"there is no place {place!r}; the places are: {allowed}")
        raise typer.Exit(2)
    return place
