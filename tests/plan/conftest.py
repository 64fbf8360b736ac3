"""What tests of plans share."""

import sys

import pytest

from .sample import make_project


@pytest.fixture
def project(tmp_path, monkeypatch):
    """A project, as the folder that commands run in."""
    folder = make_project(tmp_path / "shop", "")
    monkeypatch.chdir(folder)
    monkeypatch.delitem(sys.modules, "network", raising=False)
    yield folder
    sys.modules.pop("network", None)
