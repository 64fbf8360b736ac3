"""What is wrong with a plan as a whole, which no component alone can see."""

import re
from collections.abc import Collection, Iterator, Mapping
from typing import Any

from ..checks.problem import Problem
from .classes import CLASSES
from .hidden import HIDDEN
from .ports import port_problems
from .record import Plan, Resource

_AWS = "aws:"
_PROVIDERS = "pulumi:providers:"
_DISABLED = "pulumi:disable-default-providers"
_MARK = re.compile(r"\[secret [\w.-]+:[\w.-]+\]")


def findings(plan: Plan, config: Mapping[str, str], secret_keys: Collection[str]) -> list[Problem]:
    """All that is wrong, in an order that does not change from run to run.

    `config` and `secret_keys` are those that the program was run with.
    """
    resources = sorted((r for r in plan.resources if r.custom), key=lambda resource: resource.urn)
    found = [
        *port_problems(plan),
        *(problem for resource in resources for problem in _region_is_named(resource)),
        *_providers_are_explicit(resources, config),
        *_secrets_stay_secret(plan, _marks(config, secret_keys)),
    ]
    return sorted(found, key=str)


def _region_is_named(resource: Resource) -> Iterator[Problem]:
    """A regional resource without a region goes where the provider's default says, which no plan shows."""
    if not resource.type.startswith(_AWS) or resource.inputs.get("region"):
        return
    if any(known.name == "region" for known in CLASSES.properties(resource.type)):
        yield Problem(
            f"{resource.name}.region",
            f"not named for {resource.type}",
            "nothing",
            "a region such as 'us-east-1'",
            "give region=: else the provider's default decides",
        )


def _providers_are_explicit(resources: list[Resource], config: Mapping[str, str]) -> Iterator[Problem]:
    """Where default providers are disabled, the engine refuses a resource that is given none."""
    disabled = config.get(_DISABLED, "")  # JSON text: a list of packages, or of "*"
    for resource in resources:
        package = resource.type.partition(":")[0]
        if resource.provider or resource.type.startswith(_PROVIDERS):
            continue
        if '"*"' in disabled or f'"{package}"' in disabled:
            yield Problem(
                f"{resource.name}.provider",
                f"none is given for {resource.type}",
                "the default provider",
                f"an explicit provider: {_DISABLED} names {package!r} or all",
                "pass provider= or providers= in the options of the resource or of a parent",
            )


def _marks(config: Mapping[str, str], secret_keys: Collection[str]) -> set[str]:
    """The placeholders of secret configuration, without those that stand in plain configuration, too."""
    hidden = {mark for key in secret_keys for mark in _MARK.findall(config.get(key, ""))}
    plain = {mark for key, text in config.items() if key not in secret_keys for mark in _MARK.findall(text)}
    return hidden - plain


def _secrets_stay_secret(plan: Plan, marks: Collection[str]) -> Iterator[Problem]:
    """A secret of the configuration that the program puts into a plain property is no secret any more."""
    owners = [(r.name, r.inputs if r.custom else r.outputs) for r in plan.resources]
    owners.append(("exports", plan.exports))
    for path, value in ((f"{owner}.{key}", item) for owner, items in owners for key, item in items.items()):
        for mark in sorted({found for text in _texts(value) for found in _MARK.findall(text)} & set(marks)):
            yield Problem(
                path,
                f"the secret {mark.removeprefix('[secret ').removesuffix(']')} stands in a plain property",
                HIDDEN,
                "a secret Output",
                "read it with require_secret, and derive what holds it with apply",
            )


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        for item in value.values():
            yield from _texts(item)
    elif isinstance(value, list | tuple):
        for item in value:
            yield from _texts(item)
