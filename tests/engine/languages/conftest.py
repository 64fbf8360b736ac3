"""Programs in YAML on the real engine, which starts the library's plugin as `pulumi package add` would."""

import shutil
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from bicoastal.testing import Engine, StartEngine

COMPONENTS = Path(__file__).parents[3] / "components"
HERE = Path(__file__).parent
LANGUAGE = "pulumi-language-yaml"

StartYaml = Callable[..., Engine]


@pytest.fixture(scope="module")
def start_yaml(start_engine: StartEngine) -> StartYaml:
    """Starts a stack of a program of this folder, with a stand-in for each provider that is named.

    The plugin is the library's own, run in the tests' virtual environment instead of one that would have to
    be filled first.
    """
    if shutil.which(LANGUAGE) is None:
        pytest.skip(f"needs `{LANGUAGE}` on PATH")

    def starting(program: str, *providers: str, **secrets: str) -> Engine:
        engine = start_engine(*providers)
        (engine.folder / "Pulumi.yaml").write_text((HERE / program).read_text())
        plugin = engine.folder / "plugin"
        plugin.mkdir()
        for name in ("PulumiPlugin.yaml", "__main__.py"):
            (plugin / name).symlink_to(COMPONENTS / name)
        (plugin / "venv").symlink_to(sys.prefix)
        engine.run("stack", "init")
        for key, value in secrets.items():
            engine.run("config", "set", "--secret", key, value)
        return engine

    return starting
