"""The edge's stand-in: an HAProxy that probes, fails over and falls back as the edge's load balancer will."""

import csv
import hashlib
import io
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import docker
import httpx
from docker.errors import NotFound
from docker.models.containers import Container

from ..checks.problem import Problem
from ..edge import EdgeMonitor
from ..templates import render
from .archive import archive
from .layout import TwinLayout
from .place import SPEC_LABEL

PORT = 8080
VIEW_PORT = 8404
CONFIGURATION = "/etc/haproxy/haproxy.cfg"


@dataclass(frozen=True)
class Pool:
    """One region as the edge sees it: its name and its balancers' `host:port`."""

    name: str
    addresses: Sequence[str]


def edge_configuration(pools: Sequence[Pool], monitor: EdgeMonitor) -> str:
    """The text of the stand-in's haproxy.cfg: pools in order of preference, the last one the fallback."""
    return render(
        "bicoastal.twin",
        "edge.cfg.j2",
        pools=pools,
        monitor=monitor,
        port=PORT,
        view_port=VIEW_PORT,
    )


def edge_problems(monitor: EdgeMonitor) -> Iterator[Problem]:
    """What the stand-in cannot do: HAProxy has no probe that is tried again at once."""
    if monitor.retries:
        yield Problem(
            "monitor.retries",
            "not what the twin's edge can do",
            str(monitor.retries),
            "0 in a twin",
            "leave it out; consecutive_down says how many failures count",
        )


class Edge:
    """The stand-in's container: on the WAN, published on loopback."""

    def __init__(self, client: docker.DockerClient, layout: TwinLayout) -> None:
        self._client = client
        self._layout = layout

    @property
    def url(self) -> str:
        """Where users go."""
        return f"http://127.0.0.1:{self._layout.ports[0]}"

    @property
    def view_url(self) -> str:
        """Where the edge shows which pools are up."""
        return f"http://127.0.0.1:{self._layout.ports[1]}"

    def start(self, image: str, pools: Sequence[Pool], monitor: EdgeMonitor) -> bool:
        """Run the stand-in with this configuration; whether anything had to be changed."""
        configuration = edge_configuration(pools, monitor)
        spec = hashlib.sha256(f"{image}\n{configuration}".encode()).hexdigest()[:12]
        container = self._container()
        if container is not None:
            if container.labels.get(SPEC_LABEL) == spec and container.status == "running":
                return False
            # It keeps nothing, and one that does not run may be half made.
            container.remove(force=True)
        self._create(image, configuration, spec).start()
        return True

    def pools(self) -> Mapping[str, bool]:
        """Each pool's name and whether the edge takes it to be up; empty when the edge does not answer."""
        try:
            told = httpx.get(f"{self.view_url}/;csv", timeout=2, trust_env=False).text
        except httpx.HTTPError:
            return {}
        rows = csv.DictReader(io.StringIO(told.removeprefix("# ")))
        return {
            row["pxname"]: row["status"].startswith("UP")
            for row in rows
            if row["svname"] == "BACKEND" and row["pxname"] != "fallback"
        }

    def _container(self) -> Container | None:
        try:
            return self._client.containers.get(self._layout.edge_container)
        except NotFound:
            return None

    def _create(self, image: str, configuration: str, spec: str) -> Container:
        published = (PORT, VIEW_PORT)
        self._client.api.create_container(
            image=image,
            name=self._layout.edge_container,
            labels={**self._layout.marks, SPEC_LABEL: spec},
            ports=list(published),
            host_config=self._client.api.create_host_config(
                cap_drop=["ALL"],
                port_bindings={
                    port: ("127.0.0.1", host_port)
                    for port, host_port in zip(published, self._layout.ports, strict=False)
                },
            ),
            networking_config={
                "EndpointsConfig": {
                    self._layout.network: {"IPAMConfig": {"IPv4Address": self._layout.edge_address}}
                }
            },
        )
        container = self._client.containers.get(self._layout.edge_container)
        folder, _, name = CONFIGURATION.rpartition("/")
        container.put_archive(folder, archive({name: configuration}))
        return container
