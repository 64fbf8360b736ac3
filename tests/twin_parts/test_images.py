"""Images: tagged by what their folder holds, built where the tag is missing."""

import time
from pathlib import Path
from typing import Any, cast

import docker
import pytest
from docker.errors import BuildError, ImageNotFound

from bicoastal.twin import base_image as base
from bicoastal.twin.base_image import NoBaseImage, base_image
from bicoastal.twin.images import ImageBuildFailed, build, tag


class Images:
    """The engine's images, faked at the docker SDK."""

    def __init__(
        self, *present: str, pullable: bool = False, failing: list[dict[str, str]] | None = None
    ) -> None:
        self.present = set(present)
        self.pullable = pullable
        self.failing = failing
        self.built: list[dict[str, Any]] = []

    def get(self, name: str) -> str:
        if name not in self.present:
            raise ImageNotFound("no such image")
        return name

    def pull(self, name: str) -> None:
        if not self.pullable:
            raise ImageNotFound("no registry")
        self.present.add(name)

    def build(self, **options: Any) -> None:
        if self.failing is not None:
            raise BuildError("exit code 1", iter(self.failing))
        self.built.append(options)
        self.present.add(options["tag"])


def engine(images: Images) -> docker.DockerClient:
    return cast(docker.DockerClient, type("Engine", (), {"images": images})())


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    place = tmp_path / "place"
    place.mkdir()
    (place / "Dockerfile").write_text("ARG BASE=debian:trixie-slim\nFROM ${BASE}\n")
    (place / "entry").write_text("#!/bin/sh\n")
    return place


def quiet(*_: str) -> None:
    """Nobody listens."""


def test_the_tag_changes_with_content_name_and_executable_bit_only(folder: Path) -> None:
    tags = [tag(folder)]
    (folder / "entry").chmod(0o755)
    tags.append(tag(folder))
    (folder / "entry").write_text("#!/bin/bash\n")
    tags.append(tag(folder))
    (folder / "entry").rename(folder / "start")
    tags.append(tag(folder))
    assert len(set(tags)) == 4
    (folder / "__pycache__").mkdir()
    (folder / "__pycache__" / "x.pyc").write_bytes(b"x")
    (folder / "start").touch()
    assert tag(folder) == tags[-1]


def test_a_tag_names_the_folder_and_twelve_hex_digits(folder: Path) -> None:
    name, _, version = tag(folder).partition(":")
    assert name == "bicoastal/place"
    assert len(version) == 12
    int(version, 16)


def test_what_is_missing_is_built_on_the_base_and_labelled(folder: Path) -> None:
    images = Images("debian:trixie-slim")
    assert build(engine(images), [folder], quiet) == {"place": tag(folder)}
    assert images.built[0]["labels"] == {"io.bicoastal.image": "place"}
    assert images.built[0]["buildargs"]["BASE"] == "debian:trixie-slim"


def test_what_is_there_is_not_built_again_and_needs_no_base(folder: Path) -> None:
    images = Images(tag(folder))
    assert build(engine(images), [folder], quiet) == {"place": tag(folder)}
    assert images.built == []


def test_the_machines_proxy_is_passed_to_the_build(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("http_proxy", "http://proxy:3128")
    images = Images("debian:trixie-slim")
    build(engine(images), [folder], quiet)
    assert images.built[0]["buildargs"]["http_proxy"] == "http://proxy:3128"


def test_a_failing_build_ends_with_its_last_twenty_lines(folder: Path) -> None:
    log = [{"stream": f"line {number}\n"} for number in range(30)] + [{"error": "no space"}]
    with pytest.raises(ImageBuildFailed) as failure:
        build(engine(Images("debian:trixie-slim", failing=log)), [folder], quiet)
    lines = str(failure.value).splitlines()
    assert lines[-1] == "no space"
    assert "line 11" in lines
    assert "line 10" not in lines


def test_the_base_is_debians_where_a_registry_has_it() -> None:
    assert base_image(engine(Images(pullable=True)), quiet) == "debian:trixie-slim"


def test_a_base_made_here_before_is_used_again() -> None:
    assert base_image(engine(Images("bicoastal/debian:trixie-slim")), quiet) == "bicoastal/debian:trixie-slim"


def test_without_registry_and_root_the_error_says_what_to_do(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("os.getuid", lambda: 1000)
    with pytest.raises(NoBaseImage, match=r"Pull or load debian:trixie-slim"):
        base_image(engine(Images()), quiet)


def hanging_registry(monkeypatch: pytest.MonkeyPatch, user: int, limit: str) -> docker.DockerClient:
    """An engine whose pulls take two seconds, for a user whose `limit` alone is shorter than that."""
    images = Images()
    monkeypatch.setattr(images, "pull", lambda _name: time.sleep(2))
    for each in ("PULL_LIMIT", "SLOW_PULL_LIMIT"):
        monkeypatch.setattr(base, each, 0.05 if each == limit else 10.0)
    monkeypatch.setattr("os.getuid", lambda: user)
    return engine(images)


def test_a_registry_that_hangs_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    began = time.monotonic()
    with pytest.raises(NoBaseImage):
        base_image(hanging_registry(monkeypatch, 1000, "SLOW_PULL_LIMIT"), quiet)
    assert time.monotonic() - began < 1


def test_it_is_given_up_sooner_where_an_image_can_be_made_instead(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(base, "_debootstrap", lambda *_: None)
    began = time.monotonic()
    assert base_image(hanging_registry(monkeypatch, 0, "PULL_LIMIT"), quiet) == base.MADE_HERE
    assert time.monotonic() - began < 1
