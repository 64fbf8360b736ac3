"""The command as a whole."""

import subprocess
import sys
from types import SimpleNamespace

import pytest
from typer.testing import CliRunner

from bicoastal.cli import main
from bicoastal.cli.app import app


def test_ctrl_c_while_the_command_loads_ends_it_without_a_stack_trace(monkeypatch):
    def stopped():
        raise KeyboardInterrupt

    monkeypatch.setitem(sys.modules, "bicoastal.cli.commands", SimpleNamespace(app_for=lambda _: stopped))
    with pytest.raises(SystemExit) as ended:
        main()
    assert ended.value.code == 130


def test_the_command_lists_what_it_can_do():
    said = subprocess.run(
        [sys.executable, "-m", "bicoastal.cli", "--help"], capture_output=True, text=True, check=True
    ).stdout
    assert all(command in said for command in ("up", "down", "status", "deploy", "drill", "latency"))


@pytest.mark.parametrize(
    "words",
    [["scale", "api=5", "production"], ["status", "staging"], ["up", "staging"], ["report", "staging"]],
)
def test_an_environment_with_a_file_of_its_own_is_no_twin_and_no_engine_is_asked(words, monkeypatch):
    monkeypatch.setattr("bicoastal.twin.engine.connect", lambda *_: pytest.fail("an engine was asked"))
    done = CliRunner().invoke(app, words)
    assert done.exit_code == 2
    said = " ".join(done.stderr.split())
    assert f"an environment of its own, by its file Pulumi.{words[-1]}.yaml" in said
    assert f"`pulumi up --stack {words[-1]}` applies it" in said
