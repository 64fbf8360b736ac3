"""A twin as a whole, on stand-ins for its parts."""

from types import SimpleNamespace

import pytest

from bicoastal.twin import twin as module
from bicoastal.twin.environment import Environment
from bicoastal.twin.layout import TwinLayout
from bicoastal.twin.project import Project
from bicoastal.twin.twin import Twin
from bicoastal.twin.upstream import Upstream
from tests.twin.conftest import PROJECT


class Stopped(Exception):
    """Ctrl-C, at a moment of the test's choice."""


def test_the_credentials_are_there_before_any_data_that_needs_them(tmp_path, monkeypatch):
    class Places:
        def __init__(self, *_):
            pass

        def start(self, *_):
            raise Stopped

    monkeypatch.setattr(module, "Places", Places)
    monkeypatch.setattr(module, "build", lambda *_: None)
    monkeypatch.setattr(module, "obtain", lambda *_: Upstream())
    layout = TwinLayout.named("test", tmp_path)
    twin = Twin(SimpleNamespace(), Environment(Project.find(PROJECT), layout, {}))
    with pytest.raises(Stopped):
        twin.up(lambda *_: None, lambda *_: None)
    assert (layout.folder / "credentials" / "rotation-key").exists()
