"""The images of `images/<name>/`: tagged by content, built where they are missing."""

import hashlib
import os
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import docker
from docker.errors import APIError, BuildError, ImageNotFound

from .base_image import base_image

IMAGE_LABEL = "io.bicoastal.image"
_SHOWN_LINES = 20
_PROXIES = ("http_proxy", "https_proxy", "no_proxy", "HTTP_PROXY", "HTTPS_PROXY", "NO_PROXY")


class ImageBuildFailed(Exception):
    """An image could not be built; the text ends with the last lines of its build."""


def tag(folder: Path) -> str:
    """`bicoastal/<folder's name>:<12 hex digits>`, the digits from what the folder holds.

    Paths, contents and the executable bit count; `__pycache__` does not.
    """
    digest = hashlib.sha256()
    for path in _files(folder):
        executable = bool(path.stat().st_mode & 0o100)
        content = hashlib.sha256(path.read_bytes()).hexdigest()
        digest.update(f"{path.relative_to(folder).as_posix()}\0{executable}\0{content}\n".encode())
    return f"bicoastal/{folder.name}:{digest.hexdigest()[:12]}"


def build(
    client: docker.DockerClient, folders: Sequence[Path], progress: Callable[[str, str], None]
) -> dict[str, str]:
    """Build, in parallel, the images whose tag does not exist. Returns every folder's name with its tag.

    Raises `ImageBuildFailed`, and `NoBaseImage` when there is nothing to build upon.
    """
    tags = {folder.name: tag(folder) for folder in folders}
    missing = [folder for folder in folders if not _exists(client, tags[folder.name])]
    if missing:
        base = base_image(client, lambda text: progress("base", text))

        def build_one(folder: Path) -> None:
            progress(folder.name, "building")
            _build(client, folder, tags[folder.name], base)
            progress(folder.name, f"built {tags[folder.name]}")

        with ThreadPoolExecutor(len(missing)) as pool:
            list(pool.map(build_one, missing))
    return tags


def _build(client: docker.DockerClient, folder: Path, name: str, base: str) -> None:
    try:
        client.images.build(
            path=str(folder),
            tag=name,
            rm=True,
            forcerm=True,
            labels={IMAGE_LABEL: folder.name},
            buildargs={"BASE": base, **{key: os.environ[key] for key in _PROXIES if os.environ.get(key)}},
        )
    except BuildError as error:
        raise ImageBuildFailed(_failure(folder, str(error), _lines(error))) from error
    except APIError as error:
        raise ImageBuildFailed(_failure(folder, str(error.explanation or error), [])) from error


def _lines(error: BuildError) -> Iterator[str]:
    for chunk in error.build_log:
        text = chunk.get("stream") or chunk.get("error") if isinstance(chunk, dict) else None
        yield from str(text or "").splitlines()


def _failure(folder: Path, why: str, lines: Sequence[str] | Iterator[str]) -> str:
    last = deque((line for line in lines if line.strip()), _SHOWN_LINES)
    return "\n".join([f"the image of {folder} could not be built: {why}", *last])


def _exists(client: docker.DockerClient, name: str) -> bool:
    try:
        client.images.get(name)
    except ImageNotFound:
        return False
    return True


def _files(folder: Path) -> list[Path]:
    found = (path for path in folder.rglob("*") if path.is_file() and "__pycache__" not in path.parts)
    return sorted(found, key=lambda path: path.relative_to(folder).as_posix())
