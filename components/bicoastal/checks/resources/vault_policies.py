"""Policies of Vault, read: HCL in its forms, or JSON."""

import json
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from .declared import Declared, texts

_TOKEN = re.compile(
    r"""(?:\#|//)[^\n]* | /\*.*?\*/ | "(?P<text>(?:[^"\\]|\\.)*)"
    | (?P<sign>[{}\[\]=:,]) | (?P<word>[^\s{}\[\]=:,"]+)""",
    re.DOTALL | re.VERBOSE,
)
_OLD_WORDS = {
    "deny": ("deny",),
    "read": ("read", "list"),
    "write": ("create", "read", "update", "delete", "list"),
    "sudo": ("create", "read", "update", "delete", "list", "sudo"),
}
"""What `policy = "write"` gives, which Vault still takes in the place of capabilities."""
_OF_KV = ("data", "metadata", "delete", "undelete", "destroy", "subkeys")
"""What version 2 of the engine for secrets puts between its mount and a secret's name."""

_Body = list[tuple[list[str], Any]]


@dataclass(frozen=True)
class Grant:
    """What a policy gives on a path."""

    path: str
    capabilities: Sequence[str]

    @property
    def gives(self) -> bool:
        """Whether it gives anything, and does not deny."""
        return bool(self.capabilities) and "deny" not in self.capabilities

    @property
    def has_wildcard(self) -> bool:
        """Whether it is for more than one path."""
        return self.path.endswith("*") or "+" in self.path.split("/")

    @property
    def is_wide(self) -> bool:
        """Whether a wildcard reaches a whole mount, or more."""
        mount, *rest = self.path.strip("/").split("/")
        if not self.has_wildcard:
            return False
        return mount in ("*", "+", "sys", "auth") or not any(
            _names_something(part, number) for number, part in enumerate(rest)
        )


def _names_something(part: str, number: int) -> bool:
    """Whether a part of a path, so far below its mount, leaves anything out."""
    begins = part.removesuffix("*")
    if begins in ("", "+") or part in _OF_KV:
        return False
    return begins == part or number > 0 or not any(word.startswith(begins) for word in _OF_KV)


def grants(resource: Declared) -> Iterator[Grant]:
    """What a policy gives; nothing where it is unknown."""
    text = resource.get("policy")
    if not isinstance(text, str):
        return
    if text.lstrip().startswith("{"):
        yield from _from_json(text)
        return
    for words, value in _body(_tokens(text)):
        if words[:1] != ["path"] or not isinstance(value, list):
            continue
        named = [(words[1:], value)] if words[1:] else value
        for path, body in named:
            yield Grant(path[0] if path else "", _capabilities(body))


def _capabilities(body: Any) -> Sequence[str]:
    for words, value in body if isinstance(body, list) else ():
        if words == ["capabilities"]:
            return texts(value)
        if words == ["policy"]:
            return _OLD_WORDS.get(value, ())
    return ()


def _tokens(text: str) -> Iterator[tuple[str, str]]:
    for found in _TOKEN.finditer(text):
        if found.lastgroup is not None:
            yield found.lastgroup, found[found.lastgroup]


def _body(tokens: Iterator[tuple[str, str]]) -> _Body:
    """The words that stand before each value, and the value: a text, a list, or a body in braces."""
    found: _Body = []
    words: list[str] = []
    assigned = False
    for kind, value in tokens:
        if kind != "sign":
            words.append(value)
            if not assigned:
                continue
            found.append((words[:-1], value))
        elif value == "}":
            break
        elif value == "{":
            found.append((words, _body(tokens)))
        elif value == "[":
            found.append((words, [text for kind, text in _until_closed(tokens) if kind == "text"]))
        else:
            assigned = value in "=:"
            continue
        words, assigned = [], False
    return found


def _until_closed(tokens: Iterable[tuple[str, str]]) -> Iterator[tuple[str, str]]:
    for token in tokens:
        if token == ("sign", "]"):
            return
        yield token


def _from_json(text: str) -> Iterator[Grant]:
    try:
        document = json.loads(text)
    except ValueError:
        return
    found = document.get("path") if isinstance(document, dict) else None
    for paths in found if isinstance(found, list) else [found]:
        for path, body in paths.items() if isinstance(paths, dict) else ():
            for one in body if isinstance(body, list) else [body]:
                if isinstance(one, dict):
                    yield Grant(
                        path, texts(one.get("capabilities")) or _OLD_WORDS.get(str(one.get("policy")), ())
                    )
