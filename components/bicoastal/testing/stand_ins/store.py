"""What a stand-in has made, open to tests, and what it refuses to make."""

import itertools
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from .kinds import Kind


class Refused(Exception):
    """The cloud does not do what it was asked to; the message is its answer."""


@dataclass
class Object:
    """One thing in the cloud. A test may change `properties`: that is drift."""

    type: str
    id: str
    properties: dict[str, Any]


@dataclass
class Cloud:
    """Keeps what is made, by type and id, and refuses nothing. A cloud with rules of its own overrides
    `make`, `change` or `remove`."""

    kinds: Mapping[str, Kind]
    objects: dict[tuple[str, str], Object] = field(default_factory=dict)
    _numbers: "itertools.count[int]" = field(default_factory=lambda: itertools.count(1))

    def make(self, token: str, inputs: Mapping[str, Any]) -> tuple[str, dict[str, Any]]:
        """Make it: its id, and what the cloud computes of it."""
        return self.described(token, inputs)

    def described(
        self, token: str, inputs: Mapping[str, Any], identifier: str | None = None, **own: Any
    ) -> tuple[str, dict[str, Any]]:
        """The id, by the table if none is given, and what is computed: `own` comes before the table's."""
        kind, number = self.kinds[token], next(self._numbers)
        known = identifier or kind.id_of(token, number, inputs)
        return known, {**kind.computed_of(known, number, inputs), **own}

    def change(self, it: Object, inputs: Mapping[str, Any], changed: set[str]) -> dict[str, Any]:
        """Change it: what the cloud computes anew."""
        return {}

    def remove(self, it: Object) -> None:
        """Remove it."""

    def keep(self, token: str, identifier: str, properties: dict[str, Any]) -> Object:
        """Write down that it is there."""
        it = self.objects[token, identifier] = Object(token, identifier, properties)
        return it

    def of(self, token: str) -> list[Object]:
        """Everything of this type, in the order in which it was made."""
        return [it for (type_, _), it in self.objects.items() if type_ == token]
