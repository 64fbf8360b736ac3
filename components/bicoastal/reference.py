"""The tables of inputs and outputs in the library's README, from the docstrings.

    python -m bicoastal.reference components/README.md

writes them anew between the two marks in that file; what stands outside of the marks stays as it is.
"""

import inspect
import sys
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from pulumi.provider.experimental.analyzer import (
    ComponentDefinition,
    PropertyDefinition,
    PropertyType,
    TypeDefinition,
)

from .component import ComponentArgs
from .languages.schema import PACKAGE, LibraryAnalyzer, components

BEGIN = "<!-- written by `python -m bicoastal.reference`, from the docstrings -->"
END = "<!-- written until here -->"
_SCALARS = {
    PropertyType.STRING: "str",
    PropertyType.INTEGER: "int",
    PropertyType.NUMBER: "float",
    PropertyType.BOOLEAN: "bool",
}


def written(text: str) -> str:
    """The README's text with today's tables between the marks. Raises ValueError where a mark is missing."""
    before, begin, rest = text.partition(BEGIN)
    _, end, after = rest.partition(END)
    if not (begin and end):
        raise ValueError(f"the text lacks a mark; given: {text[:40]!r}...; allowed: {BEGIN} and {END}")
    return f"{before}{BEGIN}\n\n{tables()}\n{END}{after}"


def tables() -> str:
    """Inputs and outputs of every component, then the groups and closed sets that they are made of."""
    analyzer = LibraryAnalyzer(PACKAGE)
    found = analyzer.analyze(components=list(components()))
    common, names = analyzer.analyze_type(ComponentArgs, is_component_output=False)
    own = {name: _own_inputs(one, common) for name, one in found["component_definitions"].items()}
    types = sorted(found["type_definitions"].values(), key=lambda one: one.name)
    lines = ["## Components", "", "Every component takes these, too:", "", *_inputs(common, names)]
    for name, component in sorted(found["component_definitions"].items()):
        lines += _component(component, own[name])
    lines += ["## Groups", "", "Inputs that are made of inputs."]
    for group in (one for one in types if not one.enum):
        lines += ["", *_heading(group), *_inputs(group.properties, group.properties_mapping)]
    lines += ["", "## Closed sets", "", "Inputs that are one of a few values."]
    for closed in (one for one in types if one.enum):
        lines += ["", *_heading(closed), *_values(closed)]
    return "\n".join(lines) + "\n"


def _own_inputs(
    component: ComponentDefinition, common: Mapping[str, PropertyDefinition]
) -> dict[str, PropertyDefinition]:
    return {name: one for name, one in component.inputs.items() if name not in common}


def _component(component: ComponentDefinition, inputs: Mapping[str, PropertyDefinition]) -> list[str]:
    outputs = component.outputs
    rows = (
        (f"`{component.outputs_mapping[name]}`", f"`Output[{_plain_type(one)}]`", _text(one.description))
        for name, one in outputs.items()
    )
    return [
        "",
        f"### {component.name}",
        "",
        _described(component.description),
        "",
        *_inputs(inputs, component.inputs_mapping),
        "",
        *_table(("output", "type", "meaning"), rows),
    ]


def _heading(kind: TypeDefinition) -> list[str]:
    return [f"### {kind.name}", "", _described(kind.description), ""]


def _inputs(inputs: Mapping[str, PropertyDefinition], names: Mapping[str, str]) -> list[str]:
    """Required ones first, each in the order that the library declares."""
    rows = (
        (
            f"`{names[name]}`",
            _type(one),
            "optional" if one.optional else "required",
            _text(one.description),
        )
        for name, one in sorted(inputs.items(), key=lambda item: item[1].optional)
    )
    return list(_table(("input", "type", "", "meaning and default"), rows))


def _values(closed: TypeDefinition) -> list[str]:
    rows = ((f"`{one.value}`", _text(one.description)) for one in closed.enum or ())
    return list(_table(("value", "meaning"), rows))


def _table(head: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> Iterator[str]:
    for row in (head, ("---",) * len(head), *rows):
        yield f"| {' | '.join(row)} |"


def _type(one: PropertyDefinition) -> str:
    """A type as Python has it, and a link to what it is made of."""
    text = _plain_type(one)
    shown = f"`{text if one.plain else f'Input[{text}]'}`"
    made_of = _made_of(one)
    return f"[{shown}](#{made_of.lower()})" if made_of else shown


def _plain_type(one: PropertyDefinition) -> str:
    if one.items:
        return f"list[{_plain_type(one.items)}]"
    if one.additional_properties:
        return f"dict[str, {_plain_type(one.additional_properties)}]"
    return _SCALARS[one.type] if one.type in _SCALARS else _named(one)


def _made_of(one: PropertyDefinition) -> str:
    inner = one.items or one.additional_properties
    if inner:
        return _made_of(inner)
    return _named(one) if (one.ref or "").startswith("#") else ""


def _named(one: PropertyDefinition) -> str:
    return (one.ref or "Any").replace("/", ":").rpartition(":")[2]


def _described(docstring: str | None) -> str:
    """All but the error, which is the same for all."""
    paragraphs = inspect.cleandoc(docstring or "").split("\n\n")
    return "\n\n".join(one for one in paragraphs if not one.startswith("Raises "))


def _text(docstring: str | None) -> str:
    """On one line, as a cell of a table."""
    return " ".join((docstring or "").split()).replace("|", r"\|")


def main() -> None:
    """Write the tables into each file that is named."""
    for file in map(Path, sys.argv[1:]):
        file.write_text(written(file.read_text()))


if __name__ == "__main__":
    main()
