"""A twin: environment `local` of a project, in two regions and a witness place on this machine."""

import shutil
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import docker

import bicoastal.hosts

from ..edge import EdgeMonitor
from ..plan.record import Plan
from ..plan.recorder import record
from ..plan.stack_files import StackFile, stack_files
from ..settings import read
from ..stack.configuration import PASSWORDS
from .apply import Changes, apply
from .choices import load, merged, parse, save
from .cluster import Cluster
from .credentials import Credentials, ensure
from .edge import Edge, Pool
from .environment import IMAGE_FOLDERS, Environment
from .health import ServiceHealth, wait_until_healthy
from .images import build, tag
from .layout import TwinLayout
from .places import Places
from .project import ENVIRONMENT, Project

DAEMON_JSON = Path(bicoastal.hosts.__file__).with_name("daemon.json")
PLACE_IMAGE = "place"

Progress = Callable[[str, str], None]
"""Told what is at work and what happens to it."""


@dataclass(frozen=True)
class Brought:
    """What an `up` came to."""

    changes: Changes
    edge_changed: bool

    def __str__(self) -> str:
        return f"{self.changes}{', edge updated' if self.edge_changed else ''}"


class Twin:
    """One twin. Everything that it is stands in the outer engine and in the twin's folder."""

    def __init__(
        self, client: docker.DockerClient, project: Project, name: str, choices: Sequence[str] = ()
    ) -> None:
        """`choices` are `group.key=value` settings, over those that the twin has kept from before."""
        self.client = client
        self.project = project
        self.layout = TwinLayout.named(name, project.folder)
        self.choices = merged(load(self.layout.folder), parse(choices))
        self.environment = Environment(project, self.layout, self.choices)
        self.places = Places(client, self.layout)
        self.edge = Edge(client, self.layout)

    def up(self, progress: Progress, report: Callable[[list[ServiceHealth]], None]) -> Brought:
        """Bring the twin to what the project declares, whatever state it is in, and wait until all is well.

        Wrong settings are refused before anything is made. `progress` is told of each step, `report` of each
        look at the services while they start.
        """
        self._check()
        self.places.check_free()
        save(self.layout.folder, self.choices)
        files = self._stack_files()
        build(self.client, [self.project.images / folder for folder in self._tags], progress)
        self.places.start(self._tags[PLACE_IMAGE], DAEMON_JSON, progress)
        self.places.swarm()
        self.places.hand_over({place: _images_of(file) for place, file in files.items()}, progress)
        with self.engines() as engines:
            changes = apply(self.client, self.layout, engines, files)
            edge_changed = self.edge.start(self._tags["haproxy"], self._pools(), self.monitor)
            wait_until_healthy(engines, report)
        return Brought(changes, edge_changed)

    def down(self) -> list[str]:
        """Remove the twin: everything that carries its label, its sockets, its folder. What was removed."""
        removed = self.places.remove()
        if self.layout.folder.exists():
            shutil.rmtree(self.layout.folder)
            removed.append(f"folder {self.layout.folder}")
        return removed

    def cluster(self) -> Cluster:
        """The Postgres cluster's REST interface."""
        database = self.environment.database
        members = database.members(self.environment.topology)
        return Cluster(
            members, database.synchronous, self.credentials.ca_pem, self.credentials.passwords["rest"]
        )

    def engines(self, places: Sequence[str] | None = None) -> "Engines":
        """The engines of these places, or of all, for a `with` block."""
        return Engines(self.places, list(places or self.layout.places))

    @cached_property
    def credentials(self) -> Credentials:
        """The twin's passwords and certificates; made when there are none yet."""
        return ensure(self.layout.folder, self.environment.members, PASSWORDS)

    @cached_property
    def monitor(self) -> EdgeMonitor:
        """The edge's probes, as the project declares them."""
        return read(EdgeMonitor, self.environment.declared("monitor"), "The edge's monitor")

    @property
    def exports(self) -> Mapping[str, Any]:
        """The program's outputs, such as the failover budget."""
        return self._plan.exports

    @property
    def exists(self) -> bool:
        """Whether any place of the twin has been made."""
        return any(self.places.exists(place) for place in self.layout.places)

    @cached_property
    def _tags(self) -> dict[str, str]:
        """The tag of each image, by the name of its folder."""
        folders = (*IMAGE_FOLDERS.values(), PLACE_IMAGE)
        return {folder: tag(self.project.images / folder) for folder in folders}

    @cached_property
    def _plan(self) -> Plan:
        return self._record(self.credentials)

    def _check(self) -> None:
        """Run the program on stand-ins for secrets: a wrong setting is refused before anything is made."""
        self._record(Credentials.stand_ins(self.environment.members, PASSWORDS))

    def _record(self, secrets: Credentials) -> Plan:
        config, secret_keys = self.environment.config(self._tags, secrets)
        return record(
            self.project.program,
            project=self.project.name,
            stack=ENVIRONMENT,
            config=config,
            secret_keys=secret_keys,
        )

    def _stack_files(self) -> dict[str, StackFile]:
        """The stack files by place: each is for the engine that its provider names."""
        places = {place.docker_host: name for name, place in self.layout.places.items()}
        return {places[file.host]: file for file in stack_files(self._plan).values()}

    def _pools(self) -> list[Pool]:
        addresses = self.exports["http_addresses"]
        return [Pool(region.name, addresses[region.name]) for region in self.environment.topology.regions]


class Engines:
    """The clients of the places' engines, closed at the end."""

    def __init__(self, places: Places, names: list[str]) -> None:
        self._places, self._names = places, names
        self._clients: dict[str, docker.DockerClient] = {}

    def __enter__(self) -> Mapping[str, docker.DockerClient]:
        self._clients = {name: self._places.engine(name) for name in self._names}
        return self._clients

    def __exit__(self, *_: object) -> None:
        for client in self._clients.values():
            client.close()


def _images_of(stack_file: StackFile) -> list[str]:
    return sorted({service["image"] for service in stack_file.compose["services"].values()})
