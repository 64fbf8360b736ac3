"""The drills there are: each file in `catalogue` is one, and names itself."""

import importlib
import pkgutil
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from .outcome import Outcome
from .stage import Stage


@dataclass(frozen=True)
class Drill:
    """A fault injected on purpose, with a verdict.

    A file in `catalogue` holds one, under the name `DRILL`. `play` is given a stage on which the twin is
    healthy with the primary at home; whatever it does or raises, the stage restores the twin afterwards.
    """

    name: str
    """The word after `bicoastal drill`."""
    summary: str
    """One sentence: the fault, and what must hold."""
    play: Callable[[Stage], Outcome]
    lasting: "Callable[[float], Drill] | None" = None
    """The same drill for so many minutes, where it can last for any time."""


def catalogue() -> Mapping[str, Drill]:
    """Every drill by its name, in the order of the names; before them what hurts nothing, and would hear of
    what the others did."""
    package = importlib.import_module(f"{__package__}.catalogue")
    found: list[Drill] = [
        importlib.import_module(f"{package.__name__}.{module.name}").DRILL
        for module in pkgutil.iter_modules(package.__path__)
    ]
    return {
        drill.name: drill for drill in sorted(found, key=lambda drill: (drill.lasting is None, drill.name))
    }
