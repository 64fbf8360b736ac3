"""Stand-ins for what only a provider knows, typed so that every `apply` runs.

A string is `<resource.property>`, which doubles as a reference. A number cannot name its origin: it is one
that no real property has, NUMBER. A truth value is False, a list holds one stand-in, a mapping none, and of
a closed set it is the first member. An object holds a stand-in for each of its properties, and what is an
object in it is a string again.
"""

import re
import types
import typing
from collections.abc import Callable, Mapping, Sequence
from enum import Enum
from functools import cache
from typing import Any, get_args, get_origin

import pulumi
from pulumi import _types

NUMBER = -987654321
_REFERENCE = re.compile(r"<([\w-]+)\.([\w-]+(?:\.[\w-]+)?)>")


def sentinel(resource: str, name: str, hint: Any = str) -> Any:
    """The stand-in for property `name` of `resource`, of the type that `hint` says."""
    return _maker(hint, True)(resource, name)


def referenced(value: str) -> list[tuple[str, str]]:
    """The (resource, property) pairs that a string refers to."""
    return [(match[1], match[2]) for match in _REFERENCE.finditer(value)]


def is_reference(value: str) -> bool:
    """Whether the string is a stand-in and nothing else."""
    return _REFERENCE.fullmatch(value) is not None


_Maker = Callable[[str, str], Any]


@cache
def _maker(hint: Any, opens_objects: bool) -> _Maker:
    """What makes the stand-in for a type: types are few and resources are many."""
    plain = _plain(hint)
    origin = get_origin(plain)
    if origin in (list, Sequence):
        return _list_maker(_plain(get_args(plain)[0]), opens_objects)
    if origin in (dict, Mapping):
        return lambda _resource, _name: {}
    if isinstance(plain, type) and issubclass(plain, Enum):
        first = next(iter(plain)).value
        return lambda _resource, _name: first
    if plain is bool:
        return lambda _resource, _name: False
    if plain in (int, float):
        return lambda _resource, _name: NUMBER
    if opens_objects and isinstance(plain, type) and _types.is_output_type(plain):
        return _object_maker(plain)
    return lambda resource, name: f"<{resource}.{name}>"


def _list_maker(item: Any, opens_objects: bool) -> _Maker:
    one = _maker(item, opens_objects)
    return lambda resource, name: [one(resource, name)]


def _object_maker(kind: type) -> _Maker:
    names = _types.resource_pulumi_to_py_names(kind)
    makers = {
        key: (names.get(key, key), _maker(hint, False))
        for key, hint in _types.output_type_types(kind).items()
    }
    return lambda resource, name: {
        key: make(resource, f"{name}.{own}") for key, (own, make) in makers.items()
    }


def _plain(hint: Any) -> Any:
    """The type behind Output[T], Optional[T] and T | None."""
    if get_origin(hint) is pulumi.Output:
        return _plain(get_args(hint)[0])
    if get_origin(hint) in (typing.Union, types.UnionType):
        return _plain(next(option for option in get_args(hint) if option is not type(None)))
    return hint
