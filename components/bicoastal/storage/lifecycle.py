"""How long versions are kept, and where objects go as they grow old."""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum
from typing import NotRequired, TypedDict

from ..checks import storage as checks
from ..checks.problem import Problem
from ..checks.rules import between
from ..settings import setting


class StorageClass(Enum):
    """Where S3 keeps an object; each is cheaper to keep and dearer or slower to read than the one before."""

    STANDARD_IA = "STANDARD_IA"
    """Read at once, paid per read. Not before 30 days, and not for less than 30."""
    INTELLIGENT_TIERING = "INTELLIGENT_TIERING"
    """S3 moves it by how it is read."""
    ONEZONE_IA = "ONEZONE_IA"
    """As STANDARD_IA, in one zone only: lost with it, and then read from the other region's bucket."""
    GLACIER_IR = "GLACIER_IR"
    """Read at once, dear to read. Billed for 90 days at least."""
    GLACIER = "GLACIER"
    """Restored within minutes to hours before it can be read."""
    DEEP_ARCHIVE = "DEEP_ARCHIVE"
    """Restored within hours to two days before it can be read."""


class TransitionArgs(TypedDict):
    """Objects move to another storage class."""

    storage_class: StorageClass
    """Where to."""
    days: int
    """Days after an object was written, 0 to 36500; for STANDARD_IA and ONEZONE_IA 30 at least, and 30 at
    least after one of these."""


class LifecycleArgs(TypedDict):
    """What becomes of objects under one prefix. A current object is never removed by it."""

    prefix: NotRequired[str]
    """The keys that it holds for: 0 to 512 characters, beginning without '/'. Default: all."""
    noncurrent_days: NotRequired[int]
    """Days that a version is kept after it was overwritten or deleted, 1 to 3650, and as long as Object Lock
    keeps it. Default: 30, or the days of Object Lock where these are more."""
    newer_noncurrent_versions: NotRequired[int]
    """How many such versions are kept whatever their age, 1 to 100. Default: none."""
    transitions: NotRequired[list[TransitionArgs]]
    """Where current objects go, from warm to cold. Default: they stay."""


@dataclass(frozen=True, kw_only=True)
class Transition:
    """Objects move to another storage class, checked."""

    storage_class: StorageClass
    days: int = setting(between(0, 36500, "days"))


@dataclass(frozen=True, kw_only=True)
class Lifecycle:
    """What becomes of objects under one prefix, checked."""

    prefix: str = setting(checks.KEY_PREFIX, default="")
    noncurrent_days: int | None = setting(checks.RETENTION, default=None)
    newer_noncurrent_versions: int | None = setting(between(1, 100, "versions"), default=None)
    transitions: list[Transition] = setting(factory=list)

    def problems(self) -> Iterator[Problem]:
        """What is wrong between the fields."""
        yield from checks.transitions_are_allowed([(t.storage_class.value, t.days) for t in self.transitions])
