"""What may be shown of a value: all of it but its secrets."""

from collections.abc import Mapping
from typing import Any

from .record import Secret

HIDDEN = "(secret)"


def hidden(value: Any) -> Any:
    """The value as plain data, with `(secret)` where one stands."""
    if isinstance(value, Secret):
        return HIDDEN
    if isinstance(value, Mapping):
        return {key: hidden(item) for key, item in value.items()}
    return [hidden(item) for item in value] if isinstance(value, list | tuple) else value
