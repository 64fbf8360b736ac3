"""The exporter of hosts."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, NotRequired

import pulumi

from ...address_plan import MOST_HOSTS
from ...application.api import WORKERS_LIMIT_S
from ...checks.problem import Problem
from ...checks.rules import IMAGE, SECRET, between
from ...checks.services import hosts_have_an_engine
from ...component import Component, ComponentArgs
from ...containers import ContainerService
from ...containers.service_args import Limits, LimitsArgs
from ...settings import setting
from ...site import Site, SiteArgs
from ..serving import ports
from ..serving.certificate import WatcherCertificate, WatcherCertificateArgs
from ..serving.identity import WEB, healthy_at, identity

USER = "10009:10009"
WORKERS = "node-exporter-workers"
COLLECTORS = (
    *("cpu", "diskstats", "filefd", "filesystem", "loadavg", "meminfo", "netdev", "netstat", "pressure"),
    *("sockstat", "stat", "textfile", "time", "timex", "uname", "vmstat"),
)
"""What it reads of the host."""
PROC = (
    *("stat", "meminfo", "loadavg", "vmstat", "diskstats", "pressure", "sys/fs/file-nr"),
    *("1/mounts", "1/mountinfo"),
)
"""What is told in `/proc` of the host as a whole, and nothing of its processes."""


def _told(source: str, path: str, what: str) -> dict[str, str]:
    return {"source": source, "path": path, "reason": f"{what} told there alone"}


HOST = [
    *(_told(f"/proc/{name}", f"/host/proc/{name}", "the host's state is") for name in PROC),
    # Of the host's first process, for every container has a network of its own.
    _told("/proc/1/net", "/host/proc/net", "the host's own network is"),
    _told("/sys", "/host/sys", "the host's devices are"),
    # A file that root alone may read, for its file system's size.
    _told("/var/lib/docker/volumes/metadata.db", "/host/root/var/lib/docker/volumes", "the volumes' room is"),
]
"""What of the host is handed in, to be read only."""


class NodeExporterArgs(ComponentArgs):
    """What an exporter of a host is made of."""

    site: SiteArgs
    """Where it runs."""
    image: pulumi.Input[str]
    """The image with the exporters, pinned."""
    certificate: WatcherCertificateArgs
    """Its place's, naming `localhost` and `monitor`."""
    number: NotRequired[int]
    """On which of the place's hosts it runs, counted from 1. Default: 1."""
    workers: NotRequired[bool]
    """Whether it runs on every worker instead. Needs the place's `docker_host`. Default: false."""
    limits: NotRequired[LimitsArgs]
    """What it may use. Default: 64 MiB and a quarter of a core."""


@dataclass(frozen=True, kw_only=True)
class NodeExporterSettings:
    """What an exporter of a host is made of, checked."""

    site: Site
    image: pulumi.Input[str] = setting(IMAGE)
    certificate: WatcherCertificate = setting(SECRET)
    number: int = setting(between(1, MOST_HOSTS, "(the number of a host)"), default=1)
    workers: bool = setting(default=False)
    limits: Limits = setting(factory=lambda: Limits(memory_mb=64, cpus=0.25))

    def problems(self) -> Iterator[Problem]:
        """What is wrong between the fields."""
        if self.workers:
            yield from hosts_have_an_engine("workers", self.site.place, self.site.here.docker_host, "worker")
        elif self.number > self.site.here.hosts:
            yield Problem(
                "number",
                f"{self.site.place} has no such host",
                str(self.number),
                f"1 to {self.site.here.hosts}",
                "raise the place's hosts in the topology",
            )


class NodeExporter(Component[NodeExporterSettings]):
    """What Prometheus asks about a host: processor, memory, disks, network, pressure and clock. It is a user
    without rights; of the host it is handed what tells of it as a whole, to be read only, and no process.

    It serves on its host's port 9100, by TLS and to whoever shows a certificate with the name `monitor`. It
    keeps nothing.

    Raises `pulumi.InputPropertiesError` for any argument that breaks its rule.
    """

    service_name: pulumi.Output[str]
    """The service's name in Swarm."""

    def __init__(self, name: str, args: NodeExporterArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__(name, args, opts, NodeExporterSettings)
        settings, site = self.settings, self.settings.site
        short_name = WORKERS if settings.workers else f"node-exporter-{settings.number}"
        service = ContainerService(
            self.child_name("exporter"),
            self.child_args(
                "exporter",
                {
                    "service_name": site.swarm_name(short_name),
                    "image": settings.image,
                    "user": USER,
                    "network_id": site.network_id,
                    **self._where(),
                    "command": [
                        "prometheus-node-exporter",
                        f"--web.listen-address=0.0.0.0:{ports.NODE}",
                        f"--web.config.file={WEB}",
                        "--path.procfs=/host/proc",
                        "--path.sysfs=/host/sys",
                        "--path.rootfs=/host/root",
                        "--collector.disable-defaults",
                        *(f"--collector.{name}" for name in COLLECTORS),
                        "--no-collector.netdev.netlink",
                        "--collector.netdev.device-exclude=^veth",
                        "--collector.filesystem.mount-points-include=^/(var/lib/docker(/volumes)?)?$",
                        "--log.level=warn",
                    ],
                    # Of the several threads that it would start, one does.
                    "environment": {"GOMAXPROCS": "1"},
                    "ports": [{"published": ports.NODE}],
                    "host_paths": HOST,
                    **identity(settings.certificate),
                    "rotation_key": site.rotation_key,
                    "health": healthy_at(ports.NODE, "/"),
                    "limits": settings.limits,
                },
            ),
            opts=self.child_opts("exporter"),
        )
        self.service_name = service.service_name
        self.register_outputs({"service_name": self.service_name})

    def _where(self) -> dict[str, Any]:
        site, here = self.settings.site, self.settings.site.here
        if not self.settings.workers:
            return {"constraints": site.constraints_on(self.settings.number - 1)}
        return {
            "constraints": site.constraints_on_workers,
            "every_host": {"docker_host": here.docker_host, "ssh_options": here.ssh_options},
            "converge_timeout_s": WORKERS_LIMIT_S,
        }

    @classmethod
    def children_of(cls, settings: NodeExporterSettings) -> Sequence[str]:
        return ("exporter",)
