"""A plan's registrations as the checks read them."""

from typing import Any

from ..checks.resources import HIDDEN, Declared
from .record import Plan, Resource, Secret

EXPORTS = "exports"
_STACK = "pulumi:pulumi:Stack"


def declared(plan: Plan) -> list[Declared]:
    """The resources, in an order that does not change from run to run; components are none."""
    return [
        _declared(resource, resource.inputs)
        for resource in sorted(plan.resources, key=lambda resource: resource.urn)
        if resource.custom
    ]


def shown(plan: Plan) -> list[Declared]:
    """What the program shows beside them: the outputs of its components, and its exports."""
    components = (resource for resource in plan.resources if not resource.custom)
    return [
        *(_declared(component, component.outputs) for component in sorted(components, key=lambda c: c.urn)),
        Declared(_STACK, EXPORTS, _visible(plan.exports)),
    ]


def _declared(resource: Resource, properties: Any) -> Declared:
    return Declared(
        resource.type,
        resource.name,
        _visible(properties),
        urn=resource.urn,
        provider=resource.provider,
        dependencies=resource.property_dependencies,
        protect=resource.protect,
        delete_before_replace=resource.delete_before_replace,
    )


def _visible(value: Any) -> Any:
    """The value with HIDDEN for each secret in it."""
    if isinstance(value, Secret):
        return HIDDEN
    if isinstance(value, dict):
        return {key: _visible(item) for key, item in value.items()}
    return [_visible(item) for item in value] if isinstance(value, list) else value
