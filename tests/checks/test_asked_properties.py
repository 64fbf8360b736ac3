"""What the checks ask of a resource is there in the providers' SDKs.

A check of a type or of a property that no provider knows finds nothing, and looks like one that holds.
"""

import importlib
from dataclasses import replace
from functools import cache
from typing import get_args

import pytest
from pulumi import _types

from bicoastal.checks.resources import CHECKS, Declared, Resources
from bicoastal.customization import arguments_of

from .test_against_sdks import SDKS, module_of
from .test_checks import FOUND, OTHER_SHAPES, PROGRAM, SAMPLES

JUDGED = [
    check
    for check in CHECKS
    if all("*" not in kind and kind.partition(":")[0] in {*SDKS, "pulumi"} for kind in check.types)
]
ANY_TYPE = {
    "aws-region-named",
    "aws-tags-present",
    "configured-secret-shown",
    "deprecated-argument",
    "deprecated-type",
    "private-key-in-plain-property",
    "provider-named",
    "secret-in-plain-property",
}
"""They speak of all types, so of none in particular."""
OF_ANOTHER_VERSION = {
    "cloudflare:index/loadBalancer:LoadBalancer": {"defaultPoolIds", "fallbackPoolId"},
}
"""What an older SDK takes, and is asked for on purpose."""


class Asked(dict):
    """Properties that write down, by their paths, which of them are asked for."""

    def __init__(self, told, paths, within=""):
        super().__init__({key: self.watched(value, paths, f"{within}{key}.") for key, value in told.items()})
        self.paths, self.within = paths, within

    @classmethod
    def watched(cls, value, paths, within):
        if isinstance(value, dict):
            return cls(value, paths, within)
        return [cls.watched(item, paths, within) for item in value] if isinstance(value, list) else value

    def get(self, key, default=None):
        self.paths.add(f"{self.within}{key}")
        return super().get(key, default)


@cache
def arguments(token):
    """The class of the arguments of a type or a provider."""
    package, _, name = token.split(":")
    if package == "pulumi":
        return importlib.import_module(f"pulumi_{name}").ProviderArgs
    importlib.import_module(SDKS[package])
    return arguments_of(getattr(importlib.import_module(module_of(token)), name))


def classes_in(hint):
    """The classes of arguments in a hint, however it is wrapped."""
    if isinstance(hint, type) and _types.is_input_type(hint):
        return [hint]
    return [one for inner in get_args(hint) for one in classes_in(inner)]


def takes(kind, path):
    """Whether the arguments have the property, as far as the SDK says what is in it."""
    name, _, rest = path.partition(".")
    hints = _types.input_type_types(kind)
    if name not in hints:
        return False
    inner = classes_in(hints[name])
    return not rest or not inner or any(takes(one, rest) for one in inner)


@cache
def known_resources(token):
    """The resources of this type in the samples, as they are well and as they are not."""
    well = [one for sample in SAMPLES.values() for one in sample.resources]
    found = [one for _, resources in FOUND for one in resources]
    older = [one for _, one in OTHER_SHAPES]
    return [one for one in (*well, *found, *older) if one.type == token] or [Declared(token, "one", {})]


def asked(check, token):
    """The properties that a check asks of a type."""
    paths = set()
    for one in known_resources(token):
        alone = replace(one, properties=Asked(dict(one.properties), paths))
        list(check.findings(Resources([alone]), PROGRAM))
    return paths - OF_ANOTHER_VERSION.get(token, set())


@pytest.mark.filterwarnings("ignore::DeprecationWarning")
@pytest.mark.parametrize("check", JUDGED, ids=lambda check: check.id)
def test_what_a_check_asks_for_is_taken_by_one_of_its_types_and_each_type_takes_some_of_it(check):
    paths = {token: asked(check, token) for token in check.types}
    for path in set().union(*paths.values()):
        takers = [token for token in check.types if path in paths[token]]
        assert any(takes(arguments(token), path) for token in takers), f"no type takes {path}"
    for token in check.types:
        asks = paths[token]
        assert not asks or any(takes(arguments(token), path) for path in asks), f"nothing is asked of {token}"


def test_the_checks_of_each_provider_are_held_to_its_sdk():
    spoken_of = {kind.partition(":")[0] for check in JUDGED for kind in check.types}
    assert spoken_of == {*SDKS, "pulumi"}
    assert {check.id for check in CHECKS} - {check.id for check in JUDGED} == ANY_TYPE
