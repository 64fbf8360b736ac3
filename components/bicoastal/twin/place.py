"""One place of a twin: a container with a Docker engine and a one-node Swarm of its own."""

import hashlib
import json
import os
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import TypeVar

import docker
from docker.errors import DockerException
from docker.models.containers import Container
from docker.models.networks import Network
from requests.exceptions import RequestException

from ..engine_api import ENGINE_GROUP
from .containment import HostConfig
from .engine import refusal
from .layout import PLACE_LABEL, PlaceLayout, TwinLayout, labelled
from .wan import Losses, lose, lose_nothing

SPEC_LABEL = "io.bicoastal.spec"
"""A hash of what the container was made from; another one means that it must be made anew."""
CERTIFICATE_LIFE = timedelta(days=3650)
"""Of a Swarm node; Docker's own 90 days would end a twin that rested for longer."""
ENGINE_LIMIT = 60.0
"""Seconds that a place's engine, and then its Swarm, may take to answer."""
ENGINE_TIMEOUT = 600
"""Seconds for one request to a place's engine, such as loading an image."""
ENGINE_SOCKET = "/run/place/docker.sock"
"""Of the engine, in its place."""
_SHOWN_LINES = 20
_ANY_ENGINES_API = "1.41"

T = TypeVar("T")


class PlaceFailed(Exception):
    """A place did not come up; the text ends with its last log lines."""


def socket_group() -> int:
    """The group that may use the engines' sockets: this person's, so that nobody else can. Root needs none,
    and what reads logs in a place has one that is not root's."""
    return os.getgid() or ENGINE_GROUP


@dataclass(frozen=True)
class PlaceSpec:
    """What a place's container is made from."""

    image: str
    """The tag of the place's image."""
    daemon_json: Path
    """The engine's settings, mounted read-only."""

    @property
    def digest(self) -> str:
        """Changes when a container made from this would differ."""
        content = [self.image, str(self.daemon_json.absolute()), self.daemon_json.read_text(), socket_group()]
        return hashlib.sha256(json.dumps(content).encode()).hexdigest()[:12]


class Place:
    """One place, on the engine behind `client`. Its state is in that engine; nothing is remembered here."""

    def __init__(self, client: docker.DockerClient, twin: TwinLayout, layout: PlaceLayout) -> None:
        self._client = client
        self._twin = twin
        self._layout = layout

    @property
    def name(self) -> str:
        """`east`, `west` or `witness`."""
        return self._layout.name

    @property
    def container(self) -> Container | None:
        """The place's container as it is now, if it is this twin's."""
        labels = {**self._twin.labels, PLACE_LABEL: self.name}
        found = self._client.containers.list(all=True, filters=labelled(labels), ignore_removed=True)
        return found[0] if found else None

    @property
    def running(self) -> bool:
        """Whether the place's container runs."""
        container = self.container
        return container is not None and container.status == "running"

    def needs_making(self, spec: PlaceSpec, network: Network) -> bool:
        """Whether there is no container made from `spec` on `network`.

        One that is broken or was made from something else is removed; its volume is kept.
        """
        container = self.container
        if container is None:
            return True
        wan = container.attrs["NetworkSettings"]["Networks"].get(network.name, {})
        if (
            container.labels.get(SPEC_LABEL) == spec.digest
            and container.status not in ("dead", "removing")
            and wan.get("NetworkID") in (None, "", network.id)
        ):
            return False
        container.remove(v=True, force=True)
        return True

    def make(self, spec: PlaceSpec, rights: HostConfig, cgroup_version: str) -> None:
        """Create the place's volume and container, without starting it."""
        layout, labels = self._layout, {**self._twin.marks, PLACE_LABEL: self.name}
        self._client.volumes.create(layout.volume, labels=labels)
        self._client.api.create_container(
            image=spec.image,
            name=layout.container,
            hostname=self.name,
            labels={**labels, SPEC_LABEL: spec.digest},
            environment={
                "ENGINE_LABELS": "host=0",
                "CGROUP_PARENT": layout.container,
                "SOCKET_GID": str(socket_group()),
            },
            host_config={
                **rights,
                **_control_groups(cgroup_version),
                "Binds": [
                    f"{layout.volume}:/var/lib/docker",
                    f"{layout.socket.parent}:{Path(ENGINE_SOCKET).parent}",
                    f"{spec.daemon_json.absolute()}:/etc/docker/daemon.json:ro",
                    *(["/sys/fs/cgroup:/sys/fs/cgroup"] if cgroup_version == "1" else []),
                ],
                "NetworkMode": self._twin.network,
                "RestartPolicy": {"Name": "no"},
            },
            networking_config={
                "EndpointsConfig": {
                    self._twin.network: {
                        "IPAMConfig": {"IPv4Address": layout.address},
                        "Aliases": [self.name],
                    }
                }
            },
        )

    def start(self, network: Network) -> None:
        """Start the container, whatever state it is in, and wait for its engine. Raises `PlaceFailed`."""
        _private_folder(self._layout.socket.parent)
        self.heal(network)
        container = self._existing()
        if container.status == "paused":
            container.unpause()
        elif container.status != "running":
            container.start()
        self.lose_nothing()
        self._await_engine()

    def kill(self) -> None:
        """Lose the place at once, as a region is lost: SIGKILL for everything in it."""
        if self.running:
            self._existing().kill()

    def cut(self, network: Network) -> None:
        """Take the place off the WAN."""
        if self._connected_to(network):
            network.disconnect(self._layout.container)

    def heal(self, network: Network) -> None:
        """Put the place on the WAN at its own address, unless it is there."""
        if not self._connected_to(network):
            network.connect(self._layout.container, ipv4_address=self._layout.address, aliases=[self.name])

    def lose(self, losses: Sequence[Losses]) -> None:
        """Let the WAN lose these packets of the place. Raises `CutFailed`."""
        lose(self._existing(), self._layout.address, losses)

    def lose_nothing(self) -> None:
        """Let every packet of the place through again, if it runs. Raises `CutFailed`."""
        if self.running:
            lose_nothing(self._existing())

    def engine(self, timeout_s: int = ENGINE_TIMEOUT) -> docker.DockerClient:
        """A new client of the place's engine; the caller closes it. A lost one raises DockerException."""
        if why := refusal(self._layout.socket):  # Docker's SDK would say no name, and leave its socket open
            way_out = f"bicoastal revive {self.name} {self._twin.name}"
            raise DockerException(f"{self.name}: its engine does not answer ({why}); see: {way_out}")
        return docker.DockerClient(base_url=self._layout.docker_host, timeout=timeout_s)

    def swarm(self, labels: Mapping[str, str]) -> None:
        """Make the engine a Swarm of one node with these labels, unless it is. Raises `PlaceFailed`."""
        with closing(self.engine()) as engine:
            self._await(lambda: self._is_manager(engine), "Swarm")
            self._await(lambda: _labelled(engine, labels), "Swarm")

    def _is_manager(self, engine: docker.DockerClient) -> bool:
        swarm = engine.info()["Swarm"]
        if swarm["LocalNodeState"] == "inactive":
            engine.swarm.init(
                advertise_addr=self._layout.address,
                task_history_retention_limit=1,
                node_cert_expiry=int(CERTIFICATE_LIFE.total_seconds() * 1e9),
            )
        elif swarm["LocalNodeState"] == "error":
            engine.swarm.leave(force=True)
        return bool(swarm["ControlAvailable"])

    def _await_engine(self) -> None:
        self._await(lambda: not refusal(self._layout.socket), "engine")
        api = docker.APIClient(base_url=self._layout.docker_host, version=_ANY_ENGINES_API, timeout=5)
        with closing(api):
            self._await(api.ping, "engine")
        with closing(self.engine()) as engine:
            self._await(lambda: _is_settled(engine), "Swarm")

    def _await(self, ready: Callable[[], bool], what: str) -> None:
        """Wait until `ready` is true; an error from the place's engine counts as not yet."""
        limit = time.monotonic() + ENGINE_LIMIT
        last: Exception | None = None
        while time.monotonic() < limit:
            try:
                if ready():
                    return
            except (DockerException, RequestException, IndexError) as error:
                last = error
            if not self.running:
                raise PlaceFailed(self._failure(f"its container stopped before the {what} answered"))
            time.sleep(0.1)
        raise PlaceFailed(self._failure(f"its {what} does not answer after {ENGINE_LIMIT:.0f} s ({last})"))

    def _failure(self, what: str) -> str:
        container = self.container
        log = container.logs(tail=_SHOWN_LINES).decode(errors="replace") if container else "(no container)"
        return f"{self._layout.container}: {what}. Its last lines:\n{log}"

    def _existing(self) -> Container:
        container = self.container
        if container is None:
            raise PlaceFailed(f"{self._layout.container}: there is no such place. Bring the twin up first.")
        return container

    def _connected_to(self, network: Network) -> bool:
        networks = self._existing().attrs["NetworkSettings"]["Networks"]
        return network.name in networks


def _control_groups(cgroup_version: str) -> HostConfig:
    # In cgroup v1 nested containers are made in the machine's own tree; a private view of it would end in
    # "error mounting cgroup". In v2 the place has its own tree, which its entry script opens to nesting.
    return {"CgroupnsMode": "host" if cgroup_version == "1" else "private"}


def _is_settled(engine: docker.DockerClient) -> bool:
    """Whether the engine leads its Swarm again, if it has one."""
    swarm = engine.info()["Swarm"]
    if swarm["LocalNodeState"] == "active":
        engine.nodes.list()
    return str(swarm["LocalNodeState"]) != "pending"


def _labelled(engine: docker.DockerClient, labels: Mapping[str, str]) -> bool:
    node = engine.nodes.list()[0]
    spec = node.attrs["Spec"]
    if dict(spec.get("Labels", {})) == dict(labels):
        return True
    node.update({**spec, "Labels": dict(labels)})
    return False  # said true only of what the Swarm says itself


def _private_folder(folder: Path) -> None:
    for part in (folder.parent.parent, folder.parent, folder):
        part.mkdir(mode=0o700, parents=True, exist_ok=True)
        if part.stat().st_uid != os.getuid():
            raise PlaceFailed(f"{part} belongs to another user. Remove it or set XDG_RUNTIME_DIR.")
