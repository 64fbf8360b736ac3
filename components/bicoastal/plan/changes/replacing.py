"""What a provider would replace, by its documentation: two plans know no provider."""

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from .values import value_at

TABLE = Path(__file__).with_name("replacing.yaml")


@cache
def table() -> Mapping[str, tuple[str, ...]]:
    """A type to the paths whose change forces a new resource."""
    declared = yaml.load(TABLE.read_text(), getattr(yaml, "CSafeLoader", yaml.SafeLoader))  # noqa: S506 both are safe
    return {token: tuple(paths) for token, paths in declared.items()}


def forcing(token: str, before: Mapping[str, Any], after: Mapping[str, Any]) -> tuple[str, ...]:
    """The paths of this type whose values differ, where that replaces the resource."""
    return tuple(
        path
        for path in table().get(token, ())
        if value_at(before, path.split(".")) != value_at(after, path.split("."))
    )
