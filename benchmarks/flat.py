"""The flat program of a plan: what a person writes who registers the same raw resources without the library.

It is Python text: the typed constructors of the providers' SDKs, one after the other, each with its typed
arguments, its provider, the recorded options, and references to what it needs. Where a whole value is
another resource's name, or what only the provider knows of it, the value is taken from that resource; other
recorded dependencies stand in `depends_on`. What the library computes stands in it ready: a configuration is
a text, a digest is part of a name.

With components, there is an empty one for each of the plan's, as the parent of what is in it: the least
that any library of components costs.
"""

import json
import sys
from collections.abc import Collection, Iterator, Mapping
from typing import Any, get_args, get_origin

from pulumi import _types

from bicoastal.plan import Plan, Resource, Secret
from bicoastal.plan.classes import CLASSES
from bicoastal.plan.sentinels import is_reference, sentinel


def flat_program(plan: Plan, *, with_components: bool) -> str:
    """The program's text."""
    registered = [one for one in plan.resources if one.custom or with_components]
    writer = _Writer(plan, {one.urn: f"r{i}" for i, one in enumerate(registered)})
    lines = [f"{writer.variables[one.urn]} = {writer.registration(one)}" for one in registered]
    ends = [f"{writer.variables[one.urn]}.register_outputs({{}})" for one in registered if not one.custom]
    modules = {_package(_class_of(one)) for one in registered if one.custom}
    return "\n".join(
        ["import pulumi", *(f"import {module}" for module in sorted(modules)), *lines, *ends, ""]
    )


class _Writer:
    """Writes registrations as expressions."""

    def __init__(self, plan: Plan, variables: Mapping[str, str]) -> None:
        self._plan = plan
        self.variables = variables
        """What each resource is called, by its URN."""

    def registration(self, resource: Resource) -> str:
        """The constructor's call."""
        if not resource.custom:
            given = ", ".join([repr(resource.type), repr(resource.name), self._options(resource, ())])
            return f"pulumi.ComponentResource({given})"
        kind = _class_of(resource)
        properties, referred = self._properties(resource, _arguments_of(kind))
        options = self._options(resource, set(resource.dependencies) - referred)
        return f"{_named(kind)}({', '.join([repr(resource.name), *properties, options])})"

    def _options(self, resource: Resource, depends_on: Collection[str]) -> str:
        options = {
            "parent": self.variables.get(resource.parent or ""),
            "provider": self.variables.get(resource.provider or "") if resource.custom else None,
            "depends_on": f"[{', '.join(sorted(self.variables[urn] for urn in depends_on))}]",
            "protect": repr(resource.protect or None),
            "delete_before_replace": repr(resource.delete_before_replace),
            "ignore_changes": repr(list(resource.ignore_changes)),
        }
        given = (f"{key}={value}" for key, value in options.items() if value not in (None, "None", "[]"))
        return f"opts=pulumi.ResourceOptions({', '.join(given)})"

    def _properties(self, resource: Resource, arguments: type) -> tuple[list[str], set[str]]:
        """The properties as keyword arguments, and the URNs of what they refer to."""
        written, referred = [], set()
        for key, value in _as_given(resource, arguments).items():
            needed = resource.property_dependencies.get(key, ())
            values = _Values({text: origin for urn in needed for text, origin in self._values_of(urn)})
            written += values.fields({key: value}, arguments)
            referred |= values.referred
        return written, referred

    def _values_of(self, urn: str) -> Iterator[tuple[str, tuple[str, str]]]:
        """The values that are taken from this resource, each with its URN and the expression for it."""
        resource, variable = self._plan.find(urn), self.variables[urn]
        yield sentinel(resource.name, "id"), (urn, f"{variable}.id")
        for name, python_name, _ in CLASSES.properties(resource.type):
            value = resource.outputs.get(name)
            if isinstance(value, str) and (name == "name" or is_reference(value)):
                yield value, (urn, f"{variable}.{python_name}")


class _Values:
    """Writes values as expressions; `origins` are those that are taken from another resource."""

    def __init__(self, origins: Mapping[str, tuple[str, str]]) -> None:
        self._origins = origins
        self.referred: set[str] = set()
        """The URNs of the resources that a value was taken from."""

    def fields(self, values: Mapping[str, Any], arguments: type) -> list[str]:
        """The values as keyword arguments of this class."""
        hints = _types.input_type_types(arguments)
        names = {wire: name for name, wire in _types.input_type_py_to_pulumi_names(arguments).items()}
        return [f"{names[key]}={self._value(value, hints[key])}" for key, value in values.items()]

    def _value(self, value: Any, hint: Any) -> str:
        hint = _types.unwrap_type(hint)
        if isinstance(value, Secret):
            return f"pulumi.Output.secret({self._value(value.value, hint)})"
        if isinstance(value, list):
            return f"[{', '.join(self._value(item, _item(hint)) for item in value)}]"
        if isinstance(value, Mapping) and isinstance(hint, type) and _types.is_input_type(hint):
            return f"{_named(hint)}({', '.join(self.fields(value, hint))})"
        if isinstance(value, Mapping):
            items = (f"{key!r}: {self._value(item, _item(hint))}" for key, item in value.items())
            return f"{{{', '.join(items)}}}"
        if isinstance(value, str) and value in self._origins:
            urn, expression = self._origins[value]
            self.referred.add(urn)
            return expression
        return repr(value)


def _item(hint: Any) -> Any:
    """The type of a list's items, or of a mapping's values."""
    return get_args(hint)[-1] if get_origin(hint) else Any


def _as_given(resource: Resource, arguments: type) -> Mapping[str, Any]:
    """The inputs as a constructor takes them: a provider's are recorded as JSON, unless they are text."""
    if not resource.type.startswith("pulumi:providers:"):
        return resource.inputs
    hints = _types.input_type_types(arguments)
    return {key: value if hints[key] is str else _parsed(value) for key, value in resource.inputs.items()}


def _parsed(value: Any) -> Any:
    return Secret(json.loads(value.value)) if isinstance(value, Secret) else json.loads(value)


def _class_of(resource: Resource) -> type:
    kind = CLASSES.of(resource.type)
    assert kind is not None, f"no class is loaded for {resource.type}"
    return kind


def _arguments_of(kind: type) -> type:
    """The class of a resource's arguments: of these names, the second may be that of a nested group."""
    names = (f"{kind.__name__}InitArgs", f"{kind.__name__}Args")
    module = sys.modules[kind.__module__]
    found: type = next(getattr(module, name) for name in names if hasattr(module, name))
    return found


def _named(kind: type) -> str:
    return f"{_package(kind)}.{kind.__name__}"


def _package(kind: type) -> str:
    """Where a program takes the class from: SDKs have a module for each, and show it in its package."""
    return kind.__module__.rpartition(".")[0]
