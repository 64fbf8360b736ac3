"""The checks have no SDK to ask: their tables and samples are held against those that are there."""

import importlib
import importlib.util
import re
from functools import cache
from keyword import iskeyword
from pathlib import Path
from types import UnionType
from typing import Union, get_args, get_origin

import pulumi
import pytest
from pulumi import _types

from bicoastal.checks.resources.aws_tables import is_regional, is_taggable
from bicoastal.checks.resources.everywhere import deprecated
from bicoastal.checks.resources.vault_rights import ROLES, no_token_is_root
from bicoastal.plan.classes import CLASSES

from .test_checks import SAMPLES

SDKS = {
    "aws": "pulumi_aws",
    "cloudflare": "pulumi_cloudflare",
    "docker": "pulumi_docker",
    "vault": "pulumi_vault",
}


@cache
def sources(package):
    """The text that makes each type's class, by token, without importing it."""
    (folder,) = importlib.util.find_spec(package).submodule_search_locations
    found = {}
    for file in Path(folder).rglob("*.py"):
        if file.name.startswith("get_") or file.name in ("_inputs.py", "outputs.py", "__init__.py"):
            continue
        text = file.read_text()
        if token := re.search(r"'(\w+:[\w/]+:\w+)',\s*resource_name", text):
            body = text[text.index("def _internal_init") :]
            found[token[1]] = body[: body.index("__props__=None")]
    return found


def test_the_tables_of_aws_say_of_every_type_whether_it_has_a_region_and_tags():
    types = sources("pulumi_aws")
    assert len(types) > 1500
    assert [one for one, text in types.items() if is_regional(one) != (" region: " in text)] == []
    assert [one for one, text in types.items() if is_taggable(one) != (" tags: " in text)] == []


def module_of(token):
    package, module, _ = token.split(":")
    name = module.partition("/")[0].lower()
    name += "_" if iskeyword(name) else ""
    return SDKS[package] if name in ("index", "") else f"{SDKS[package]}.{name}"


def known(token):
    """What a type of an SDK takes: names as registered, each with the object type that it holds, if any."""
    importlib.import_module(SDKS[token.partition(":")[0]])
    module = importlib.import_module(module_of(token))
    getattr(module, token.rpartition(":")[2])
    return {name: hint for name, _, hint in CLASSES.properties(token)}


def unknown_names(value, hint, path):
    """The names in a nested value that its type does not have."""
    while get_origin(hint) in (Union, UnionType, pulumi.Output):
        hint = next(one for one in get_args(hint) if one is not type(None))
    if isinstance(value, list):
        inner = (get_args(hint) or (object,))[0]
        return [name for n, item in enumerate(value) for name in unknown_names(item, inner, f"{path}[{n}]")]
    if not isinstance(value, dict) or not (isinstance(hint, type) and _types.is_output_type(hint)):
        return []
    names = _types.output_type_types(hint)
    wrong = [f"{path}.{name}" for name in value if name not in names]
    nested = ((item, names[name], f"{path}.{name}") for name, item in value.items() if name in names)
    return [*wrong, *(name for one in nested for name in unknown_names(*one))]


@pytest.mark.filterwarnings("ignore::DeprecationWarning")
@pytest.mark.parametrize("subject", SAMPLES)
def test_the_samples_speak_the_providers_language(subject):
    for resource in SAMPLES[subject].resources:
        if resource.type.partition(":")[0] not in SDKS:
            continue
        names = known(resource.type)
        assert set(resource.properties) - set(names) == set(), resource.type
        for name, value in resource.properties.items():
            assert unknown_names(value, names[name], f"{resource.type}.{name}") == []


def test_every_type_of_vault_that_logs_in_or_is_given_policies_is_judged():
    types = sources("pulumi_vault")
    tokens_of_kubernetes = {"vault:kubernetes/secretBackendRole:SecretBackendRole"}
    others = {
        "vault:index/nomadSecretRole:NomadSecretRole",
        "vault:consul/secretBackendRole:SecretBackendRole",
    }
    assert {one for one, text in types.items() if " token_max_ttl: " in text} - tokens_of_kubernetes == {
        *ROLES
    }
    given = {one for one, text in types.items() if re.search(r" (token_)?policies: ", text)} - others
    assert given - {*no_token_is_root.types} == set()


def test_what_is_said_to_be_deprecated_is_there_in_the_sdk():
    for token in deprecated()["types"]:
        package = token.partition(":")[0]
        if package in SDKS and not token.endswith("*"):
            assert token in sources(SDKS[package]), token
    snake = re.compile(r"(?<=[a-z0-9])([A-Z])")
    gone = {
        "vpc",
        "checkDuplicate",
        "notificationEmail",
        "defaultPoolIds",
        "fallbackPoolId",
        "usageModel",
        "assumeRole",
    }
    for token, arguments in deprecated()["arguments"].items():
        package = token.partition(":")[0]
        if package not in SDKS or token.endswith("*"):
            continue
        for name in set(arguments) - gone:
            word = snake.sub(r"_\1", name.partition(".")[0]).lower()
            assert f" {word}: " in sources(SDKS[package])[token], (token, name)
