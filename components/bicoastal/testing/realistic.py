"""Outputs in the form that the clouds give them, for programs that take them apart."""

import hashlib
import itertools
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from .stand_ins.catalogue import kind_of

Chosen = Mapping[str, Any] | Callable[[str, Mapping[str, Any]], Mapping[str, Any]]
"""A type's outputs, camelCase as registered: the same for each resource of it, or made from its name and
inputs. `id` is its id."""

_REGION = "us-east-1"


@dataclass
class Answers:
    """What the clouds compute: what is chosen for a type, then what its table knows."""

    chosen: Mapping[str, Chosen]
    realistic: bool
    _numbers: "itertools.count[int]" = field(default_factory=lambda: itertools.count(1))

    def __call__(self, token: str, name: str, inputs: Mapping[str, Any]) -> dict[str, Any]:
        """The outputs of one resource; what is not in it stays a stand-in such as `<name.arn>`."""
        own = self.chosen.get(token, {})
        own = own(name, inputs) if callable(own) else own
        return {**(self._computed(token, name, inputs) if self.realistic else {}), **own}

    def _computed(self, token: str, name: str, inputs: Mapping[str, Any]) -> dict[str, Any]:
        kind = kind_of(token)
        if kind is None:
            return {}
        known = {"region": _REGION, **kind.defaults, **inputs}
        filled = {key: value for key, value in kind.defaults.items() if key not in inputs}
        if kind.named and kind.named not in inputs:
            known[kind.named] = filled[kind.named] = f"{name}-{hashlib.sha256(name.encode()).hexdigest()[:7]}"
        number = next(self._numbers)
        try:
            identifier = kind.id_of(token, number, known)
            computed = kind.computed_of(identifier, number, known)
        except KeyError:  # a template of an input that this one lacks
            return filled
        return {**filled, **{key: it for key, it in computed.items() if key not in inputs}, "id": identifier}
