"""Settings whose values are known only later, and what is made of such values."""

from dataclasses import dataclass

import pulumi
import pytest

from bicoastal.checks.rules import PASSWORD, SECRET
from bicoastal.inputs import json_text, mapped
from bicoastal.settings import read, setting


@dataclass(frozen=True, kw_only=True)
class Strict:
    """Held to a rule."""

    value: pulumi.Input[str] = setting(PASSWORD)


@dataclass(frozen=True, kw_only=True)
class Loose:
    """Held to none but that it is text."""

    value: pulumi.Input[str] = setting(SECRET)


def later(value):
    """A value that is known only when the program has run."""
    return pulumi.Output.from_input(value)


def test_what_was_held_to_a_rule_is_not_held_to_it_or_a_weaker_one_again(pulumi_mocks):
    def program():
        once = read(Strict, {"value": later("k" * 16)}, "one").value
        assert read(Strict, {"value": once}, "the next").value is once
        assert read(Loose, {"value": once}, "the last").value is once

    pulumi_mocks.run(program)


def test_what_was_held_to_a_weaker_rule_is_held_to_a_stronger_one(pulumi_mocks):
    def program():
        once = read(Loose, {"value": later("short")}, "one").value
        read(Strict, {"value": once}, "the next")

    with pytest.raises(pulumi.InputPropertiesError, match="16 to 512 printable characters"):
        pulumi_mocks.run(program)


def test_what_is_known_is_made_something_of_at_once():
    assert mapped("a", str.upper) == "A"
    assert json_text({"a": [1, "b"]}) == '{"a": [1, "b"]}'


def test_what_is_known_later_is_made_something_of_then(pulumi_mocks):
    def program():
        pulumi.export("mapped", mapped(later("a"), str.upper))
        document = {"a": [later("b"), "c"], "d": later({"e": 1}), "f": pulumi.Output.secret("g")}
        pulumi.export("json", json_text(document))

    exports = pulumi_mocks.run(program).exports
    assert exports["mapped"] == "A"
    assert exports["json"].value == '{"a": ["b", "c"], "d": {"e": 1}, "f": "g"}'
