"""Values that an environment's tracked configuration leaves to whoever has the account.

One is written as ``FILL-IN: `` and what belongs there. A plan shows it and goes on, with ``[fill-in
namespace:key]`` in its place; a run that would make something refuses it.
"""

import json
from collections.abc import Iterator, Mapping
from typing import Any

from .problem import Problem

PREFIX = "FILL-IN: "
Found = tuple[str, str]
"""The path to a placeholder, and what belongs there."""


def placeholders(value: object, path: str) -> Iterator[Found]:
    """Every placeholder in a value, however deep."""
    if isinstance(value, str) and value.startswith(PREFIX):
        yield path, value.removeprefix(PREFIX).strip()
    elif isinstance(value, Mapping):
        for key, item in value.items():
            yield from placeholders(item, f"{path}.{key}")
    elif isinstance(value, list):
        for number, item in enumerate(value):
            yield from placeholders(item, f"{path}[{number}]")


def value_of(text: str) -> Any:
    """The group behind a configuration's JSON text, or the text itself."""
    if not text.startswith(("{", "[")):
        return text
    try:
        return json.loads(text)
    except ValueError:
        return text


def stand_in(path: str) -> str:
    """What a plan puts in a placeholder's place: checks of form skip it."""
    return f"[fill-in {path}]"


def everything_is_filled_in(value: object, path: str, *, secret: bool = False) -> Iterator[Problem]:
    """No placeholder is left. `secret` says that what belongs there is one."""
    for where, words in placeholders(value, path):
        option = "--secret" if secret else "--type string --path" if where != path else "--plaintext"
        yield Problem(
            where,
            "not filled in",
            f"a placeholder ({words})",
            words,
            f"pulumi config set {option} '{where}', or write it into the environment's file",
        )
