"""Placeholders of a tracked configuration in a plan: shown, and no reason to stop."""

import json
from collections.abc import Mapping
from typing import Any

from ..checks.placeholders import PREFIX, placeholders, stand_in, value_of


def with_stand_ins(config: Mapping[str, str]) -> tuple[dict[str, str], dict[str, str]]:
    """The configuration with a stand-in for each placeholder, and what belongs there, by its path."""
    read: dict[str, str] = {}
    to_fill_in: dict[str, str] = {}
    for key, text in config.items():
        if PREFIX not in text:
            read[key] = text
            continue
        value = value_of(text)
        to_fill_in |= dict(placeholders(value, key))
        filled = _filled(value, key)
        read[key] = filled if isinstance(filled, str) else json.dumps(filled)
    return read, dict(sorted(to_fill_in.items()))


def _filled(value: Any, path: str) -> Any:
    if isinstance(value, str) and value.startswith(PREFIX):
        return stand_in(path)
    if isinstance(value, dict):
        return {key: _filled(item, f"{path}.{key}") for key, item in value.items()}
    if isinstance(value, list):
        return [_filled(item, f"{path}[{number}]") for number, item in enumerate(value)]
    return value
