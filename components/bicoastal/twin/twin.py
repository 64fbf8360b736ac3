"""A twin: environment `local` of a project, in two regions and a witness place on this machine."""

import shutil
from collections.abc import Callable, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import docker
import httpx

import bicoastal.hosts

from ..monitoring import serving
from ..monitoring.serving import ports
from ..operations.alertmanager import Alertmanagers
from ..operations.cluster import Cluster
from ..operations.lock import exclusively
from ..operations.mutual_tls import shown
from ..operations.redis import RedisCluster
from ..plan.stack_files import StackFile
from ..report.prometheus import PORT as PROMETHEUS_PORT
from ..report.prometheus import Prometheuses
from .alert_receiver import RECEIVER, AlertReceiver
from .apply import Changes, apply
from .choices import merged, save, without_nothing
from .edge import Edge
from .environment import PLACE_IMAGE, Environment
from .health import ServiceHealth, wait_for, wait_until_healthy
from .images import build
from .ownership import check_credentials
from .place import ENGINE_TIMEOUT
from .places import Places, Progress
from .upstream import obtain

DAEMON_JSON = Path(bicoastal.hosts.__file__).with_name("daemon.json")


@dataclass(frozen=True)
class Brought:
    """What an `up` came to."""

    changes: Changes
    edge_changed: bool

    def __str__(self) -> str:
        return f"{self.changes}{', edge updated' if self.edge_changed else ''}"


class Twin:
    """One twin on the engine behind `client`. What it is stands there and in the twin's folder."""

    def __init__(self, client: docker.DockerClient, environment: Environment) -> None:
        self.client = client
        self.environment = environment
        self.layout = environment.layout
        self.places = Places(client, self.layout)
        self.edge = Edge(client, self.layout)
        self.alert_receiver = AlertReceiver(client, self.layout)

    def up(
        self,
        progress: Progress,
        report: Callable[[list[ServiceHealth]], None],
        only: Sequence[str] = (),
    ) -> Brought:
        """Bring the twin to what is declared, whatever state it is in, and wait until all is well.

        `check` comes first, and the caller holds the twin's lock. `progress` is told of each step, `report`
        of each look at the services while they start. With `only`, just these places are brought there: the
        others are neither touched nor asked, so that a change can be applied while one of them is lost.
        Raises `ApplyFailed` and `NotHealthy`.
        """
        save(self.layout.folder, self.environment.choices)
        self.start(progress, only)
        declared = self.environment
        self._start_alert_receiver()
        changes = self.apply(progress, only)
        edge_changed = self.edge.start(declared.images["haproxy"], declared.pools, declared.monitor)
        with self.engines(only) as engines:
            wait_until_healthy(engines, report)
        if not only:
            self._wait_until_it_serves(progress)
        return Brought(changes, edge_changed)

    def start(self, progress: Progress, only: Sequence[str] = ()) -> None:
        """Start the engines of all places, or of `only` these; their services are left as they are. Raises
        `PlaceFailed`."""
        declared = self.environment
        declared.make_credentials()  # before there is data that needs them: we may be stopped at any moment
        build(self.client, [declared.project.images / folder for folder in declared.images], progress)
        self._obtain_published(progress)
        places = Places(self.client, self.layout, only or None)
        places.start(declared.images[PLACE_IMAGE], DAEMON_JSON, progress)
        places.swarm()

    def _obtain_published(self, progress: Progress) -> None:
        """See which published images there are, and go on without the parts that lack one."""
        declared = self.environment
        obtain(self.client, declared.wanted, declared.published, progress).save(self.layout.folder)
        self.environment = replace(declared)  # which has read nothing of it yet
        for part, reason in self.environment.parts_left_out.items():
            progress(part, f"left out: {reason}")

    @property
    def grafanas(self) -> Mapping[str, str]:
        """The address of each region's Grafana, by the region; empty where the twin has none."""
        declared = self.environment
        if "grafana" not in declared.parts_had:
            return {}
        return {
            region.name: f"https://{region.address()}:{ports.GRAFANA}" for region in declared.topology.regions
        }

    def reloaded(self) -> "Twin":
        """The same twin with the choices that it has kept by now, checked anew where they are others. Raises
        `pulumi.InputPropertiesError`."""
        environment = self.environment.reloaded()
        if environment.choices != self.environment.choices:
            environment.check()
        return Twin(self.client, environment)

    def having(self, settings: Mapping[str, Any]) -> "Twin":
        """The same twin with these settings over its own; None takes one back."""
        choices = without_nothing(merged(self.environment.choices, settings))
        return Twin(self.client, replace(self.environment, choices=choices))

    def _start_alert_receiver(self) -> None:
        declared = self.environment
        certificate = declared.credentials.certificates[RECEIVER]
        self.alert_receiver.start(declared.images[RECEIVER], certificate, declared.receiver_secrets)

    def _wait_until_it_serves(self, progress: Progress) -> None:
        """Healthy services are not yet a service: wait for a primary with its copies, for its region's word
        that it may have traffic, for the edge to take it, and for an answer. Raises `NotHealthy`."""
        with closing(self.cluster()) as cluster:
            wait_for(cluster.redundant, "database", "every member streams, copies included", progress)
            leader = cluster.state().leader
        region = leader.place if leader else self.environment.topology.primary_region.name
        ready = f"http://{self.environment.http_addresses[region][0]}{self.environment.monitor.path}"
        wait_for(lambda: _is_ok(ready), "traffic", f"{region} may have it", progress)
        wait_for(lambda: self.edge.pools().get(region, False), "edge", f"sends users to {region}", progress)
        wait_for(lambda: _is_ok(f"{self.edge.url}/ready"), "edge", "answers", progress)

    def check(self) -> None:
        """Raise `RangeTaken`, `PortTaken` or `NotOurTwin` when the twin cannot be brought up here."""
        self.places.check_free()
        check_credentials(self.client, self.layout)

    def apply(self, progress: Progress, only: Sequence[str] = ()) -> Changes:
        """Bring the services of all places, or of `only` these, to what is declared. Whether they have become
        healthy is asked afterwards. Raises `ApplyFailed`."""
        images = {place: _images_of(file) for place, file in self.environment.stack_files.items()}
        self.places.hand_over({place: images[place] for place in only or images}, progress)
        with self.engines(only) as engines:
            return apply(self.client, self.environment, engines, progress)

    def down(self) -> list[str]:
        """Remove the twin: everything that carries its label, its sockets, its folder. What was removed."""
        if not self.layout.folder.exists():
            return self.places.remove()
        with exclusively(self.layout.folder, "down"):
            return self._down()

    def _down(self) -> list[str]:
        removed = self.places.remove()
        if self.layout.folder.exists():
            shutil.rmtree(self.layout.folder)
            removed.append(f"folder {self.layout.folder}")
        return removed

    def cluster(self) -> Cluster:
        """The Postgres cluster's REST interface; the caller closes it."""
        database, credentials = self.environment.database, self.environment.credentials
        members = database.members(self.environment.topology)
        return Cluster(members, database.synchronous, credentials.ca_pem, credentials.passwords["rest"])

    def redis(self) -> RedisCluster:
        """The Redis nodes and Sentinels; the caller closes it."""
        declared = self.environment
        return RedisCluster(
            declared.redis_nodes, declared.credentials.ca_pem, declared.credentials.passwords["redis_admin"]
        )

    def alertmanagers(self) -> Alertmanagers:
        """The Alertmanagers of the regions; the caller closes it."""
        credentials, regions = self.environment.credentials, self.environment.topology.regions
        own = credentials.certificates[serving.certificate_name(regions[0].name)]
        addresses = [f"{region.address()}:{ports.ALERTMANAGER}" for region in regions]
        return Alertmanagers(addresses, credentials.ca_pem, own.cert_pem, own.key_pem)

    def prometheuses(self) -> Prometheuses:
        """The Prometheus of each region; the caller closes them."""
        credentials, regions = self.environment.credentials, self.environment.topology.regions
        own = credentials.certificates[f"{regions[0].name}-monitor"]
        addresses = [f"https://{region.address()}:{PROMETHEUS_PORT}" for region in regions]
        return Prometheuses(addresses, shown(credentials.ca_pem, own.cert_pem, own.key_pem))

    def engines(self, places: Sequence[str] | None = None, timeout_s: int = ENGINE_TIMEOUT) -> "Engines":
        """The engines of these places, or of all, for a `with` block; each answers a request within the
        timeout or raises."""
        return Engines(self.places, list(places or self.layout.places), timeout_s)

    @property
    def exists(self) -> bool:
        """Whether any place of the twin has been made."""
        return any(self.places.exists(place) for place in self.layout.places)


class Engines:
    """The clients of the places' engines, closed at the end."""

    def __init__(self, places: Places, names: list[str], timeout_s: int) -> None:
        self._places, self._names, self._timeout_s = places, names, timeout_s
        self._clients: dict[str, docker.DockerClient] = {}

    def __enter__(self) -> Mapping[str, docker.DockerClient]:
        self._clients = {name: self._places.engine(name, self._timeout_s) for name in self._names}
        return self._clients

    def __exit__(self, *_: object) -> None:
        for client in self._clients.values():
            client.close()


def _is_ok(url: str) -> bool:
    try:
        return httpx.get(url, timeout=5, trust_env=False).status_code == 200
    except httpx.HTTPError:
        return False


def _images_of(stack_file: StackFile) -> list[str]:
    return sorted({service["image"] for service in stack_file.compose["services"].values()})
