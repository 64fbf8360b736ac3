"""Policy documents of AWS, read."""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import Any

from ..problem import Problem
from .declared import Declared, texts

_OF_WHOM = frozenset(
    {
        "aws:principalaccount",
        "aws:principalarn",
        "aws:principalorgid",
        "aws:principalorgpaths",
        "aws:sourceaccount",
        "aws:sourcearn",
        "aws:sourceip",
        "aws:sourceorgid",
        "aws:sourceorgpaths",
        "aws:sourceowner",
        "aws:sourcevpc",
        "aws:sourcevpce",
        "aws:userid",
        "elasticfilesystem:accessedviamounttarget",
        "kms:calleraccount",
        "s3:dataaccesspointaccount",
        "s3:dataaccesspointarn",
    }
)
"""Keys of conditions that say who asks, in small letters: AWS, "The meaning of public". All others, such as
`aws:SecureTransport`, are met by anyone."""


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
        return {key: value for _, key, value in self._compared()}

    def named(self, key: str) -> Sequence[str]:
        """What the condition on this key asks for: one that excludes, or is met without the key, does not."""
        return [
            text
            for operator, name, value in self._compared()
            if name.lower() == key.lower() and _asks(operator)
            for text in texts(value)
        ]

    def _compared(self) -> Iterator[tuple[str, str, Any]]:
        found = self.says.get("Condition")
        for operator, group in found.items() if isinstance(found, Mapping) else ():
            for key, value in group.items() if isinstance(group, Mapping) else ():
                yield str(operator), str(key), value

    @property
    def is_for_anyone(self) -> bool:
        """Whether its principal is everyone, or all but someone."""
        principal = self.says.get("Principal")
        named = list(principal.values()) if isinstance(principal, Mapping) else [principal]
        return "NotPrincipal" in self.says or any("*" in texts(one) for one in named)

    @property
    def is_public(self) -> bool:
        """Whether anyone at all is let in: on no condition, or on one that says nothing of who it is."""
        bound = any(
            _asks(operator) and key.lower() in _OF_WHOM and _names_someone(value)
            for operator, key, value in self._compared()
        )
        return self.allows and self.is_for_anyone and not bound

    def __str__(self) -> str:
        name = self.says.get("Sid")
        return f"statement {name!r}" if name else self.path


def _asks(operator: str) -> bool:
    """Whether a request without the key, or with another value, does not meet the condition."""
    words = operator.lower()
    return not ("not" in words or "null" in words or "forallvalues" in words or words.endswith("ifexists"))


def _names_someone(value: Any) -> bool:
    return not any(text.strip("*") in ("", "0.0.0.0/0", "::/0") for text in texts(value))


def covers(pattern: str, action: str) -> bool:
    """Whether a policy's pattern is for this action; AWS knows no capitals here."""
    return fnmatchcase(action.lower(), pattern.lower().replace("[", "[[]"))


def lets_nobody_in_unnamed(
    resource: Declared, allowed: str, fix: str, path: str = "policy"
) -> Iterator[Problem]:
    """A problem for each statement that is for anyone at all."""
    for statement in statements(resource, path):
        if statement.is_public:
            yield Problem(statement.path, "everyone is let in", str(statement), allowed, fix)


def statements(resource: Declared, path: str = "policy") -> Iterator[Statement]:
    """The statements of the policy at this path; none where it is unknown, secret or no policy."""
    yield from statements_in(resource.get(path), path)


def statements_in(document: Any, path: str) -> Iterator[Statement]:
    """The statements of a policy, which stands at this path."""
    if isinstance(document, str):
        try:
            document = json.loads(document)
        except ValueError:
            return
    found = document.get("Statement") if isinstance(document, Mapping) else None
    for number, says in enumerate([found] if isinstance(found, Mapping) else found or ()):
        if isinstance(says, Mapping):
            yield Statement(f"{path}.Statement[{number}]", says)
