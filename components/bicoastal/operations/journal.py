"""What a deploy has done so far, written before each step, so that whoever comes next can take it back."""

import json
from dataclasses import asdict, dataclass, replace
from pathlib import Path

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
        half = folder / f".{FILE}"
        half.write_text(json.dumps(asdict(self), indent=2))
        half.replace(folder / FILE)

    @classmethod
    def load(cls, folder: Path) -> "Journal | None":
        """The newest deploy; None when there was none."""
        file = folder / FILE
        return cls(**json.loads(file.read_text())) if file.exists() else None
