"""The command as a whole."""

import subprocess
import sys
from types import SimpleNamespace

import pytest

from bicoastal.cli import main


def test_ctrl_c_while_the_command_loads_ends_it_without_a_stack_trace(monkeypatch):
    def stopped():
        raise KeyboardInterrupt

    monkeypatch.setitem(sys.modules, "bicoastal.cli.app", SimpleNamespace(app=stopped))
    with pytest.raises(SystemExit) as ended:
        main()
    assert ended.value.code == 130


def test_the_command_lists_what_it_can_do():
    said = subprocess.run(
        [sys.executable, "-m", "bicoastal.cli", "--help"], capture_output=True, text=True, check=True
    ).stdout
    assert all(command in said for command in ("up", "down", "status", "deploy", "drill", "latency"))
