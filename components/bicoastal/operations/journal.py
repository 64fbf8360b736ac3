"""What a deploy has done so far, written before each step, so that whoever comes next can take it back."""

import json
from dataclasses import asdict, dataclass, replace
from pathlib import Path

from ..checks.problem import Problem
from .colours import COLOURS
from .durable import write_durably
from .refusal import Refused

FILE = "deploy.json"
DONE = "done"


@dataclass(frozen=True)
class Journal:
    """One deploy."""

    image: str
    live: str
    """The colour that serves, should the deploy end here: the old one until it is done, then the new one."""
    idle: str
    """The colour that the image is given to."""
    previous: str | None
    """The idle colour's image before, as the settings had it; None for the program's own."""
    step: str = "begun"

    @property
    def unfinished(self) -> bool:
        """Whether somebody must take it back."""
        return self.step != DONE

    def at(self, step: str) -> "Journal":
        """The same deploy, one step further."""
        return replace(self, step=step)

    def done(self, live: str) -> "Journal":
        """The deploy at its end, this colour serving."""
        return replace(self, step=DONE, live=live)

    def save(self, folder: Path) -> None:
        """Keep it, whole or not at all."""
        write_durably(folder / FILE, json.dumps(asdict(self), indent=2))

    @classmethod
    def load(cls, folder: Path) -> "Journal | None":
        """The newest deploy; None when there was none. Raises `Refused` for a file that is no journal."""
        file = folder / FILE
        if not file.exists():
            return None
        try:
            return _sensible(cls(**json.loads(file.read_text())))
        except (ValueError, TypeError) as error:
            raise Refused(_broken(file, str(error))) from error


def _sensible(journal: Journal) -> Journal:
    colours = journal.live in COLOURS and journal.idle in COLOURS
    texts = all(isinstance(text, str) for text in (journal.image, journal.step, journal.previous or ""))
    if not (colours and texts):
        raise ValueError(f"no deploy is like this: {asdict(journal)}")
    return journal


def _broken(file: Path, why: str) -> Problem:
    return Problem(
        "the deploy's journal",
        f"it cannot be read: {why}",
        str(file),
        "what a deploy wrote",
        "run `live-colour` in each balancer's container, and with the right colour where it differs; then"
        " remove the file: the colour on which all balancers agree is taken to be live",
    )
