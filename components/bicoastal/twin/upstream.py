"""Images that others publish: no release of Debian has them, so they are asked of this machine's engine by
their digest, and what it cannot have is left out of the twin."""

import json
import re
import threading
import time
from collections.abc import Callable, Collection, Mapping
from dataclasses import asdict, dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

import docker
from docker.errors import DockerException, ImageNotFound
from requests.exceptions import RequestException

from ..checks.problem import Problem
from ..operations.durable import write_durably
from ..settings import refuse

FILE = "upstream.json"
"""In the project's folder of images what there is to ask for, in a twin's folder what came of it."""
ANSWER_S = 8.0
"""Seconds that a registry may take to begin: a machine that reaches none loses no more."""
PULL_S = 600.0
"""Seconds until what has begun must be here."""
NO_DIGEST = "not in images/upstream.json"
_DIGEST = re.compile(r"sha256:[0-9a-f]{64}")
_SHOWN = 160
"""Characters of an engine's reason."""


@dataclass(frozen=True)
class UpstreamImage:
    """One image as its publisher has it."""

    name: str
    """What the program calls it."""
    repository: str
    version: str
    """What people call it; the digest says what it is."""
    digest: str
    """Of the index over all architectures, `sha256:...`."""

    @property
    def reference(self) -> str:
        """What the engine is asked for."""
        return f"{self.repository}@{self.digest}"

    @property
    def tag(self) -> str:
        """Under which the places are given it: as with those that are built, it tells the content."""
        return f"bicoastal/upstream-{self.name}:{self.version}-{self.digest.partition(':')[2][:12]}"


@dataclass(frozen=True)
class Upstream:
    """What an `up` could have of what it wanted."""

    had: tuple[str, ...] = ()
    """The names of the images that are on this machine."""
    left_out: Mapping[str, str] = field(default_factory=dict)
    """The names of the others, each with the reason in one line."""

    @classmethod
    def load(cls, folder: Path) -> "Upstream":
        """What the last `up` of the twin in this folder had; nothing before the first."""
        file = folder / FILE
        if not file.exists():
            return cls()
        kept = json.loads(file.read_text())
        return cls(tuple(kept["had"]), kept["left_out"])

    def save(self, folder: Path) -> None:
        """Keep it for whoever asks what the twin is; the next `up` asks anew."""
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        write_durably(folder / FILE, json.dumps(asdict(self)))


def listed(images: Path) -> dict[str, UpstreamImage]:
    """The images that the project's list pins, by name; none where it has no list. Raises
    `pulumi.InputPropertiesError` for one that is not pinned."""
    file = images / FILE
    if not file.is_file():
        return {}
    found, problems = {}, []
    for name, entry in json.loads(file.read_text()).items():
        digest = str(entry.get("digest", ""))
        if not _DIGEST.fullmatch(digest):
            problems.append(
                Problem(
                    f"images/{FILE}: {name}",
                    "not pinned",
                    repr(digest),
                    "a digest, sha256: and 64 hexadecimal digits",
                    "give it the digest that its registry tells",
                )
            )
        found[name] = UpstreamImage(name, str(entry["repository"]), str(entry["version"]), digest)
    refuse("The list of published images", problems)
    return found


def obtain(
    client: docker.DockerClient,
    wanted: Collection[str],
    images: Mapping[str, UpstreamImage],
    progress: Callable[[str, str], None],
    *,
    answer_s: float = ANSWER_S,
    pull_s: float = PULL_S,
) -> Upstream:
    """See to it that the engine has the wanted images, under their tags: those that are here are used, the
    others pulled, all at once. One that fails is left out with its reason, and nothing is raised."""
    left_out = {name: NO_DIGEST for name in wanted if name not in images}
    attempts = {
        name: _Attempt(client, images[name], partial(progress, name)) for name in wanted if name in images
    }
    for attempt in attempts.values():
        attempt.start()
    begun = time.monotonic()
    for name, attempt in attempts.items():
        reason = attempt.outcome(begun + answer_s, begun + pull_s)
        if reason:
            left_out[name] = reason
        else:
            progress(name, f"has {images[name].tag}")
    return Upstream(tuple(name for name in wanted if name not in left_out), left_out)


class _Attempt:
    """One pull, in a thread of its own: one that hangs is left to end by itself."""

    def __init__(
        self, client: docker.DockerClient, image: UpstreamImage, progress: Callable[[str], None]
    ) -> None:
        self._client, self._image, self._progress = client, image, progress
        self._begun, self._ended = threading.Event(), threading.Event()
        self._reason = ""

    def start(self) -> None:
        threading.Thread(target=self._run, daemon=True).start()

    def outcome(self, answer_by: float, here_by: float) -> str:
        """Why it is not here; empty when it is."""
        if not self._begun.wait(max(0.0, answer_by - time.monotonic())):
            return "no registry answered in time"
        if not self._ended.wait(max(0.0, here_by - time.monotonic())):
            return "not here in time; the next `up` takes it if the engine goes on"
        return self._reason

    def _run(self) -> None:
        try:
            self._reason = self._pull()
        except (DockerException, RequestException, OSError) as error:
            self._reason = _in_one_line(error)
        finally:
            self._begun.set()
            self._ended.set()

    def _pull(self) -> str:
        image = self._image
        if _tagged(self._client, image):
            return ""
        self._progress(f"pulling {image.repository}:{image.version}")
        for told in self._client.api.pull(image.repository, tag=image.digest, stream=True, decode=True):
            self._begun.set()
            if "error" in told:
                return _in_one_line(told["error"])
        return "" if _tagged(self._client, image) else f"what came has not the digest {image.digest}"


def _tagged(client: docker.DockerClient, image: UpstreamImage) -> bool:
    """Whether the engine has it, by then under its tag."""
    try:
        client.images.get(image.tag)
    except ImageNotFound:
        try:
            found: Any = client.images.get(image.reference)
        except ImageNotFound:
            return False
    else:
        return True
    if not any(digest.endswith(f"@{image.digest}") for digest in found.attrs.get("RepoDigests") or ()):
        return False
    repository, _, version = image.tag.partition(":")
    return bool(found.tag(repository, version))


def _in_one_line(error: object) -> str:
    text = " ".join(str(getattr(error, "explanation", None) or error).split())
    return text if len(text) <= _SHOWN else f"{text[:_SHOWN]}..."
