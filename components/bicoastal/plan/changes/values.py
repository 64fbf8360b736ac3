"""Two values compared: what differs, by its path."""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum
from typing import Any


class Absent(Enum):
    """What stands where nothing is."""

    ABSENT = "nothing"


ABSENT = Absent.ABSENT


@dataclass(frozen=True)
class Difference:
    """A value that is another one."""

    path: str
    before: Any
    after: Any


def differences(before: Any, after: Any, path: str = "") -> Iterator[Difference]:
    """Each value that differs, in the order of the paths. Items of a list that stand in both do not count,
    wherever they stand."""
    if before == after and isinstance(before, bool) == isinstance(after, bool):
        return
    if isinstance(before, Mapping) and isinstance(after, Mapping):
        for key in sorted({**before, **after}):
            inner = f"{path}.{key}" if path else str(key)
            yield from differences(before.get(key, ABSENT), after.get(key, ABSENT), inner)
    elif isinstance(before, list) and isinstance(after, list):
        yield from _of_lists(before, after, path)
    elif is_document(before) and is_document(after):
        within = list(differences(json.loads(before), json.loads(after), path))
        yield from within or [Difference(path, before, after)]
    else:
        yield Difference(path, before, after)


def is_document(value: Any) -> bool:
    """Whether it is a text with JSON in it, as a policy is."""
    if not isinstance(value, str) or not value.startswith(("{", "[")):
        return False
    try:
        return isinstance(json.loads(value), dict | list)
    except ValueError:
        return False


def _of_lists(before: Sequence[Any], after: Sequence[Any], path: str) -> Iterator[Difference]:
    gone, come = _without_common(before, after)
    if not gone and not come:
        yield Difference(path, list(before), list(after))  # the same in another order
    elif len(gone) == len(come):
        for (_, old), (number, new) in zip(gone, come, strict=True):
            yield from differences(old, new, f"{path}[{number}]")
    else:
        yield from (Difference(f"{path}[{number}]", old, ABSENT) for number, old in gone)
        yield from (Difference(f"{path}[{number}]", ABSENT, new) for number, new in come)


def _without_common(
    before: Sequence[Any], after: Sequence[Any]
) -> tuple[list[tuple[int, Any]], list[tuple[int, Any]]]:
    come = list(enumerate(after))
    gone = []
    for number, old in enumerate(before):
        same = next((i for i, (_, new) in enumerate(come) if new == old), None)
        if same is None:
            gone.append((number, old))
        else:
            del come[same]
    return gone, come


def steps_of(path: str) -> list[str]:
    """The names in a path, without the places in lists."""
    return [step.partition("[")[0] for step in path.split(".")]


def value_at(value: Any, path: Sequence[str]) -> Any:
    """What stands at the path, in each item where there is a list."""
    if isinstance(value, list):
        return [value_at(item, path) for item in value]
    if not path:
        return value
    return value_at(value.get(path[0]), path[1:]) if isinstance(value, Mapping) else None
