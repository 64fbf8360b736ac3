"""What the library offers, in the form that Pulumi's other languages read.

    python -m bicoastal.languages components/schema.json

writes it anew. It is what `pulumi package get-schema` prints of the library.
"""

import ast
import inspect
import json
import sys
import textwrap
from collections.abc import Mapping, Sequence
from functools import cache
from importlib.metadata import version
from typing import Any, is_typeddict

from pulumi.provider.experimental.analyzer import Analyzer, AnalyzeResult
from pulumi.provider.experimental.schema import generate_schema

import bicoastal

from ..component import Component

PACKAGE = "bicoastal"


def components() -> list[type[Component[Any]]]:
    """Every component that the library offers, by name."""
    exported = (getattr(bicoastal, name) for name in sorted(bicoastal.__all__))
    return [one for one in exported if inspect.isclass(one) and issubclass(one, Component)]


class LibraryAnalyzer(Analyzer):
    """Pulumi's analyzer, which also finds what a class says of its inputs for those made from it. A TypedDict
    keeps no bases: they are read from the source."""

    def get_docstring(self, typ: type, name: str) -> str | None:
        said = (self.get_docstring(base, name) for base in _bases(typ))
        return super().get_docstring(typ, name) or next(filter(None, said), None)


@cache
def _bases(kind: type) -> Sequence[type]:
    definition = ast.parse(textwrap.dedent(inspect.getsource(kind))).body[0]
    assert isinstance(definition, ast.ClassDef)
    names = (base.id for base in definition.bases if isinstance(base, ast.Name))
    found = (getattr(sys.modules[kind.__module__], name) for name in names)
    return [base for base in found if is_typeddict(base)]


def analyzed() -> AnalyzeResult:
    """The components and the types that they are made of, as Pulumi's analyzer tells them."""
    return LibraryAnalyzer(PACKAGE).analyze(list(components()))


def schema(found: AnalyzeResult | None = None) -> dict[str, Any]:
    """The schema, with all that is said of each component, property, group and value."""
    known = found or analyzed()
    whole = generate_schema(
        PACKAGE,
        version(PACKAGE),
        None,
        known["component_definitions"],
        known["type_definitions"],
        sorted(known["dependencies"], key=lambda one: one.name),
    )
    said = _tidied(whole.to_json())
    return {**{key: value for key, value in said.items() if value or key != "dependencies"}, "config": {}}


def schema_text() -> str:
    """The schema as it is kept in a file: the same bytes from run to run."""
    return json.dumps(schema(), indent=2, sort_keys=True, ensure_ascii=False) + "\n"


def _tidied(value: Any) -> Any:
    """Without what is not said, nor what is said of a property and again of each thing in it; a paragraph is
    a line."""
    if isinstance(value, list):
        return [_tidied(item) for item in value]
    if not isinstance(value, Mapping):
        return value
    tidied = {key: _tidied(item) for key, item in value.items() if item is not None}
    for key in ("items", "additionalProperties"):
        if key in tidied and _is_property(tidied[key]):
            tidied[key].pop("description", None)
    if isinstance(tidied.get("description"), str):
        tidied["description"] = _paragraphs(tidied["description"])
    return tidied


def _is_property(value: Any) -> bool:
    return isinstance(value, dict) and isinstance(value.get("description"), str)


def _paragraphs(text: str) -> str:
    return "\n\n".join(" ".join(one.split()) for one in inspect.cleandoc(text).split("\n\n"))
