"""What the engine tells of a resource, as the checks read it."""

from collections.abc import Mapping
from typing import Any

from google.protobuf import json_format
from pulumi.runtime.proto import analyzer_pb2 as engine

from ..checks.resources import HIDDEN, UNKNOWN, Declared

STACK = "pulumi:pulumi:Stack"
PROVIDERS = "pulumi:providers:"
_DEFAULT = "default"
"""How the name of a provider begins that the engine made by itself."""
_SIGNATURE = "4dabf18193072939515e22adb298388d"
_SECRET = "1b47061264138c4ac30d75fd1eb44270"  # noqa: S105 the engine's mark, which is no secret
_UNKNOWN = frozenset(
    {
        "1c4a061d-8072-4f0a-a4cb-0ff528b18fe7",  # a truth value
        "3eeb2bf0-c639-47a8-9e75-3b44932eb421",  # a number
        "04da6b54-80e4-46f7-96ec-b56ff0331ba9",  # a string
        "6a19a0b0-7e62-4c92-b797-7f8e31da9cc2",  # a list
        "030794c1-ac77-496b-92df-f27374a8bd58",  # an asset
        "e48ece36-62e2-4504-bad9-02848725956a",  # an archive
        "dd056dcd-154b-4c76-9bd3-c8f88648b5ff",  # an object
    }
)
"""What the engine sends for a value that is not known before it is made."""

Told = engine.AnalyzeRequest | engine.AnalyzerResource


def is_judged(told: Told) -> bool:
    """Whether the checks speak of it: of no component, and of no provider that the program does not name."""
    if told.type.startswith(PROVIDERS):
        return not _is_default(told.name)
    return told.HasField("provider")


def declared(told: Told, marks: Mapping[str, str]) -> Declared:
    """The resource. `marks` says what stands for a secret of the configuration that shows in plain text."""
    explicit = told.HasField("provider") and not _is_default(told.provider.name)
    options = told.options
    return Declared(
        told.type,
        told.name,
        visible(json_format.MessageToDict(told.properties), marks),
        urn=told.urn,
        provider=told.provider.urn if explicit else None,
        dependencies=dependencies(told) if isinstance(told, engine.AnalyzerResource) else {},
        protect=options.protect,
        delete_before_replace=options.deleteBeforeReplace if options.deleteBeforeReplaceDefined else None,
    )


def dependencies(told: engine.AnalyzerResource) -> dict[str, set[str]]:
    """A property to the URNs of the resources that its value comes from."""
    return {name: set(found.urns) for name, found in told.propertyDependencies.items()}


def visible(value: Any, marks: Mapping[str, str]) -> Any:
    """The value with UNKNOWN and HIDDEN in it, and without what a provider keeps for itself."""
    if isinstance(value, str):
        return UNKNOWN if value in _UNKNOWN else _marked(value, marks)
    if isinstance(value, list):
        return [visible(item, marks) for item in value]
    if isinstance(value, float) and value.is_integer():
        return int(value)  # the protocol has one kind of number
    if not isinstance(value, Mapping):
        return value
    if value.get(_SIGNATURE) == _SECRET:
        return HIDDEN
    return {key: visible(item, marks) for key, item in value.items() if not key.startswith("__")}


def _marked(text: str, marks: Mapping[str, str]) -> str:
    for secret, mark in marks.items():
        text = text.replace(secret, mark)
    return text


def _is_default(name: str) -> bool:
    return name == _DEFAULT or name.startswith(f"{_DEFAULT}_")
