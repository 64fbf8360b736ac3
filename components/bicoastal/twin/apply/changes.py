"""What applying came to."""

from collections.abc import Mapping
from dataclasses import dataclass, field


class ApplyFailed(Exception):
    """A place, or the Pulumi engine, did not apply what is declared; the text is what it said."""


@dataclass(frozen=True)
class Changes:
    """What applying changed, as `<place>/<service>`."""

    created: tuple[str, ...] = ()
    updated: tuple[str, ...] = ()
    removed: tuple[str, ...] = ()
    counted: Mapping[str, int] = field(default_factory=dict)
    """The Pulumi engine's own count of all resources, by what it did to them; empty where nothing changed or
    Pulumi was not at work."""

    def __len__(self) -> int:
        return len(self.created) + len(self.updated) + len(self.removed) + sum(self.counted.values())

    def __str__(self) -> str:
        if not len(self):
            return "0 changes"
        said = f"{len(self.created)} created, {len(self.updated)} updated, {len(self.removed)} removed"
        counts = ", ".join(f"{count} {what}" for what, count in sorted(self.counted.items()))
        return f"{said} (Pulumi: {counts})" if counts else said
