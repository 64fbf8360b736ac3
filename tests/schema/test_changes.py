"""Differences between schemas, each with its meaning: a table."""

import pytest

from tests.schema.changes import Meaning, changes, unannounced

SAFE, SENSITIVE, BREAKING = Meaning.SAFE, Meaning.SENSITIVE, Meaning.BREAKING
TEXT, WHOLE, NUMBER = {"type": "string"}, {"type": "integer"}, {"type": "number"}


def of(inputs=None, needed=(), outputs=None, types=None, always=()):
    """A schema of one component, `Box`."""
    box = {
        "inputProperties": inputs or {},
        "requiredInputs": [*needed],
        "properties": outputs or {},
        "required": [*always],
    }
    return {
        "resources": {"bicoastal:index:Box": box},
        "types": {f"bicoastal:index:{name}": one for name, one in (types or {}).items()},
    }


def closed(*values):
    return {"Size": {"type": "string", "enum": [{"name": v.upper(), "value": v} for v in values]}}


def group(needed=(), **keys):
    return {"Lid": {"type": "object", "properties": keys, "required": [*needed]}}


NOTHING = {"resources": {}, "types": {}}
TABLE = {
    "a new component": (NOTHING, of(), SAFE, "Box: a component is new"),
    "a removed component": (of(), NOTHING, BREAKING, "Box: a component is gone"),
    "a new optional input": (of(), of({"a": TEXT}), SAFE, "Box.a: an input is new"),
    "a new required input": (of(), of({"a": TEXT}, ["a"]), BREAKING, "Box.a: a required input is new"),
    "a removed input": (of({"a": TEXT}), of(), BREAKING, "Box.a: an input is gone"),
    "an input required from now on": (
        of({"a": TEXT}),
        of({"a": TEXT}, ["a"]),
        BREAKING,
        "Box.a: an input is now required",
    ),
    "an input optional from now on": (
        of({"a": TEXT}, ["a"]),
        of({"a": TEXT}),
        SAFE,
        "Box.a: an input is now optional",
    ),
    "another type of an input": (
        of({"a": TEXT}),
        of({"a": {"type": "array", "items": TEXT}}),
        BREAKING,
        "Box.a: an input's type was string and is list of string",
    ),
    "another type in a list": (
        of({"a": {"type": "array", "items": TEXT}}),
        of({"a": {"type": "array", "items": WHOLE}}),
        BREAKING,
        "Box.a: an input's type was list of string and is list of integer",
    ),
    "a wider type of an input": (
        of({"a": WHOLE}),
        of({"a": NUMBER}),
        SAFE,
        "Box.a: an input's type was integer and is number",
    ),
    "a narrower type of an input": (
        of({"a": NUMBER}),
        of({"a": WHOLE}),
        BREAKING,
        "Box.a: an input's type was number and is integer",
    ),
    "an input that takes no outputs any more": (
        of({"a": TEXT}),
        of({"a": {**TEXT, "plain": True}}),
        BREAKING,
        "Box.a: an input takes no outputs any more",
    ),
    "an input that takes outputs now": (
        of({"a": {**TEXT, "plain": True}}),
        of({"a": TEXT}),
        SAFE,
        "Box.a: an input takes outputs now",
    ),
    "another default": (
        of({"a": {**TEXT, "description": "Its colour. Default: red."}}),
        of({"a": {**TEXT, "description": "Its colour. Default: blue."}}),
        SENSITIVE,
        "Box.a: the default was said to be 'red.' and is 'blue.'",
    ),
    "another description": (
        of({"a": {**TEXT, "description": "Its colour."}}),
        of({"a": {**TEXT, "description": "Its colour, mostly."}}),
        SENSITIVE,
        "Box.a: what is said of it changed",
    ),
    "a new output": (of(), of(outputs={"a": TEXT}), SAFE, "Box > a: an output is new"),
    "a removed output": (of(outputs={"a": TEXT}), of(), BREAKING, "Box > a: an output is gone"),
    "a wider type of an output": (
        of(outputs={"a": WHOLE}),
        of(outputs={"a": NUMBER}),
        SENSITIVE,
        "Box > a: an output's type was integer and is number",
    ),
    "another type of an output": (
        of(outputs={"a": WHOLE}),
        of(outputs={"a": TEXT}),
        BREAKING,
        "Box > a: an output's type was integer and is string",
    ),
    "an output that may be missing": (
        of(outputs={"a": TEXT}, always=["a"]),
        of(outputs={"a": TEXT}),
        SENSITIVE,
        "Box > a: an output may now be missing",
    ),
    "a new value": (
        of(types=closed("big")),
        of(types=closed("big", "small")),
        SENSITIVE,
        "Size = small: a value is new",
    ),
    "a removed value": (
        of(types=closed("big", "small")),
        of(types=closed("big")),
        BREAKING,
        "Size = small: a value is gone",
    ),
    "a new closed set": (of(), of(types=closed("big")), SAFE, "Size: a closed set is new"),
    "a removed group": (of(types=group()), of(), BREAKING, "Lid: a group is gone"),
    "a new optional key in a group": (
        of(types=group()),
        of(types=group(a=TEXT)),
        SAFE,
        "Lid.a: an input is new",
    ),
    "a new required key in a group": (
        of(types=group()),
        of(types=group(["a"], a=TEXT)),
        BREAKING,
        "Lid.a: a required input is new",
    ),
    "a removed key in a group": (
        of(types=group(a=TEXT)),
        of(types=group()),
        BREAKING,
        "Lid.a: an input is gone",
    ),
}


@pytest.mark.parametrize(("before", "after", "meaning", "said"), TABLE.values(), ids=TABLE)
def test_a_difference_means(before, after, meaning, said):
    assert [str(change) for change in changes(before, after)] == [f"{meaning.value}: {said}"]


def test_the_same_schema_has_no_differences():
    same = of({"a": TEXT}, ["a"], {"b": TEXT}, closed("big"))
    assert changes(same, same) == []


def test_the_worst_is_told_first():
    found = changes(of({"b": TEXT}), of({"a": TEXT}))
    assert [change.meaning for change in found] == [BREAKING, SAFE]


CHANGELOG = """# Changelog

## Unreleased

- Something else.
- {said}

## 0.1.0

- Breaking: `Box` was another thing.
"""


@pytest.mark.parametrize(
    "said", ["Breaking: `Box.a` is gone; give\n  it to the lid.", "`Box` has no `a` any more (breaking)."]
)
def test_a_breaking_change_that_the_changelog_calls_so_is_announced(said):
    found = changes(of({"a": TEXT}), of())
    assert unannounced(found, CHANGELOG.format(said=said)) == []


@pytest.mark.parametrize("said", ["`Box.a` is gone.", "Breaking: `Boxes` are gone.", "Breaking: `Lid`."])
def test_a_breaking_change_needs_the_word_and_the_name_in_the_newest_section(said):
    found = changes(of({"a": TEXT}), of())
    assert unannounced(found, CHANGELOG.format(said=said)) == found
