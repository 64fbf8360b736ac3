"""Where each resource of a plan will be."""

from collections.abc import Mapping

from .record import Plan, Resource
from .stack_files import PROVIDER

EVERYWHERE = "everywhere"
"""The place of what belongs to none, such as a role or a zone of DNS."""
_PREFIX = "docker-"


def places_of(plan: Plan) -> Mapping[str, str]:
    """The place of each resource by its URN; components have none of their own.

    It is the place that a Docker provider is named after, for what the provider makes and for all in the AWS
    region where its engine runs; else the AWS region itself, or `everywhere`.
    """
    providers = {provider.urn: _named(provider) for provider in plan.of_type(PROVIDER)}
    regions = _places_by_region(plan)
    return {r.urn: _place(r, providers, regions) for r in plan.resources if r.custom}


def _place(resource: Resource, providers: Mapping[str, str], regions: Mapping[str, str]) -> str:
    own = providers.get(resource.urn) or providers.get(resource.provider or "")
    region = resource.inputs.get("region")
    return own or (regions.get(region, region) if isinstance(region, str) else EVERYWHERE)


def _places_by_region(plan: Plan) -> Mapping[str, str]:
    """The place of each AWS region on whose resources the address of one place's engine, and of no other's,
    depends."""
    found: dict[str, set[str]] = {}
    for provider in plan.of_type(PROVIDER):
        for urn in provider.property_dependencies.get("host", ()):
            region = plan.find(urn).inputs.get("region")
            if isinstance(region, str):
                found.setdefault(region, set()).add(_named(provider))
    return {region: next(iter(places)) for region, places in found.items() if len(places) == 1}


def _named(provider: Resource) -> str:
    """The place in a provider's logical name, `<stack>-docker-<place>`, or the whole name."""
    return provider.name.rpartition(_PREFIX)[2]
