"""Calling AWS with what a program declared: names and numbers are fitted to AWS's own model of the call."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from botocore import xform_name
from botocore.model import Shape

NUMBERS = {"integer": int, "long": int, "float": float, "double": float}


@dataclass(frozen=True)
class Given:
    """What was declared of one resource, and a client in its region."""

    properties: Mapping[str, Any]
    client: Callable[..., Any]

    def __getitem__(self, name: str) -> Any:
        return self.properties[name]

    def get(self, name: str, default: Any = None) -> Any:
        """The property, if it was declared."""
        return self.properties.get(name, default)

    def call(self, service: str, operation: str, /, region: str | None = None, **arguments: Any) -> Any:
        """AWS's answer."""
        client = self.client(service, region)
        shape = client.meta.service_model.operation_model(operation).input_shape
        return getattr(client, xform_name(operation))(**fitted(arguments, shape))


@dataclass(frozen=True)
class Judge:
    """How AWS is asked about one type."""

    token: str
    make: Callable[[Given], Any]
    """Makes it: its id, or its id and what AWS computed."""
    remove: Callable[[Given, Any], Any] | None = None
    change: Callable[[Given, Any, set[str]], Any] | None = None


def fitted(value: Any, shape: Shape) -> Any:
    """The value as the shape wants it. A name that the shape does not have is left for AWS's model to
    refuse."""
    if shape.type_name == "structure":
        members = {name.lower(): name for name in shape.members}
        found = {_member(name, members): one for name, one in value.items() if one is not None}
        return {
            name: fitted(one, shape.members[name]) if name in shape.members else one
            for name, one in found.items()
        }
    if shape.type_name == "list":
        return [fitted(one, shape.member) for one in (value if isinstance(value, list) else [value])]
    return NUMBERS[shape.type_name](value) if shape.type_name in NUMBERS else value


def _member(name: str, members: Mapping[str, str]) -> str:
    """The member of this name: whatever the case, one or many."""
    lower = name.lower()
    candidates = (lower, f"{lower}s", lower.removesuffix("s"))
    return next((members[one] for one in candidates if one in members), name)
