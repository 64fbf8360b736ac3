"""A twin as operations see it: what it has kept, and where its images come from."""

from dataclasses import replace
from types import SimpleNamespace

import pytest
from docker.errors import APIError, ImageNotFound
from pulumi import InputPropertiesError

from bicoastal.operations.environment import NoImage
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
    for name in ("Pulumi.yaml", "Pulumi.local.yaml", "images"):
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


class Images:
    """The images of this machine, and a registry that says what a test says."""

    def __init__(self, word="", **by_name):
        self.word, self.by_name = word, by_name
        self.tags = []

    def get(self, name):
        if name not in self.by_name:
            raise ImageNotFound("no such image")
        return SimpleNamespace(id=self.by_name[name], tag=lambda *tag: self.tags.append(tag))

    def pull(self, repository, tag):
        raise APIError("500 Server Error", explanation=self.word)


def on(images):
    return RunningTwin(SimpleNamespace(client=SimpleNamespace(images=images)))


@pytest.mark.parametrize(
    "word", ["unauthorized: authentication required", "dial tcp: no route to host", "manifest unknown"]
)
def test_what_the_registry_says_of_an_image_is_told(word):
    with pytest.raises(NoImage, match=word):
        on(Images(word)).image("shop/api:2")


def test_an_image_is_named_by_its_content_once_it_is_to_be_used():
    content = f"sha256:{'0123456789ab' * 5}0123"
    images = Images(**{"shop/api:2": content, content: content})
    found = on(images).image("shop/api:2")
    assert found.reference == "shop/api:0123456789ab"
    assert images.tags == []
    on(images).pin(found)
    assert images.tags == [("shop/api", "0123456789ab")]
