"""The committed schema against what the command prints."""

import json
import sys

import pytest

from tests.engine.languages.conftest import COMPONENTS

pytestmark = [pytest.mark.engine, pytest.mark.timeout(300)]


def test_the_command_prints_the_committed_schema(start_engine):
    engine = start_engine()
    plugin = engine.folder / "pulumi-resource-bicoastal"
    plugin.write_text(f'#!/bin/sh\nexec "{sys.executable}" "{COMPONENTS}/__main__.py" "$@"\n')
    plugin.chmod(0o755)
    printed = json.loads(engine.run("package", "get-schema", str(plugin), of_stack=False))
    assert printed == json.loads((COMPONENTS / "schema.json").read_text())
