"""Values that are known at once, or only later."""

import json
from collections.abc import Callable
from typing import Any, TypeVar

import pulumi

T = TypeVar("T")
U = TypeVar("U")


def mapped(value: pulumi.Input[T], make: Callable[[T], pulumi.Input[U]]) -> pulumi.Input[U]:
    """What `make` makes of the value: at once where it is known, so that nothing has to wait for it.

    A component's settings hold no other awaitables than Outputs.
    """
    if isinstance(value, pulumi.Output):
        return value.apply(make)
    # What is no Output is the value itself, which the type of an Input does not say.
    return make(value)  # type: ignore[arg-type]


def json_text(document: Any) -> pulumi.Input[str]:
    """The document as JSON. Only the Outputs in it are waited for; Pulumi's own function makes one of every
    value, however deep."""
    outputs: list[pulumi.Output[Any]] = []
    text = json.dumps(document, default=outputs.append)
    if not outputs:
        return text

    def filled(known: list[Any]) -> str:
        values = iter(known)
        return json.dumps(document, default=lambda _output: next(values))

    return pulumi.Output.all(*outputs).apply(filled)
