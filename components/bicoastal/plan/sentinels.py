"""Stand-ins for what only a provider knows, typed so that every `apply` runs.

A string is `<resource.property>`, which doubles as a reference. A number cannot name its origin: it is one
that no real property has, NUMBER. A truth value is False, a list holds one stand-in, a mapping none.
"""

import re
import typing
from collections.abc import Mapping, Sequence
from typing import Any, get_args, get_origin

import pulumi

NUMBER = -987654321
_REFERENCE = re.compile(r"<([\w-]+)\.([\w-]+)>")


def sentinel(resource: str, name: str, hint: Any = str) -> Any:
    """The stand-in for property `name` of `resource`, of the type that `hint` says."""
    plain = _plain(hint)
    origin = get_origin(plain)
    if origin in (list, Sequence):
        return [sentinel(resource, name, get_args(plain)[0])]
    if origin in (dict, Mapping):
        return {}
    if plain is bool:
        return False
    if plain in (int, float):
        return NUMBER
    return f"<{resource}.{name}>"


def referenced(value: str) -> list[tuple[str, str]]:
    """The (resource, property) pairs that a string refers to."""
    return [(match[1], match[2]) for match in _REFERENCE.finditer(value)]


def _plain(hint: Any) -> Any:
    """The type behind Output[T] and Optional[T]."""
    if get_origin(hint) is pulumi.Output:
        return _plain(get_args(hint)[0])
    if get_origin(hint) is typing.Union:
        return _plain(next(option for option in get_args(hint) if option is not type(None)))
    return hint
