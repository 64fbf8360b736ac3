"""A twin as a running environment: what operations need of one, from the twin's parts."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from docker.errors import APIError, ImageNotFound
from docker.models.images import Image as DockerImage
from docker.utils import parse_repository_tag

from ..database import PostgresCluster
from ..operations.cluster import Cluster
from ..operations.environment import Image, NoImage, Say, Settings
from ..operations.redis import RedisCluster
from ..operations.refusal import OperationFailed
from ..topology import Topology
from .apply import ApplyFailed
from .choices import load, merged, save, without_nothing
from .engine import refusal
from .environment import Environment
from .health import NotHealthy, ServiceHealth, wait_until_healthy
from .project import ENVIRONMENT
from .twin import Engines, Twin

_DIGITS = 12
"""Of an image's id in the tag that it is given."""


class RunningTwin:
    """A twin that has been brought up, as `operations.environment.RunningEnvironment` describes one."""

    def __init__(self, twin: Twin) -> None:
        self._twin = twin

    @property
    def name(self) -> str:
        return self._twin.layout.name

    @property
    def stack(self) -> str:
        return str(self.settings.get("stack") or ENVIRONMENT)

    @property
    def folder(self) -> Path:
        return self._twin.layout.folder

    @property
    def topology(self) -> Topology:
        return self._twin.environment.topology

    @property
    def database(self) -> PostgresCluster:
        return self._twin.environment.database

    @property
    def settings(self) -> Settings:
        return self._with({}).settings

    def unreachable(self, place: str) -> str | None:
        if not self._twin.places.running(place):
            return "its container does not run"
        return refusal(self._twin.layout.place(place).socket) or None

    def cluster(self) -> Cluster:
        return self._twin.cluster()

    def redis(self) -> RedisCluster:
        return self._twin.redis()

    def engines(self, places: Sequence[str]) -> Engines:
        return self._twin.engines(places)

    def image(self, name: str) -> Image:
        # Named by what is in it, so that a name whose content changes is another reference.
        repository, _ = parse_repository_tag(name)
        content = str(self._found(name).id)
        return Image(f"{repository}:{content.removeprefix('sha256:')[:_DIGITS]}", content)

    def pin(self, image: Image) -> None:
        self._twin.client.images.get(image.content).tag(*parse_repository_tag(image.reference))

    def check(self, settings: Settings) -> None:
        self._with(settings).check()

    def apply(self, settings: Settings, say: Say) -> Sequence[str]:
        twin = Twin(self._twin.client, self._with(settings))
        save(self.folder, twin.environment.choices)
        try:
            changes = twin.apply(lambda what, state: say(f"{what}: {state}"))
        except ApplyFailed as error:
            raise OperationFailed(str(error)) from error
        self._twin = twin
        return (*changes.created, *changes.updated, *changes.removed)

    def wait_until_healthy(self, say: Say) -> None:
        said: set[str] = set()

        def report(looks: Sequence[ServiceHealth]) -> None:
            for look in looks:
                line = f"{look.place}/{look.name}: {look.running} of {look.wanted} tasks"
                if not look.healthy and line not in said:
                    said.add(line)
                    say(line)

        try:
            with self._twin.engines() as engines:
                wait_until_healthy(engines, report)
        except NotHealthy as error:
            raise OperationFailed(str(error)) from error

    def _with(self, settings: Settings) -> Environment:
        """The environment with these settings over those that the twin has kept by now."""
        kept = load(self.folder)
        return replace(self._twin.environment, choices=without_nothing(merged(kept, settings)))

    def _found(self, name: str) -> DockerImage:
        images = self._twin.client.images
        try:
            return images.get(name)
        except ImageNotFound:
            pass
        try:
            return images.pull(*parse_repository_tag(name))
        except APIError as error:
            raise NoImage(str(error.explanation or error)) from error
