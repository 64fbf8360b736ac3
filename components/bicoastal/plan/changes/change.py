"""What would happen to one resource, and all that would happen in an environment."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import Enum

from ..budgets import worst_s
from .values import Difference


class Kind(Enum):
    """What would happen to a resource, what goes first."""

    REMOVED = "removed"
    REPLACED = "replaced"
    CHANGED = "changed"
    MADE = "made"


@dataclass(frozen=True)
class Change:
    """What would happen to one resource. No value in it shows a secret."""

    kind: Kind
    type: str
    name: str
    urn: str
    differences: tuple[Difference, ...] = ()
    """What is another one, by path; of what is made or removed, its properties."""
    formerly: str = ""
    """The name that it had, if it is another one now."""
    forced_by: tuple[str, ...] = ()
    """The properties whose change replaces it."""
    because_of: tuple[str, ...] = ()
    """The resources whose replacement replaces it."""
    blocked: bool = False
    """Whether it is protected from what would happen: the run would fail."""
    kept: bool = False
    """Whether what is removed stays where it is, without the program."""
    deletes_first: bool = False
    """Whether it is removed before its replacement is made."""
    in_table: bool = True
    """Whether what replaces it is known."""
    dependencies: tuple[str, ...] = ()
    """The URNs of what its values come from."""


def in_order(changes: Iterable[Change]) -> tuple[Change, ...]:
    """What goes first, and what comes last; then by URN."""
    kinds = list(Kind)
    return tuple(sorted(changes, key=lambda change: (kinds.index(change.kind), change.urn)))


@dataclass(frozen=True)
class Found:
    """What a check found in one plan and not in the other."""

    check: str
    severity: str
    resource: str
    path: str
    wrong: str
    reason: str = ""
    """Why somebody lives with it."""


@dataclass(frozen=True)
class Comparison:
    """All that would happen in one environment."""

    project: str
    environment: str
    by_engine: bool
    """Whether the engine says so; else two plans and the table of what replaces."""
    changes: tuple[Change, ...]
    found: tuple[Found, ...] = ()
    mended: tuple[Found, ...] = ()
    """What is no longer found, or is suppressed now."""
    suppressed: tuple[Found, ...] = ()
    """What is suppressed and was not."""
    budgets: tuple[Mapping[str, Mapping[str, float]], Mapping[str, Mapping[str, float]]] = ({}, {})
    """The failover budgets in seconds, before and after."""
    exports: tuple[Difference, ...] = ()
    failures: tuple[str, ...] = ()
    """Why there is no saying what would happen."""
    is_new: bool = False
    """Whether there is no plan of it before the change."""

    def of(self, kind: Kind) -> list[Change]:
        """The changes of this kind."""
        return [change for change in self.changes if change.kind is kind]

    @property
    def over_limit(self) -> list[str]:
        """The budgets whose worst case is over their limit now."""
        return [name for name, terms in self.budgets[1].items() if worst_s(terms) > terms.get("limit_s", 1e9)]
