"""Versions that nobody can remove before their time."""

from dataclasses import dataclass
from enum import Enum
from typing import TypedDict

from ..checks.storage import RETENTION
from ..settings import setting


class RetentionMode(Enum):
    """Who can shorten a retention."""

    GOVERNANCE = "GOVERNANCE"
    """Whoever has `s3:BypassGovernanceRetention`."""
    COMPLIANCE = "COMPLIANCE"
    """Nobody, not even the account's root, until the days are over. It cannot be undone."""


class ObjectLockArgs(TypedDict):
    """How long every new version is locked."""

    mode: RetentionMode
    """`GOVERNANCE` or `COMPLIANCE`."""
    days: int
    """Days from the version's creation, 1 to 3650."""


@dataclass(frozen=True, kw_only=True)
class ObjectLock:
    """How long every new version is locked, checked."""

    mode: RetentionMode
    days: int = setting(RETENTION)
