"""What a reviewer looks at first."""

from collections.abc import Collection, Iterator, Mapping
from enum import Enum
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from ...checks.resources.everywhere import HOLDS_DATA
from .change import Change, Kind
from .values import ABSENT, Difference, steps_of, value_at

_MOUNTS = ("source",)
"""What a mount of a volume has, and none of memory."""
TABLE = Path(__file__).with_name("weighed.yaml")


class Weight(Enum):
    """How much a change weighs, the most first."""

    LOST = "data would be lost, or the run would fail"
    GUARD = "what keeps data"
    SECURITY = "security-relevant"
    REST = "the rest"


def weight(change: Change, made: Collection[str]) -> Weight:
    """How much the change weighs; `made` are the URNs of what is made."""
    goes = change.kind in (Kind.REMOVED, Kind.REPLACED)
    if goes and (change.blocked or (holds_data(change) and not change.kept)):
        return Weight.LOST
    if (goes and holds_data(change)) or _keeps_data(change, made):
        return Weight.GUARD
    return Weight.SECURITY if _is_of_security(change) else Weight.REST


def holds_data(change: Change) -> bool:
    """Whether the loss of the resource loses data."""
    return change.type in HOLDS_DATA


def turns_over(change: Change) -> bool:
    """Whether it is made anew by design."""
    return change.type in _table()["turns_over"]


def _keeps_data(change: Change, made: Collection[str]) -> bool:
    table = _table()["guards"]
    if change.kind is Kind.MADE:
        # A new rule for what is new loses nothing; one for what is there may.
        there = [urn for urn in change.dependencies if urn not in made]
        return bool(there) and _fits(change.type, table["types"])
    # A service that goes leaves its volumes where they are, with nobody who uses them.
    names = _MOUNTS if change.kind is Kind.REMOVED else table["properties"]
    return _fits(change.type, table["types"]) or _touches(change, names)


def _is_of_security(change: Change) -> bool:
    table = _table()["security"]
    if _fits(change.type, table["types"]):
        return True
    if change.kind is Kind.MADE:
        return any(_is_on(one, path) for one in change.differences for path in table["opens"])
    return change.kind is not Kind.REMOVED and _touches(change, table["properties"])


def _touches(change: Change, names: Collection[str]) -> bool:
    return any(not set(_names(one)).isdisjoint(names) for one in change.differences)


def _names(difference: Difference) -> Iterator[str]:
    yield from steps_of(difference.path)
    yield from _keys(difference.before)
    yield from _keys(difference.after)


def _keys(value: Any) -> Iterator[str]:
    if isinstance(value, Mapping):
        for key, item in value.items():
            yield key
            yield from _keys(item)
    elif isinstance(value, list):
        for item in value:
            yield from _keys(item)


def _is_on(difference: Difference, path: str) -> bool:
    head, *rest = path.split(".")
    if difference.path != head or difference.after is ABSENT:
        return False
    return value_at(difference.after, rest) not in (None, False, [], {}, "")


def _fits(token: str, types: Collection[str]) -> bool:
    return any(token == one or (one.endswith("*") and token.startswith(one[:-1])) for one in types)


@cache
def _table() -> Mapping[str, Any]:
    table: Mapping[str, Any] = yaml.safe_load(TABLE.read_text())
    return table
