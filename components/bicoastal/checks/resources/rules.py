"""The shapes that most checks have."""

import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from ..problem import Problem, shown
from .declared import Declared, at, can_be_judged, number, truth

NOTHING = "nothing"


def said(value: object) -> str:
    """The value as a finding shows it."""
    return NOTHING if value is None else shown(value)


def must(
    resource: Declared,
    path: str,
    holds: Callable[[Any], bool],
    wrong: str,
    allowed: str,
    fix: str,
    default: Any = None,
) -> Iterator[Problem]:
    """A problem where the known value at the path, or the default for none, does not hold."""
    yield from must_in(resource.properties, path, path, holds, wrong, allowed, fix, default)


def must_in(
    owner: Mapping[str, Any],
    path: str,
    whole_path: str,
    holds: Callable[[Any], bool],
    wrong: str,
    allowed: str,
    fix: str,
    default: Any = None,
) -> Iterator[Problem]:
    """The same for an object within a resource, which is at `whole_path` in it."""
    value = at(owner, path, default)
    if can_be_judged(value) and not holds(value):
        yield Problem(whole_path, wrong, said(value), allowed, fix)


_DURATION = re.compile(r"(\d+(?:\.\d+)?)(ms|s|m|h|d)?")
_UNITS = {"ms": 0.001, "s": 1, "m": 60, "h": 3600, "d": 86400, "": 1}


def seconds(value: Any) -> float:
    """A time as Vault takes it: a number of seconds, or such as `1h30m`; 0 for what is no time."""
    text = str(value).strip()
    parts = list(_DURATION.finditer(text))
    if isinstance(value, bool) or "".join(part[0] for part in parts) != text:
        return 0
    return sum(float(part[1]) * _UNITS[part[2] or ""] for part in parts)


def is_off(value: Any) -> bool:
    """Whether a switch is off or not there."""
    return not truth(value)


def is_positive(value: Any) -> bool:
    """Whether a number is above zero."""
    return (number(value) or 0) > 0


def at_least(least: float) -> Callable[[Any], bool]:
    """Whether a number is not less."""
    return lambda value: (number(value) or 0) >= least


def from_to(least: float, most: float) -> Callable[[Any], bool]:
    """Whether a number is between the two, or one of them."""
    return lambda value: least <= (number(value) or 0) <= most


def is_there(value: Any) -> bool:
    """Whether anything is given."""
    return value not in (None, "", [], {})
