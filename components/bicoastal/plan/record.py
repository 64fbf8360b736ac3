"""What a program registered, as data."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any


@dataclass(frozen=True)
class Secret:
    """A secret value: there for who asks for `value`, never shown."""

    value: Any = field(repr=False)


@dataclass(frozen=True)
class Resource:
    """One registration. Property names are as registered (camelCase); a secret stands as `Secret`."""

    urn: str
    type: str
    name: str
    custom: bool
    """False for a component."""
    inputs: Mapping[str, Any]
    outputs: Mapping[str, Any]
    """Inputs and sentinels for a resource; what a component registered for a component."""
    parent: str | None
    provider: str | None
    """The URN of the explicit provider."""
    dependencies: tuple[str, ...]
    property_dependencies: Mapping[str, tuple[str, ...]]
    """A property to the URNs that its value comes from."""
    protect: bool
    retain_on_delete: bool
    """Whether it stays in the cloud when it is deleted here."""
    delete_before_replace: bool | None
    """None where the provider decides."""
    ignore_changes: tuple[str, ...]
    aliases: tuple[str, ...]
    """The URNs that it once had."""


@dataclass(frozen=True)
class Plan:
    """All registrations, in order of arrival, and what the program exported."""

    resources: tuple[Resource, ...]
    exports: Mapping[str, Any]

    def of_type(self, token: str) -> list[Resource]:
        """The resources of this type."""
        return list(self._by_type.get(token, ()))

    def find(self, urn: str | None) -> Resource:
        """The resource of this URN; KeyError when there is none."""
        return self._by_urn[urn]

    def children(self, urn: str) -> list[Resource]:
        """The resources whose parent this is."""
        return list(self._by_parent.get(urn, ()))

    @cached_property
    def _by_urn(self) -> Mapping[str | None, Resource]:
        return {resource.urn: resource for resource in self.resources}

    @cached_property
    def _by_type(self) -> Mapping[str, list[Resource]]:
        return _grouped(self.resources, lambda resource: resource.type)

    @cached_property
    def _by_parent(self) -> Mapping[str, list[Resource]]:
        return _grouped(self.resources, lambda resource: resource.parent or "")


def _grouped(resources: Iterable[Resource], key: Callable[[Resource], str]) -> Mapping[str, list[Resource]]:
    groups: dict[str, list[Resource]] = {}
    for resource in resources:
        groups.setdefault(key(resource), []).append(resource)
    return groups
