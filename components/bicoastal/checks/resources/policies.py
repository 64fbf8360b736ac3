"""Policy documents of AWS, read."""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from ..problem import Problem
from .declared import Declared, texts


@dataclass(frozen=True)
class Statement:
    """One statement of a policy."""

    path: str
    """Where it is found, such as `policy.Statement[0]`."""
    says: Mapping[str, Any]

    @property
    def allows(self) -> bool:
        """Whether it gives anything."""
        return self.says.get("Effect") == "Allow"

    @property
    def actions(self) -> Sequence[str]:
        """What may be done."""
        return texts(self.says.get("Action"))

    @property
    def resources(self) -> Sequence[str]:
        """With what."""
        return texts(self.says.get("Resource"))

    @property
    def conditions(self) -> Mapping[str, Any]:
        """All conditions by their keys, whatever they compare."""
        found = self.says.get("Condition")
        groups = found.values() if isinstance(found, Mapping) else ()
        return {key: value for group in groups if isinstance(group, Mapping) for key, value in group.items()}

    @property
    def is_for_anyone(self) -> bool:
        """Whether its principal is everyone."""
        principal = self.says.get("Principal")
        named = principal.get("AWS") if isinstance(principal, Mapping) else principal
        return "*" in texts(named)

    def __str__(self) -> str:
        name = self.says.get("Sid")
        return f"statement {name!r}" if name else self.path


def lets_nobody_in_unnamed(resource: Declared, allowed: str, fix: str) -> Iterator[Problem]:
    """A problem for each statement that is for anyone at all, on no condition."""
    for statement in statements(resource):
        if statement.allows and statement.is_for_anyone and not statement.conditions:
            yield Problem(statement.path, "everyone is let in", str(statement), allowed, fix)


def statements(resource: Declared, path: str = "policy") -> Iterator[Statement]:
    """The statements of the policy at this path; none where it is unknown, secret or no policy."""
    document = resource.get(path)
    if isinstance(document, str):
        try:
            document = json.loads(document)
        except ValueError:
            return
    found = document.get("Statement") if isinstance(document, Mapping) else None
    for number, says in enumerate([found] if isinstance(found, Mapping) else found or ()):
        if isinstance(says, Mapping):
            yield Statement(f"{path}.Statement[{number}]", says)
