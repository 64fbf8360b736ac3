"""A resource's properties as Terraform's plan has them: known, unknown and secret apart, with references."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

from .hidden import HIDDEN
from .record import Secret
from .sentinels import NUMBER, is_reference, referenced
from .terraform_names import Shape, TerraformType

References = Callable[[str], list[str]]
"""From a text with sentinels to the addresses that it refers to."""


def shaped(kind: TerraformType, properties: Mapping[str, Any], path: str = "") -> dict[str, Any]:
    """The properties under Terraform's names and in its shape; a secret still stands as `Secret`."""
    result: dict[str, Any] = {}
    for key, value in properties.items():
        here = f"{path}{key}"
        name = kind.name_of(here)
        if value is not None:
            result[name.name] = _shaped(kind, value, name.shape, f"{here}.")
    return result


def _shaped(kind: TerraformType, value: Any, shape: Shape, path: str) -> Any:
    if shape is Shape.ATTRIBUTE:
        return value
    value = _spread(value)
    if shape is Shape.ONE and not isinstance(value, list):
        value = [value]
    if isinstance(value, list):
        return [
            shaped(kind, item, path) if isinstance(item, Mapping) else item for item in map(_spread, value)
        ]
    return shaped(kind, value, path) if isinstance(value, Mapping) else value


def _spread(value: Any) -> Any:
    """A secret block as a block of secrets, so that its shape is right; its keys are the type's own."""
    if isinstance(value, Secret) and isinstance(value.value, Mapping):
        return {key: Secret(item) for key, item in value.value.items()}
    if isinstance(value, Secret) and isinstance(value.value, list):
        return [Secret(item) for item in value.value]
    return value


def known(values: Mapping[str, Any]) -> dict[str, Any]:
    """What is known before anything is made, `(secret)` where a secret stands. Within a block, what is not
    known stands as `<resource.property>`: trivy 0.59 looks up the references of the resource's own
    attributes alone, and takes what is left out of a block for missing."""
    return {key: _known(value) for key, value in values.items() if not is_unknown(value)}


def _known(value: Any) -> Any:
    if isinstance(value, Secret):
        return HIDDEN
    if isinstance(value, Mapping):
        return {key: _known(item) for key, item in value.items() if not is_unknown(item) or _names(item)}
    return [_known(item) for item in value] if isinstance(value, list) else value


def is_unknown(value: Any) -> bool:
    """Whether only a provider knows it. A text that has such a part in it, as a policy has, is taken as
    known: a scanner then sees the rest of it."""
    if isinstance(value, list):
        return any(is_unknown(item) for item in value if not isinstance(item, Mapping))
    if isinstance(value, str):
        return is_reference(value) or value == str(NUMBER)
    return value == NUMBER and not isinstance(value, bool)


def _names(value: Any) -> bool:
    """Whether an unknown value says where it comes from, which a number cannot."""
    return all(isinstance(item, str) for item in value) if isinstance(value, list) else isinstance(value, str)


def unknown(values: Mapping[str, Any]) -> dict[str, Any]:
    """`True` for each unknown value, in the shape of the whole."""
    return _marked(values, is_unknown)


def sensitive(values: Mapping[str, Any]) -> dict[str, Any]:
    """`True` for each secret, in the shape of the whole."""
    return _marked(values, lambda value: isinstance(value, Secret))


def _marked(values: Mapping[str, Any], is_marked: Callable[[Any], bool]) -> dict[str, Any]:
    result: dict[str, Any] = {}
    for key, value in values.items():
        if is_marked(value):
            result[key] = True
        elif isinstance(value, Mapping):
            result |= {key: below} if (below := _marked(value, is_marked)) else {}
        elif isinstance(value, list):
            each = [_marked(i, is_marked) if isinstance(i, Mapping) else is_marked(i) for i in value]
            result |= {key: each} if any(each) else {}
    return result


def expressions(values: Mapping[str, Any], references: References) -> dict[str, Any]:
    """What each value was written as: a constant, references, or a block of such."""
    return {key: _expression(value, references) for key, value in values.items()}


def _expression(value: Any, references: References) -> Any:
    if isinstance(value, list) and value and all(isinstance(item, Mapping) for item in value):
        return [expressions(item, references) for item in value]
    found = as_written([address for text in _texts(value) for address in references(text)])
    if found:
        return {"references": found}
    return {} if _holds_secret(value) else {"constant_value": value}


def as_written(addresses: Iterable[str]) -> list[str]:
    """Addresses in Terraform's order: an attribute's before its resource's, since some look at the first."""
    return sorted(set(addresses), reverse=True)


def _texts(value: Any) -> Iterator[str]:
    """Every string in the value, secrets included: only for what refers to resources."""
    if isinstance(value, Secret):
        yield from _texts(value.value)
    elif isinstance(value, str):
        if referenced(value):
            yield value
    elif isinstance(value, Mapping):
        for item in value.values():
            yield from _texts(item)
    elif isinstance(value, list):
        for item in value:
            yield from _texts(item)


def _holds_secret(value: Any) -> bool:
    if isinstance(value, Mapping):
        return any(_holds_secret(item) for item in value.values())
    if isinstance(value, list):
        return any(_holds_secret(item) for item in value)
    return isinstance(value, Secret)
