"""Where each resource of a plan will be."""

from collections.abc import Mapping

from .record import Plan, Resource
from .stack_files import PROVIDER

EVERYWHERE = "everywhere"
"""The place of what belongs to none, such as a role or a zone of DNS."""
_PREFIX = "docker-"


def places_of(plan: Plan) -> Mapping[str, str]:
    """The place of each resource by its URN; components have none of their own.

    It is the place that a Docker provider is named after, an AWS region, or `everywhere`.
    """
    providers = {provider.urn: _named(provider) for provider in plan.of_type(PROVIDER)}
    return {resource.urn: _place(resource, providers) for resource in plan.resources if resource.custom}


def _place(resource: Resource, providers: Mapping[str, str]) -> str:
    own = providers.get(resource.urn) or providers.get(resource.provider or "")
    region = resource.inputs.get("region")
    return own or (region if isinstance(region, str) else EVERYWHERE)


def _named(provider: Resource) -> str:
    """The place in a provider's logical name, `<stack>-docker-<place>`, or the whole name."""
    return provider.name.rpartition(_PREFIX)[2]
