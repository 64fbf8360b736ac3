"""A plan in the shape of `terraform show -json`, for scanners that cannot read Pulumi."""

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from .hidden import hidden
from .record import Plan, Resource, Secret
from .sentinels import referenced
from .terraform_launch import launched
from .terraform_names import TABLE, TerraformType, snake_case, terraform_types
from .terraform_values import as_written, expressions, known, sensitive, shaped, unknown

FORMAT_VERSION = "1.2"
TERRAFORM_VERSION = "1.9.0"
"""A version of Terraform whose plans have this shape."""
_PROVIDERS = "pulumi:providers:"
_MUST_BE_MAPPED = "aws:"
_NOT_IN_A_NAME = re.compile(r"[^A-Za-z0-9_-]")


class UnmappedType(Exception):
    """Types of AWS that the table does not have: a scan without them would pass for a whole one."""

    def __init__(self, tokens: Iterable[str]) -> None:
        super().__init__(
            f"types that are not in the table {TABLE.name}: {', '.join(sorted(set(tokens)))}; "
            "fix: add each to the table with its type in Terraform"
        )


@dataclass(frozen=True)
class _Mapped:
    """A resource that Terraform has a type for."""

    resource: Resource
    kind: TerraformType
    name: str

    @property
    def address(self) -> str:
        return f"{self.kind.name}.{self.name}"

    @property
    def common(self) -> dict[str, Any]:
        return {"address": self.address, "mode": "managed", "type": self.kind.name, "name": self.name}

    @cached_property
    def dependencies(self) -> frozenset[str]:
        return frozenset(self.resource.dependencies)

    @cached_property
    def values(self) -> dict[str, Any]:
        return shaped(self.kind, self.resource.inputs)

    @cached_property
    def known(self) -> dict[str, Any]:
        return known(self.values)

    @cached_property
    def sensitive(self) -> dict[str, Any]:
        return sensitive(self.values)


def terraform_plan(plan: Plan) -> dict[str, Any]:
    """The plan as Terraform would show it, every resource to be created, no secret in it.

    `left_out` counts the resources of other providers that have no place in it. Raises `UnmappedType` for a
    type of AWS that the table does not have.
    """
    made = [one for one in plan.resources if one.custom and not one.type.startswith(_PROVIDERS)]
    resources = launched(sorted(made, key=lambda one: one.urn))
    types = terraform_types()
    missing = [r.type for r in resources if r.type not in types and r.type.startswith(_MUST_BE_MAPPED)]
    if missing:
        raise UnmappedType(missing)
    mapped = _addressed(resources, types)
    references = _References(mapped)
    outputs = {name: _output(value) for name, value in sorted(plan.exports.items())}
    return {
        "format_version": FORMAT_VERSION,
        "terraform_version": TERRAFORM_VERSION,
        "planned_values": {
            "outputs": outputs,
            "root_module": {"resources": [_planned(one) for one in mapped]},
        },
        "resource_changes": [_change(one) for one in mapped],
        "configuration": {
            "provider_config": {
                _package(one): {"name": _package(one), "full_name": one.kind.provider} for one in mapped
            },
            "root_module": {"resources": [_configured(one, references) for one in mapped]},
        },
        "left_out": dict(sorted(Counter(r.type for r in resources if r.type not in types).items())),
    }


def _addressed(resources: Iterable[Resource], types: Mapping[str, TerraformType]) -> list[_Mapped]:
    """Each resource under an address of its own: two of one name differ by a number."""
    taken: set[str] = set()
    mapped = []
    for resource in resources:
        kind = types.get(resource.type)
        if kind is None:
            continue
        plain = _NOT_IN_A_NAME.sub("_", resource.name)
        name = plain if plain[:1].isalpha() or plain[:1] == "_" else f"_{plain}"
        number = 2
        while f"{kind.name}.{name}" in taken:
            name, number = f"{plain}_{number}", number + 1
        taken.add(f"{kind.name}.{name}")
        mapped.append(_Mapped(resource, kind, name))
    return mapped


def _package(one: _Mapped) -> str:
    return one.kind.provider.rpartition("/")[2]


def _output(value: Any) -> dict[str, Any]:
    return {"sensitive": isinstance(value, Secret), "value": hidden(value)}


def _planned(one: _Mapped) -> dict[str, Any]:
    return {
        **one.common,
        "provider_name": one.kind.provider,
        "schema_version": 0,
        "values": one.known,
        "sensitive_values": one.sensitive,
    }


def _change(one: _Mapped) -> dict[str, Any]:
    return {
        **one.common,
        "provider_name": one.kind.provider,
        "change": {
            "actions": ["create"],
            "before": None,
            "after": one.known,
            "after_unknown": {"id": True, **unknown(one.values)},
            "before_sensitive": False,
            "after_sensitive": one.sensitive,
        },
    }


def _configured(one: _Mapped, references: "_References") -> dict[str, Any]:
    written = expressions(one.values, lambda text: references.of(one, text))
    for key, targets in one.resource.property_dependencies.items():
        name = one.kind.name_of(key).name
        if name in written and "constant_value" in written[name]:
            found = references.to(targets, one.resource.inputs.get(key))
            if found:
                written[name] = {"references": found}
    configured = {
        **one.common,
        "provider_config_key": _package(one),
        "schema_version": 0,
        "expressions": written,
    }
    inside = {urn for urns in one.resource.property_dependencies.values() for urn in urns}
    after = sorted(references.addresses(one.dependencies - inside))
    return {**configured, "depends_on": after} if after else configured


class _References:
    """From sentinels and dependencies to addresses."""

    def __init__(self, mapped: Iterable[_Mapped]) -> None:
        self._by_urn = {one.resource.urn: one for one in mapped}
        self._by_name: dict[str, list[_Mapped]] = {}
        for one in self._by_urn.values():
            self._by_name.setdefault(one.resource.name, []).append(one)

    def of(self, one: _Mapped, text: str) -> list[str]:
        """What the sentinels in a text refer to. Resources of several types may share a logical name: the one
        that the resource depends on is meant."""
        found: list[str] = []
        for name, attribute in referenced(text):
            same = self._by_name.get(name, [])
            needed = [target for target in same if target.resource.urn in one.dependencies]
            for target in (needed or same)[:1]:
                found += [f"{target.address}.{attribute}", target.address]
        return found

    def to(self, urns: Iterable[str], value: Any) -> list[str]:
        """The resources that a known value comes from, by the attribute that has it."""
        found: list[str] = []
        for urn in urns:
            target = self._by_urn.get(urn)
            if target is not None:
                found += [f"{target.address}.{_attribute(target.resource, value)}", target.address]
        return as_written(found)

    def addresses(self, urns: Iterable[str]) -> list[str]:
        """The addresses of those that have one."""
        return [self._by_urn[urn].address for urn in urns if urn in self._by_urn]


def _attribute(target: Resource, value: Any) -> str:
    same = sorted(key for key, item in target.outputs.items() if item == value)
    return snake_case(same[0]) if same else "id"
