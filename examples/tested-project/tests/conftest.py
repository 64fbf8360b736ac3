"""The kit, and the settings of the stack `dev`."""

from pathlib import Path

import pytest

from bicoastal.plan import read_stack_config

pytest_plugins = ["bicoastal.testing"]


@pytest.fixture(scope="session")
def config():
    """What stands in the stack's file."""
    settings, _ = read_stack_config(Path(__file__).parents[1] / "Pulumi.dev.yaml")
    return settings
