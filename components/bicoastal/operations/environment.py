"""A running environment, as operations see it.

Nothing here is the twin's alone: engines, addresses, credentials and settings are what every environment
has. The twin provides it today; an environment behind SSH will provide the same.
"""

from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

import docker

from ..database import PostgresCluster
from ..topology import Topology
from .cluster import Cluster
from .redis import RedisCluster

Say = Callable[[str], None]
"""Told what is being done, in one line."""
Settings = Mapping[str, Any]
"""What people choose for an environment: `{"api": {"replicas": 3}}`."""


@dataclass(frozen=True)
class Image:
    """An image that the environment can run."""

    reference: str
    """What a service is given: pinned, so that another content is another reference."""
    content: str
    """What is in it, by the image's id or digest."""


class NoImage(Exception):
    """There is no such image here, and none could be pulled; the text is the registry's word."""


class RunningEnvironment(Protocol):
    """A running environment."""

    @property
    def name(self) -> str:
        """What the command calls it."""

    @property
    def stack(self) -> str:
        """The first part of every service's name: `<stack>_<service>`."""

    @property
    def folder(self) -> Path:
        """Where operations keep their lock and their journal."""

    @property
    def topology(self) -> Topology:
        """Its places."""

    @property
    def database(self) -> PostgresCluster:
        """The Postgres cluster that is declared."""

    @property
    def settings(self) -> Settings:
        """The settings in force."""

    def unreachable(self, place: str) -> str | None:
        """Why the place's engine cannot be reached; None when it can."""

    def cluster(self) -> Cluster:
        """The Postgres cluster's REST interface; the caller closes it."""

    def redis(self) -> RedisCluster:
        """The Redis nodes and Sentinels of all places; the caller closes it."""

    def engines(self, places: Sequence[str]) -> AbstractContextManager[Mapping[str, docker.DockerClient]]:
        """The engines of these places, for a `with` block."""

    def image(self, name: str) -> Image:
        """The image of this name, pulled where that is needed. Raises `NoImage`."""

    def pin(self, image: Image) -> None:
        """Make the image's reference mean this image, so that services can be given it."""

    def check(self, settings: Settings) -> None:
        """Raise `pulumi.InputPropertiesError` when the program refuses itself with these settings over those
        in force."""

    def apply(self, settings: Settings, say: Say) -> Sequence[str]:
        """Keep these settings over those in force and apply all of them; what this changed, as
        `<place>/<service>`. None takes a setting back. Raises `OperationFailed`."""

    def wait_until_healthy(self, say: Say) -> None:
        """Wait until every service runs as declared. Raises `OperationFailed`, naming those that do not."""
