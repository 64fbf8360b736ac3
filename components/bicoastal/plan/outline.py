"""A plan as an outline for a person: by place and component, with the few properties that matter."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from ..checks.resources.everywhere import HOLDS_DATA
from .hidden import hidden
from .record import Plan, Resource

TABLE = Path(__file__).with_name("shown_properties.yaml")
_LONGEST = 60
_MIB = " in MiB"


@dataclass(frozen=True)
class Line:
    """One resource, or a component with what is in it."""

    name: str
    type: str
    """Such as `aws.rds.Instance`, or a component's class."""
    component: bool
    within: str
    """The component that it is the only resource of, whose line this is, too."""
    shown: Sequence[tuple[str, str]]
    """The properties that matter: what each is called, and its value."""
    protected: bool
    holds_data: bool
    below: Sequence["Line"]


def outline(plan: Plan, places: Mapping[str, str]) -> dict[str, list[Line]]:
    """The lines of each place. A component that is in several places stands in each, with its part there."""
    roots = [resource for resource in plan.resources if not _has_parent(plan, resource)]
    return {place: list(_lines(plan, roots, places, place)) for place in sorted(set(places.values()))}


def _has_parent(plan: Plan, resource: Resource) -> bool:
    """The stack itself is no resource of the plan."""
    try:
        plan.find(resource.parent)
    except KeyError:
        return False
    return True


def _lines(
    plan: Plan, resources: Sequence[Resource], places: Mapping[str, str], place: str
) -> Iterator[Line]:
    for resource in sorted(resources, key=lambda r: (r.custom, r.name, r.type)):
        below = list(_lines(plan, plan.children(resource.urn), places, place))
        if places.get(resource.urn) == place or below:
            yield _line(resource, below)


def _line(resource: Resource, below: Sequence[Line]) -> Line:
    kind = short_type(resource.type)
    if not resource.custom and len(below) == 1 and not below[0].component and not below[0].below:
        only = below[0]
        return Line(**{**vars(only), "within": f"{only.within} in {kind}" if only.within else kind})
    return Line(
        name=resource.name,
        type=kind,
        component=not resource.custom,
        within="",
        shown=list(_shown(resource)),
        protected=resource.protect,
        holds_data=resource.type in HOLDS_DATA,
        below=below,
    )


def short_type(token: str) -> str:
    """`aws:rds/instance:Instance` as `aws.rds.Instance`; a class alone for a component of ours."""
    package, module, kind = token.split(":") if token.count(":") == 2 else ("", "", token)
    if package == "pulumi":
        return f"{kind}.Provider"
    folder = module.partition("/")[0]
    return kind if package == "bicoastal" else ".".join([package, *({folder} - {"index", ""}), kind])


def _shown(resource: Resource) -> Iterator[tuple[str, str]]:
    paths = _table()["shown"].get(resource.type, _table()["otherwise"])
    for path in paths:
        label, _, where = path.removesuffix(_MIB).rpartition("=")
        value = resource.inputs
        for key in where.split("."):
            value = value.get(key) if isinstance(value, Mapping) else None  # type: ignore[assignment]
        if value not in (None, [], {}, ""):
            amount = f"{value / 2**20:g} MiB" if path.endswith(_MIB) and isinstance(value, int) else None
            yield label or where.rpartition(".")[2], amount or _text(hidden(value))


def _text(value: Any) -> str:
    if isinstance(value, list):
        return ", ".join(_text(item) for item in value)
    if isinstance(value, Mapping):
        return ", ".join(f"{key}={_text(value[key])}" for key in sorted(value))
    text = str(value).lower() if isinstance(value, bool) else str(value)
    line = " ".join(text.split())
    return line if len(line) <= _LONGEST else f"{line[: _LONGEST - 3]}..."


@cache
def _table() -> Mapping[str, Any]:
    table: Mapping[str, Any] = yaml.safe_load(TABLE.read_text())
    return table
