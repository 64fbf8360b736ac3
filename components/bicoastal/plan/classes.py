"""The SDK's class behind a token, and what its output properties are."""

import sys
from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

import pulumi
from pulumi import _types


class Property(NamedTuple):
    """An output property of a resource's class."""

    name: str
    """As registered (camelCase)."""
    python_name: str
    hint: Any


class Classes:
    """An index of all resource classes that are loaded, by token.

    SDKs load their modules when they are first used, so an unknown token makes it look again, but not twice
    while no further module has been loaded.
    """

    def __init__(self) -> None:
        self._classes: dict[str, type] = {}
        self._properties: dict[str, Sequence[Property]] = {}
        self._missed: dict[str, int] = {}
        """An unknown token to the number of modules that were loaded when it was looked for."""

    def of(self, token: str) -> type | None:
        """The class; None when no loaded one has this token."""
        if token not in self._classes and self._missed.get(token) != len(sys.modules):
            self._look_again()
            if token not in self._classes:
                self._missed[token] = len(sys.modules)
        return self._classes.get(token)

    def properties(self, token: str) -> Sequence[Property]:
        """The output properties of the class; none when it is unknown."""
        kind = self.of(token)
        if kind is None:
            return ()
        if token not in self._properties:
            names = _types.resource_pulumi_to_py_names(kind)
            self._properties[token] = [
                Property(name, names.get(name, name), hint)
                for name, hint in _types.resource_types(kind).items()
            ]
        return self._properties[token]

    def _look_again(self) -> None:
        found: dict[str, type] = {}
        for kind in _subclasses(pulumi.CustomResource):
            token = getattr(kind, "pulumi_type", None)
            if token is not None:
                found.setdefault(token, kind)
        self._classes = {**found, **self._classes}


CLASSES = Classes()
"""Classes are loaded once in a process, so their index is one, too."""


def _subclasses(kind: type) -> Iterator[type]:
    direct: list[type] = type.__subclasses__(kind)
    for found in direct:
        yield found
        yield from _subclasses(found)
