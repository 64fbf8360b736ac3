"""What a person chose for one twin: settings that win over the project's, kept in the twin's folder.

The project's own files are never written, so a trial in a twin leaves the checkout clean.
"""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import yaml

from ..checks.problem import Problem

FILE = "settings.yaml"
Tree = Mapping[str, Any]


class NotASetting(ValueError):
    """A choice that is not of the form `group.key=value`."""


def parse(choices: Sequence[str]) -> dict[str, Any]:
    """Settings from `group.key=value` texts; a value is read as YAML, so `3` is a number.

    Raises `NotASetting`.
    """
    tree: dict[str, Any] = {}
    for choice in choices:
        path, equals, text = choice.partition("=")
        keys = path.split(".")
        if not equals or not all(keys):
            problem = Problem(
                "--set", "not a setting", repr(choice), "group.key=value", "such as --set database.mode=async"
            )
            raise NotASetting(str(problem))
        try:
            value = yaml.safe_load(text)
        except yaml.YAMLError:
            problem = Problem(
                "--set", "not a value", repr(choice), "a YAML value", "put it in quotes: --set 'key=\"[x]\"'"
            )
            raise NotASetting(str(problem)) from None
        for key in reversed(keys):
            value = {key: value}
        tree = merged(tree, value)
    return tree


def merged(under: Tree, over: Tree) -> dict[str, Any]:
    """The two trees as one; where both say something, `over` wins."""
    both = dict(under)
    for key, value in over.items():
        below = both.get(key)
        both[key] = (
            merged(below, value) if isinstance(below, Mapping) and isinstance(value, Mapping) else value
        )
    return both


def without_nothing(tree: Tree) -> dict[str, Any]:
    """The tree without what is None: a choice that is taken back, so that the project's own value holds."""
    kept = {
        key: without_nothing(value) if isinstance(value, Mapping) else value for key, value in tree.items()
    }
    return {key: value for key, value in kept.items() if value is not None and value != {}}


def load(folder: Path) -> dict[str, Any]:
    """The choices kept in a twin's folder; empty when there are none."""
    file = folder / FILE
    return dict(yaml.safe_load(file.read_text()) or {}) if file.exists() else {}


def save(folder: Path, choices: Tree) -> None:
    """Keep the choices, whole or not at all."""
    if not choices and not (folder / FILE).exists():
        return
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    half = folder / f".{FILE}"
    half.write_text(yaml.safe_dump(dict(choices)))
    half.replace(folder / FILE)
