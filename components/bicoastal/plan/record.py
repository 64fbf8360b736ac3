"""What a program registered, as data."""

from collections.abc import Mapping
from dataclasses import dataclass, field
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
    protect: bool
    delete_before_replace: bool | None
    """None where the provider decides."""
    ignore_changes: tuple[str, ...]
    aliases: tuple[str, ...]


@dataclass(frozen=True)
class Plan:
    """All registrations, in order of arrival, and what the program exported."""

    resources: tuple[Resource, ...]
    exports: Mapping[str, Any]

    def of_type(self, token: str) -> list[Resource]:
        """The resources of this type."""
        return [resource for resource in self.resources if resource.type == token]

    def find(self, urn: str | None) -> Resource:
        """The resource of this URN; KeyError when there is none."""
        for resource in self.resources:
            if resource.urn == urn:
                return resource
        raise KeyError(urn)

    def children(self, urn: str) -> list[Resource]:
        """The resources whose parent this is."""
        return [resource for resource in self.resources if resource.parent == urn]
