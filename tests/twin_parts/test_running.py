"""A twin as operations see it: what it has kept, and where its images come from."""

from dataclasses import replace

import pytest
from pulumi import InputPropertiesError

from bicoastal.operations.repair import image_setting
from bicoastal.twin.choices import load, merged, save
from bicoastal.twin.environment import Environment
from bicoastal.twin.project import Project
from bicoastal.twin.running import RunningTwin
from bicoastal.twin.twin import Twin
from tests.twin_parts.test_project import ROOT


@pytest.fixture
def project(tmp_path):
    """The project, with its twins in a folder of the test."""
    for name in ("Pulumi.local.yaml", "images"):
        (tmp_path / name).symlink_to(ROOT / name)
    return replace(Project.find(ROOT), folder=tmp_path)


def keep(twin, settings):
    """What another operation chooses for the twin and ends with."""
    folder = twin.layout.folder
    save(folder, merged(load(folder), settings))


def test_what_another_operation_chose_meanwhile_is_not_lost(project):
    twin = Twin(None, Environment.of(project, "shop", ["database.timing=fast"]))
    keep(twin, image_setting("green", "shop/api:2"))
    again = twin.reloaded().environment
    assert again.choices == {
        "database": {"timing": "fast"},
        "api": {"images": {"green": "shop/api:2"}},
    }


def test_what_is_asked_back_is_so_also_if_it_was_chosen_meanwhile(project):
    twin = Twin(None, Environment.of(project, "shop", ["api.images.green=null"]))
    keep(twin, image_setting("green", "shop/api:2"))
    assert twin.reloaded().environment.choices == {}


def test_what_does_not_fit_what_was_chosen_meanwhile_is_refused(project):
    twin = Twin(None, Environment.of(project, "shop"))
    keep(twin, {"api": {"replicas": 11}})
    with pytest.raises(InputPropertiesError, match="replicas"):
        twin.reloaded()


def test_the_settings_of_a_running_twin_are_those_that_it_has_kept_by_now(project):
    twin = Twin(None, Environment.of(project, "shop"))
    running = RunningTwin(twin)
    keep(twin, image_setting("green", "shop/api:2"))
    assert running.settings["api"]["images"] == {"green": "shop/api:2"}
