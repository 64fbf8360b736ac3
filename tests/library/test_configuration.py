"""A stack's credentials in its configuration: looked at before anything is registered, each under its key."""

import json

import pulumi
import pytest

from bicoastal import credentials_from_config
from bicoastal.checks.rules import matching
from bicoastal.settings import read
from bicoastal.stack.configuration import PASSWORDS
from bicoastal.topology import Topology
from tests.library.samples import PASSWORD, PEM

CONFIG = {
    "shop:authority": PEM,
    "shop:certificates": json.dumps({"east-redis": PEM}),
    "shop:key_east-redis": PEM,
    "shop:rotation_key": PASSWORD,
    **{f"shop:{name}_password": PASSWORD for name in PASSWORDS},
}


def credentials(pulumi_mocks, **own):
    """What is read, with these keys otherwise; None takes one away."""
    config = {**CONFIG, **{f"shop:{key.replace('__', '-')}": text for key, text in own.items()}}
    found = []
    pulumi_mocks.run(
        lambda: found.append(credentials_from_config(pulumi.Config("shop"))),
        config={key: text for key, text in config.items() if text is not None},
        secret_keys=[key for key in config if "key" in key or "password" in key],
    )
    return found[0]


def problems(pulumi_mocks, **own):
    """The paths and the reasons of what is refused."""
    with pytest.raises(pulumi.InputPropertiesError) as refused:
        credentials(pulumi_mocks, **own)
    return {problem["property_path"]: problem["reason"] for problem in refused.value.errors}


def test_every_secret_is_an_output(pulumi_mocks):
    found = credentials(pulumi_mocks)
    assert isinstance(found["rest_password"], pulumi.Output)
    assert isinstance(found["certificates"]["east-redis"]["key"], pulumi.Output)


def test_all_that_is_missing_is_told_at_once_with_the_commands_that_set_it(pulumi_mocks):
    told = problems(pulumi_mocks, authority=None, rest_password=None, key_east__redis=None)
    assert set(told) == {"shop:authority", "shop:rest_password", "shop:key_east-redis"}
    assert "pulumi config set --secret 'shop:rest_password'" in told["shop:rest_password"]
    assert "pulumi config set --plaintext 'shop:authority'" in told["shop:authority"]


def test_a_secret_that_breaks_its_rule_is_refused_at_once_and_not_shown(pulumi_mocks):
    told = problems(pulumi_mocks, rest_password="hush-hush", key_east__redis="no-key-at-all")
    assert set(told) == {"shop:rest_password", "shop:key_east-redis"}
    assert "hush-hush" not in str(told)
    assert "no-key-at-all" not in str(told)


@pytest.mark.parametrize("given", ["east-redis", "[]", "5", "true"])
def test_certificates_that_are_no_dictionary_are_one_error(pulumi_mocks, given):
    told = problems(pulumi_mocks, certificates=given)
    assert set(told) == {"shop:certificates"}
    assert "not a dictionary" in told["shop:certificates"]


def test_a_placeholder_in_place_of_all_certificates_is_told_as_one(pulumi_mocks):
    told = problems(pulumi_mocks, certificates="FILL-IN: the certificates")
    assert "a placeholder (the certificates)" in told["shop:certificates"]


def test_letters_and_digits_are_those_that_whoever_gets_them_takes():
    digits = matching(r"\d{3}\w", "3 digits and a letter", "write them")
    assert digits.holds("123a")
    assert not digits.holds("\u0661\u0662\u0663a")
    assert not digits.holds("123é")


def test_a_problem_is_named_as_whoever_wrote_the_setting_knows_it():
    with pytest.raises(pulumi.InputPropertiesError) as refused:
        read(Topology, {"regions": 2}, "it", lambda path: f"places.{path}")
    assert [problem["property_path"] for problem in refused.value.errors] == ["places.regions"]
