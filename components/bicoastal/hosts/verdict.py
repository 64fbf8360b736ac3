"""What the last look at a Swarm's managers found, for those who come right after it."""

import json
import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from .managers import replace

REMEMBERED_S = 10
"""Seconds that a verdict holds: connections of a deployment begin by the dozen."""


@dataclass(frozen=True)
class Verdict:
    """Which manager is healthy."""

    instance: str | None
    """Its instance; None when nobody is."""
    left_out: Sequence[str]
    """Who was looked at before, and why it was left out."""

    @classmethod
    def remembered(cls, path: Path) -> "Verdict | None":
        """The verdict in this file, if it still holds."""
        try:
            age = time.time() - path.stat().st_mtime
            return cls(**json.loads(path.read_text())) if 0 <= age < REMEMBERED_S else None
        except FileNotFoundError:
            return None

    def remember(self, path: Path) -> None:
        """Keep it for those who come next."""
        replace(path, json.dumps(asdict(self)))
