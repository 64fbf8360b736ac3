"""Grafana Alloy: what reads the containers' logs on each host, and tells of the containers."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, NotRequired

import pulumi

from ...component import Component, ComponentArgs
from ...containers import ContainerService
from ...containers.service_args import LimitsArgs
from ...settings import setting
from ...site import SiteArgs
from ..serving import alloy_program, ports
from ..serving.certificate import WatcherCertificateArgs
from .alloy_configuration import alloy_configuration
from .collecting import CollectorSettings
from .engine import EngineArgs

DATA = "/var/lib/alloy/data"


class AlloyArgs(ComponentArgs):
    """What a place's Alloys are made of."""

    site: SiteArgs
    """Where they run: on each numbered host of the place. It needs the place's `docker_host`."""
    image: pulumi.Input[str]
    """The image with Grafana Alloy 1.9 or later, pinned."""
    certificate: WatcherCertificateArgs
    """Its place's, naming its hosts' addresses, `localhost` and `monitor`."""
    workers: NotRequired[bool]
    """Whether they run on every worker instead. Default: false."""
    containers: NotRequired[bool]
    """Whether they tell of containers: memory, CPU and starts of each. Default: true."""
    engine: NotRequired[EngineArgs]
    """How they reach the engine of their host. Default: `/run/docker.sock`, as group 2375."""
    limits: NotRequired[LimitsArgs]
    """What each may use. Default: 256 MiB and half a core."""


@dataclass(frozen=True, kw_only=True)
class AlloySettings(CollectorSettings):
    """What a place's Alloys are made of, checked."""

    containers: bool = setting(default=True)


class Alloy(Component[AlloySettings]):
    """A place's Grafana Alloys, one on each host, on hosts that come later too. Each reads the logs of its
    host's containers from the engine, and sends them to its region's Loki, from the witness's place to the
    primary region's, by TLS and with its place's certificate. What Loki does not take is sent again for about
    an hour, while further lines wait in the engine's files, 30 MiB a container. `containers` makes it tell of
    the containers, which Prometheus asks for.

    It is a user without rights but for the engine's socket, and who has that socket owns the host: mounted to
    be read only, it still takes every order. So nothing but Alloy runs in the container, it serves by TLS
    alone, and what it may read of the host beside it are control groups and the ids of containers' layers.

    It serves on its host's port 12345, to whoever shows a certificate of the stack's authority: it cannot
    tell one name from another.

    How far it has read is the volume `<stack>_alloy-data` on each host. Losing it sends again what the engine
    still has, which Loki takes for what it is.

    Raises `pulumi.InputPropertiesError` for any argument that breaks its rule.
    """

    service_name: pulumi.Output[str]
    """The service's name in Swarm."""

    def __init__(self, name: str, args: AlloyArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__(name, args, opts, AlloySettings)
        settings, site = self.settings, self.settings.site
        text = alloy_configuration(
            site.stack,
            site.place,
            settings.loki_url,
            settings.engine.socket,
            containers=settings.containers,
        )
        service = ContainerService(
            self.child_name("collector"),
            self.child_args(
                "collector",
                settings.service_on_every_host(
                    "alloy",
                    alloy_program.USER,
                    [{"name": "configuration", "path": alloy_program.CONFIGURATION, "content": text}],
                    command=alloy_program.command(ports.COLLECTOR, DATA),
                    volumes=[{"name": site.swarm_name("alloy-data"), "path": DATA}],
                    host_paths=self._host_paths(),
                ),
            ),
            opts=self.child_opts("collector"),
        )
        self.service_name = service.service_name
        self.register_outputs({"service_name": self.service_name})

    def _host_paths(self) -> list[dict[str, Any]]:
        """What tells of containers' memory and CPU, and by which layers the engine knows them."""
        if not self.settings.containers:
            return []
        layers = f"/var/lib/docker/image/{self.settings.engine.storage_driver}/layerdb/mounts"
        told = {
            "/sys/fs/cgroup": "what containers use is told there alone",
            layers: "cadvisor asks for each container's layer, and makes nothing of a container without it",
        }
        return [{"source": path, "path": path, "reason": reason} for path, reason in told.items()]

    @classmethod
    def children_of(cls, settings: AlloySettings) -> Sequence[str]:
        return ("collector",)
