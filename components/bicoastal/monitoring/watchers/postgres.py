"""The exporter of Postgres members."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import NotRequired

import pulumi

from ...checks.problem import Problem
from ...checks.rules import IMAGE, SECRET, between
from ...component import Component, ComponentArgs
from ...containers import ContainerService
from ...containers.service_args import Limits, LimitsArgs
from ...database import Member, PostgresCluster, PostgresClusterArgs
from ...settings import setting
from ...site import Site, SiteArgs
from ..serving import ports
from ..serving.identity import CA, NAME, WEB, healthy_at, identity
from .credentials import PASSWORD_NAME, ExporterCredentials, ExporterCredentialsArgs
from .node import USER


class PostgresExporterArgs(ComponentArgs):
    """What an exporter of a Postgres member is made of."""

    site: SiteArgs
    """Where it runs: in a region."""
    image: pulumi.Input[str]
    """The image with the exporters, pinned."""
    credentials: ExporterCredentialsArgs
    """Its place's certificate, and the password of Postgres' role `monitor`."""
    number: NotRequired[int]
    """Which of its region's members it asks, counted from 1; it runs beside it. Default: 1."""
    cluster: NotRequired[PostgresClusterArgs]
    """What all members agree on. Default: two members per region."""
    limits: NotRequired[LimitsArgs]
    """What it may use. Default: 64 MiB and a quarter of a core."""


@dataclass(frozen=True, kw_only=True)
class PostgresExporterSettings:
    """What an exporter of a Postgres member is made of, checked."""

    site: Site
    image: pulumi.Input[str] = setting(IMAGE)
    credentials: ExporterCredentials = setting(SECRET)
    number: int = setting(between(1, 5, "(the number of a member)"), default=1)
    cluster: PostgresCluster = setting(factory=PostgresCluster)
    limits: Limits = setting(factory=lambda: Limits(memory_mb=64, cpus=0.25))

    @property
    def members(self) -> list[Member]:
        """The region's members."""
        everywhere = self.cluster.members(self.site.topology)
        return [member for member in everywhere if member.place == self.site.place]

    def problems(self) -> Iterator[Problem]:
        """What is wrong between the fields."""
        if self.number > len(self.members):
            yield Problem(
                "number",
                f"{self.site.place} has no such member",
                str(self.number),
                f"1 to {len(self.members)}",
                "raise cluster.members_per_region, or name a region",
            )


class PostgresExporter(Component[PostgresExporterSettings]):
    """What Prometheus asks about one Postgres member. It comes to it as the role `monitor`, which may read
    statistics and no row of any table.

    It serves on its host's port 9187, or a later one for a later member, by TLS and to whoever shows a
    certificate with the name `monitor`. It keeps nothing.

    Raises `pulumi.InputPropertiesError` for any argument that breaks its rule.
    """

    service_name: pulumi.Output[str]
    """The service's name in Swarm."""

    def __init__(
        self, name: str, args: PostgresExporterArgs, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        super().__init__(name, args, opts, PostgresExporterSettings)
        settings, site = self.settings, self.settings.site
        member, port = settings.members[settings.number - 1], ports.FIRST_POSTGRES + settings.number - 1
        proof = identity(settings.credentials.certificate)
        service = ContainerService(
            self.child_name("exporter"),
            self.child_args(
                "exporter",
                {
                    "service_name": site.swarm_name(f"postgres-exporter-{settings.number}"),
                    "image": settings.image,
                    "user": USER,
                    "network_id": site.network_id,
                    "constraints": site.constraints_on(member.host),
                    "command": [
                        "prometheus-postgres-exporter",
                        f"--web.listen-address=0.0.0.0:{port}",
                        f"--web.config.file={WEB}",
                        # Everything is said here and in the environment.
                        "--config.file=/dev/null",
                        "--collector.database_wraparound",
                        "--collector.long_running_transactions",
                        "--collector.postmaster",
                        "--log.level=warn",
                    ],
                    "environment": {
                        "DATA_SOURCE_URI": f"{member.address}:{member.port}/{settings.cluster.database}"
                        f"?sslmode=verify-full&sslrootcert={CA}",
                        "DATA_SOURCE_USER": NAME,
                        "DATA_SOURCE_PASS_FILE": f"/run/secrets/{PASSWORD_NAME}",
                        "GOMAXPROCS": "1",
                    },
                    "ports": [{"published": port}],
                    "files": proof["files"],
                    "rotation_key": site.rotation_key,
                    "secrets": [
                        *proof["secrets"],
                        {"name": PASSWORD_NAME, "value": settings.credentials.password},
                    ],
                    "health": healthy_at(port, "/"),
                    "limits": settings.limits,
                },
            ),
            opts=self.child_opts("exporter"),
        )
        self.service_name = service.service_name
        self.register_outputs({"service_name": self.service_name})

    @classmethod
    def children_of(cls, settings: PostgresExporterSettings) -> Sequence[str]:
        return ("exporter",)
