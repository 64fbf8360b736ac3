"""The plugin that makes the library's components for programs in Pulumi's other languages."""

import json
import sys
from collections.abc import Callable, Mapping
from importlib.metadata import version
from typing import Any

import pulumi
from pulumi.provider import ConstructResult, Provider, main
from pulumi.provider.experimental.analyzer import ComponentDefinition, PropertyDefinition
from pulumi.provider.server import ComponentInitError

from .schema import PACKAGE, analyzed, components, schema


class LibraryProvider(Provider):
    """Makes any of the library's components for the engine.

    Between the program's language and Python it translates names, and nothing else: what is missing, unknown
    or wrong, the component refuses itself, all at once.
    """

    def __init__(self) -> None:
        found = analyzed()
        super().__init__(version(PACKAGE), json.dumps(schema(found)))
        self._made_by: dict[str, Callable[..., pulumi.ComponentResource]] = {
            one.__name__: one for one in components()
        }
        self._components = found["component_definitions"]
        self._types = found["type_definitions"]

    def construct(
        self,
        name: str,
        resource_type: str,
        inputs: pulumi.Inputs,
        options: pulumi.ResourceOptions | None = None,
    ) -> ConstructResult:
        """Make the component. An `InputPropertiesError` of its arguments reaches the user as it is."""
        kind = resource_type.rpartition(":")[2]
        if kind not in self._components:
            raise ValueError(
                f"there is no such component; given: {resource_type}; "
                f"allowed: {', '.join(f'{PACKAGE}:index:{one}' for one in self._components)}"
            )
        definition = self._components[kind]
        args = self._named(inputs, definition.inputs, definition.inputs_mapping)
        try:
            made = self._made_by[kind](name, args, options)
        except pulumi.InputPropertiesError:
            raise
        except Exception as error:
            raise ComponentInitError(error) from error
        return ConstructResult(made.urn, _outputs(made, definition))

    def _named(
        self, given: Mapping[str, Any], known: Mapping[str, PropertyDefinition], names: Mapping[str, str]
    ) -> dict[str, Any]:
        """The properties by their names in Python. An unknown one keeps its own, by which it is refused."""
        return {
            names.get(key, key): self._value(value, known[key]) if key in known else value
            for key, value in given.items()
        }

    def _value(self, value: Any, definition: PropertyDefinition) -> Any:
        if isinstance(value, pulumi.Output):
            return value.apply(lambda known: self._value(known, definition))
        if definition.items and isinstance(value, list):
            return [self._value(one, definition.items) for one in value]
        if definition.additional_properties and isinstance(value, Mapping):
            inner = definition.additional_properties
            return {key: self._value(one, inner) for key, one in value.items()}
        group = self._types.get((definition.ref or "").rpartition(":")[2])
        if group and isinstance(value, Mapping):
            return self._named(value, group.properties, group.properties_mapping)
        return value


def _outputs(made: pulumi.ComponentResource, definition: ComponentDefinition) -> dict[str, Any]:
    found = {key: getattr(made, own, None) for key, own in definition.outputs_mapping.items()}
    return {key: value for key, value in found.items() if value is not None}


def serve() -> None:
    """Answer the engine that started this process, until it ends it."""
    main(LibraryProvider(), sys.argv[1:])
