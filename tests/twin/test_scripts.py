"""The images' shell scripts, judged by shellcheck."""

from pathlib import Path

import docker
import pytest

from bicoastal.twin.images import build
from tests.twin.conftest import PROJECT

pytestmark = [pytest.mark.twin, pytest.mark.timeout(300)]


def scripts() -> list[Path]:
    return sorted(
        path
        for path in (PROJECT / "images").rglob("*")
        if path.is_file() and path.read_bytes().startswith(b"#!/bin/sh")
    )


def test_shellcheck_finds_nothing_in_any_script(client: docker.DockerClient) -> None:
    image = build(client, [Path(__file__).with_name("shellcheck")], lambda *_: None)["shellcheck"]
    found = [f"/images/{path.relative_to(PROJECT / 'images')}" for path in scripts()]
    assert found
    folder = {str(PROJECT / "images"): {"bind": "/images", "mode": "ro"}}
    container = client.containers.run(image, ["--severity=style", *found], volumes=folder, detach=True)
    try:
        code = container.wait()["StatusCode"]
        assert code == 0, container.logs().decode()
    finally:
        container.remove(force=True)
