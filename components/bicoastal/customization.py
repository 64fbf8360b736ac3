"""What a user's `customize` makes of a child, held to the checks before the child is registered."""

import inspect
import sys
from collections.abc import Mapping, Sequence
from dataclasses import replace
from enum import Enum
from pathlib import Path
from typing import Any, get_args

import pulumi
from pulumi import _types

from .checks.problem import Problem
from .settings import refuse

Overridden = Mapping[str, Mapping[str, Any]]
"""A child's key to those of our properties that the user's win over."""


def held_to_the_checks(
    owner: str, key: str, name: str, overridden: Overridden
) -> pulumi.ResourceTransformation:
    """Refuses what the user's own properties of a child break, when the child is made.

    `owner` says whose child it is, `name` is its own. Pulumi calls a transformation with the type and the
    properties before anything is registered: no other place of ours knows both. It calls it for everything
    within the child, too.
    """

    def judge(made: pulumi.ResourceTransformationArgs) -> None:
        if made.name == name and isinstance(made.resource, pulumi.CustomResource):
            broken = _broken(made, overridden.get(key, {}))
            refuse(owner, [replace(it, input=f"customize.{key}.{it.input}") for it in broken])

    return judge


def _broken(child: pulumi.ResourceTransformationArgs, ours: Mapping[str, Any]) -> list[Problem]:
    """What is critical or high, nobody answers for, and was not so with our own properties."""
    # Whoever customizes nothing does not wait for the checks to be loaded.
    from .checks.resources import Declared, judge
    from .checks.resources.suppressions import of_project, unanswered

    def judged(properties: Mapping[str, Any]) -> list[Any]:
        found = Declared(
            child.type_,
            child.name,
            wire(properties, arguments_of(type(child.resource))),
            protect=bool(child.opts.protect),
            delete_before_replace=child.opts.delete_before_replace,
        )
        return [one for one in judge([found]) if one.check.severity.fails]

    known = {(one.check.id, one.problem.input) for one in judged({**child.props, **ours})}
    new = [one for one in judged(child.props) if (one.check.id, one.problem.input) not in known]
    if not new:
        return []
    answers = of_project(Path.cwd(), pulumi.get_project()) or []
    left = unanswered(new, answers, pulumi.get_stack())
    return [replace(one.problem, wrong=f"{one.check.id}: {one.problem.wrong}") for one in left]


def arguments_of(resource: type) -> type | None:
    """The class of the resource's arguments, which stands beside it in every SDK. Where an object of another
    resource has that name, as `BucketVersioningArgs` has, it is the one with `Init` in its own."""
    beside = vars(sys.modules[resource.__module__])
    names = (f"{resource.__name__}{ending}" for ending in ("InitArgs", "Args"))
    found = next((beside[name] for name in names if name in beside), None)
    return found if isinstance(found, type) else None


def wire(value: Any, hint: Any) -> Any:
    """The value as it is registered: names as the provider's schema has them, and UNKNOWN for what only a
    run can know. `hint` is its declared type."""
    from .checks.resources import UNKNOWN

    if isinstance(value, pulumi.Output | pulumi.Resource | pulumi.Asset | pulumi.Archive):
        return UNKNOWN
    if inspect.isawaitable(value):
        return UNKNOWN
    if isinstance(value, Enum):
        return value.value
    kind = _types.unwrap_type(hint) if hint is not None else None
    if _types.is_input_type(type(value)):
        kind, value = type(value), _types.input_type_to_untranslated_dict(value)
    if isinstance(value, Mapping):
        names, hints = _of_class(kind)
        translated = {str(names.get(name, name)): item for name, item in value.items()}
        return {name: wire(item, hints.get(name)) for name, item in translated.items()}
    if isinstance(value, Sequence) and not isinstance(value, str | bytes):
        inner = next(iter(get_args(kind)), None) if kind is not None else None
        return [wire(item, inner) for item in value]
    return value


def _of_class(kind: Any) -> tuple[dict[str, str], dict[str, type]]:
    """What a class of arguments calls its properties: names as registered, and types by those. The keys of
    what has none are the user's own."""
    if not (isinstance(kind, type) and _types.is_input_type(kind)):
        return {}, {}
    return _types.input_type_py_to_pulumi_names(kind), _types.input_type_types(kind)
