"""The schema that programs in Pulumi's other languages read."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml

from bicoastal.languages import schema_text
from tests.schema.changes import Meaning, changes, unannounced

ROOT = Path(__file__).parents[2]
SCHEMA = ROOT / "components" / "schema.json"
RELEASED = Path(__file__).with_name("released.json")
"""The schema of the last release. Nothing is released yet: it is the one with which 0.1.0 began, and every
release replaces it by its own."""


@pytest.fixture(scope="module")
def schema():
    return json.loads(SCHEMA.read_text())


def undescribed(schema: dict) -> Iterator[str]:
    for kind in ("resources", "types"):
        for token, one in schema[kind].items():
            name = token.rpartition(":")[2]
            parts = {
                name: one,
                **{f"{name}.{key}": value for key, value in one.get("inputProperties", {}).items()},
                **{f"{name} > {key}": value for key, value in one.get("properties", {}).items()},
                **{f"{name} = {value['value']}": value for value in one.get("enum", ())},
            }
            yield from (path for path, part in parts.items() if not part.get("description", "").strip())


def test_the_committed_schema_is_current():
    wrong = "run: python -m bicoastal.languages components/schema.json"
    assert schema_text() == SCHEMA.read_text(), wrong


def test_everything_in_the_schema_is_described(schema):
    assert list(undescribed(schema)) == []


def test_what_is_not_described_is_found(schema):
    zone = schema["resources"]["bicoastal:index:EdgeZone"]
    bare = {**zone, "inputProperties": {**zone["inputProperties"], "plan": {"type": "string"}}}
    less = {"resources": {"bicoastal:index:EdgeZone": bare}, "types": {}}
    assert list(undescribed(less)) == ["EdgeZone.plan"]


def test_no_breaking_change_since_the_last_release_goes_unannounced(schema):
    found = changes(json.loads(RELEASED.read_text()), schema)
    for change in found:
        print(change)  # noqa: T201 what a release's notes are made from
    assert unannounced(found, (ROOT / "CHANGELOG.md").read_text()) == []


def test_a_component_that_goes_away_is_a_breaking_change(schema):
    less = {**schema, "resources": {k: v for k, v in schema["resources"].items() if "EdgeZone" not in k}}
    assert [str(c) for c in changes(schema, less) if c.meaning is Meaning.BREAKING] == [
        "breaking: EdgeZone: a component is gone"
    ]


def test_the_pages_program_has_only_what_the_schema_has(schema):
    page = (ROOT / "docs" / "languages.md").read_text()
    program = yaml.safe_load(page.partition("```yaml\n")[2].partition("```")[0])
    (bucket,) = program["resources"].values()
    known = schema["resources"][bucket["type"].replace(":", ":index:")]
    assert set(known["requiredInputs"]) <= set(bucket["properties"]) <= set(known["inputProperties"])
    assert program["outputs"]["buckets"] == "${media.bucketNames}"
    assert "bucketNames" in known["properties"]
