"""The image that all images are built upon: Debian's own, or one made here where no registry is reachable."""

import os
import shutil
import subprocess
import tarfile
import tempfile
import threading
from collections.abc import Callable
from pathlib import Path

import docker
from docker.errors import DockerException, ImageNotFound
from requests.exceptions import RequestException

DEBIAN = "debian:trixie-slim"
MADE_HERE = "bicoastal/debian:trixie-slim"
PULL_LIMIT = 20.0
"""Seconds that a registry may take to answer with the image, where one can be made instead."""
SLOW_PULL_LIMIT = 600.0
"""The same where none can be made."""
MIRROR = "http://deb.debian.org/debian"
_TRIMMED = (
    "usr/share/doc",
    "usr/share/man",
    "usr/share/locale",
    "usr/share/info",
    "var/lib/apt/lists",
    "var/cache/apt",
)


class NoBaseImage(Exception):
    """There is no Debian to build upon, and it cannot be made here."""


def base_image(client: docker.DockerClient, say: Callable[[str], None]) -> str:
    """The tag of a Debian 13 image: present, pulled, or made by debootstrap. Raises `NoBaseImage`."""
    for tag in (DEBIAN, MADE_HERE):
        if _present(client, tag):
            return tag
    say(f"pulling {DEBIAN}")
    if _pulled(client):
        return DEBIAN
    say(f"no registry answers; making {MADE_HERE} by debootstrap")
    _debootstrap(client, say)
    return MADE_HERE


def _present(client: docker.DockerClient, tag: str) -> bool:
    try:
        client.images.get(tag)
    except ImageNotFound:
        return False
    return True


def _pulled(client: docker.DockerClient) -> bool:
    """Whether the pull succeeded in time. One that hangs is left to end by itself."""

    def pull() -> None:
        try:
            client.images.pull(DEBIAN)
        except (DockerException, RequestException):
            return

    attempt = threading.Thread(target=pull, daemon=True)
    attempt.start()
    attempt.join(PULL_LIMIT if os.getuid() == 0 else SLOW_PULL_LIMIT)
    return _present(client, DEBIAN)


def _debootstrap(client: docker.DockerClient, say: Callable[[str], None]) -> None:
    if os.getuid() != 0:
        raise NoBaseImage(
            f"{DEBIAN} is neither here nor to be pulled, and only root can make one by debootstrap. "
            f"Pull or load {DEBIAN}, or run this once as root."
        )
    if shutil.which("debootstrap") is None:
        say("installing debootstrap")
        _run(["apt-get", "update"])
        _run(["apt-get", "install", "--yes", "--no-install-recommends", "debootstrap"])
    with tempfile.TemporaryDirectory(prefix="bicoastal-debian-") as folder:
        root = Path(folder) / "root"
        _run(["debootstrap", "--variant=minbase", "trixie", str(root), MIRROR])
        for trimmed in _TRIMMED:
            shutil.rmtree(root / trimmed, ignore_errors=True)
            (root / trimmed).mkdir(parents=True)
        archive = Path(folder) / "root.tar"
        with tarfile.open(archive, "w") as tar:
            tar.add(root, arcname=".")
        repository, _, version = MADE_HERE.partition(":")
        client.api.import_image_from_file(str(archive), repository=repository, tag=version)


def _run(command: list[str]) -> None:
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    if done.returncode:
        last = "\n".join((done.stdout + done.stderr).splitlines()[-20:])
        raise NoBaseImage(f"{' '.join(command[:2])} failed, so there is no Debian to build upon:\n{last}")
