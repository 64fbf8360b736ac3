"""A resource as a program declares it, whoever reads it: a plan, a policy pack, a constructor."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import Enum
from typing import Any

from ..stand_ins import is_only_stand_in, is_stand_in

_NUMBER_THAT_STANDS_IN = -987654321
"""What a plan puts where only a provider knows the number."""


class Unseen(Enum):
    """What stands in a property where its value cannot be judged."""

    HIDDEN = "a secret"
    UNKNOWN = "not known yet"


HIDDEN = Unseen.HIDDEN
UNKNOWN = Unseen.UNKNOWN


@dataclass(frozen=True)
class Declared:
    """One resource with its properties as registered (camelCase), HIDDEN and UNKNOWN in them."""

    type: str
    """The token, such as `aws:s3/bucket:Bucket`."""
    name: str
    properties: Mapping[str, Any] = field(repr=False)
    urn: str = ""
    provider: str | None = None
    """The URN of the explicit provider."""
    dependencies: Mapping[str, Collection[str]] = field(default_factory=dict)
    """A property to the URNs (without URNs: the names) of the resources that its value comes from."""
    protect: bool = False
    delete_before_replace: bool | None = None
    """None where the provider decides."""

    def get(self, path: str, default: Any = None) -> Any:
        """What stands at `a.b.c`; the default for nothing, UNKNOWN or HIDDEN where nobody can say."""
        return at(self.properties, path, default)

    def each(self, path: str) -> Iterator[tuple[str, Mapping[str, Any]]]:
        """The objects in the list at `a.b`, each with its own path; a single object counts as a list."""
        found = self.get(path)
        if isinstance(found, Mapping):
            yield path, found
        for number, item in enumerate(found if isinstance(found, list | tuple) else ()):
            if isinstance(item, Mapping):
                yield f"{path}[{number}]", item

    def comes_from(self, path: str, other: "Declared", same: str = "") -> bool:
        """Whether the property comes from the other resource, or says what `same` says there."""
        if (other.urn or other.name) in self.dependencies.get(path, ()):
            return True
        mine, theirs = self.get(path), other.get(same) if same else None
        return isinstance(mine, str) and mine == theirs


class Resources:
    """All that is declared, by type. A type that ends in `*` stands for all that begin so."""

    def __init__(self, declared: Sequence[Declared]) -> None:
        self.all = declared
        self._by_type: dict[str, list[Declared]] = {}
        for resource in declared:
            self._by_type.setdefault(resource.type, []).append(resource)

    def of(self, *types: str) -> list[Declared]:
        """The resources of these types."""
        return [
            resource for wanted in types for kind in self._kinds(wanted) for resource in self._by_type[kind]
        ]

    def _kinds(self, wanted: str) -> list[str]:
        if not wanted.endswith("*"):
            return [wanted] if wanted in self._by_type else []
        return [kind for kind in self._by_type if kind.startswith(wanted[:-1])]


def at(value: Any, path: str, default: Any = None) -> Any:
    """What stands at `a.b.c` in nested objects, as `Declared.get` answers it."""
    for key in path.split("."):
        if isinstance(value, Unseen):
            return value
        if _stands_in(value):
            return UNKNOWN
        if not isinstance(value, Mapping):
            return default
        value = value.get(key)
        if value is None:
            return default
    return UNKNOWN if _stands_in(value) else value


def _stands_in(value: Any) -> bool:
    return is_only_stand_in(value) or (isinstance(value, int) and value == _NUMBER_THAT_STANDS_IN)


def can_be_judged(value: Any) -> bool:
    """Whether all of the value is known."""
    return not isinstance(value, Unseen) and not is_stand_in(value)


def is_unknown_list(value: Any) -> bool:
    """Whether it is what a plan puts where only a provider knows the list: one stand-in, and not of an id."""
    alone = value[0] if isinstance(value, list) and len(value) == 1 else None
    return isinstance(alone, str) and is_only_stand_in(alone) and not alone.endswith((".id>", ".arn>"))


def texts(value: Any) -> list[str]:
    """The known strings in a list, or the one that stands alone."""
    items = value if isinstance(value, list | tuple) else [value]
    return [item for item in items if isinstance(item, str)]


def every_text(value: Any) -> Iterator[str]:
    """Every string in a value, however deep."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        for item in value.values():
            yield from every_text(item)
    elif isinstance(value, list | tuple):
        for item in value:
            yield from every_text(item)


def truth(value: Any) -> bool:
    """Whether a switch is on: a template has it as text."""
    return value is True or (isinstance(value, str) and value.lower() in ("true", "1", "on"))


def number(value: Any) -> float | None:
    """A number, also where it stands as text."""
    if isinstance(value, bool):
        return None
    try:
        return float(value)
    except (TypeError, ValueError):
        return None
