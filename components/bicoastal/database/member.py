"""One Postgres member: Postgres 17, run by Patroni as the container's first process."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import NotRequired, TypedDict

import pulumi

from ..certificate import Certificate, CertificateArgs
from ..checks.problem import Problem
from ..checks.rules import IMAGE, PASSWORD, SECRET, between
from ..component import Component, ComponentArgs
from ..containers import ContainerService
from ..containers.service_args import Limits, LimitsArgs
from ..settings import setting
from ..site import Site, SiteArgs
from . import patroni
from .cluster import Member, PostgresCluster, PostgresClusterArgs

USER = "10003:10003"
SHARED_MEMORY = "/dev/shm"  # noqa: S108 a path in the container


class PostgresCredentialsArgs(TypedDict):
    """What a member proves itself with. Every password: a secret of 16 to 512 characters."""

    certificate: CertificateArgs
    """Its certificate, naming its address, `localhost` and `postgres`."""
    superuser_password: pulumi.Input[str]
    """Of `postgres`, who comes by the socket only."""
    replication_password: pulumi.Input[str]
    """Of `replication`, which standbys stream as."""
    rewind_password: pulumi.Input[str]
    """Of `rewind`, which pg_rewind reads a new primary as."""
    rest_password: pulumi.Input[str]
    """Of `patroni`, for the REST calls that change something."""
    application_password: pulumi.Input[str]
    """Of the application's role; set once, when the cluster is made."""
    monitor_password: NotRequired[pulumi.Input[str]]
    """Of `monitor`, who may read statistics and no table: the primary makes the role, and gives it another
    password where that has changed. Default: no such role is made."""


class PostgresMemberArgs(ComponentArgs):
    """What a member is made of."""

    site: SiteArgs
    """Where it runs; the topology tells it its peers."""
    image: pulumi.Input[str]
    """The image with Postgres 17 and Patroni 4, pinned."""
    credentials: PostgresCredentialsArgs
    """Certificate and passwords."""
    number: NotRequired[int]
    """Which of its region's members it is, counted from 1. Default: 1."""
    cluster: NotRequired[PostgresClusterArgs]
    """What all members agree on. Default: two members per region, `sync`, the `wan` profile."""
    limits: NotRequired[LimitsArgs]
    """What it may use. Default: 1024 MiB and one core."""


@dataclass(frozen=True, kw_only=True)
class PostgresCredentials:
    """What a member proves itself with, checked."""

    certificate: Certificate = setting(SECRET)
    superuser_password: pulumi.Input[str] = setting(PASSWORD)
    replication_password: pulumi.Input[str] = setting(PASSWORD)
    rewind_password: pulumi.Input[str] = setting(PASSWORD)
    rest_password: pulumi.Input[str] = setting(PASSWORD)
    application_password: pulumi.Input[str] = setting(PASSWORD)
    monitor_password: pulumi.Input[str] | None = setting(PASSWORD, default=None)


@dataclass(frozen=True, kw_only=True)
class PostgresMemberSettings:
    """What a member is made of, checked."""

    site: Site
    image: pulumi.Input[str] = setting(IMAGE)
    credentials: PostgresCredentials = setting(SECRET)
    number: int = setting(between(1, 5, "(the number of a member)"), default=1)
    cluster: PostgresCluster = setting(factory=PostgresCluster)
    limits: Limits = setting(factory=lambda: Limits(memory_mb=1024))

    @property
    def member(self) -> Member:
        """This member among all."""
        return next(
            member
            for member in self.cluster.members(self.site.topology)
            if member.place == self.site.place and member.number == self.number
        )

    def problems(self) -> Iterator[Problem]:
        """What is wrong between the fields."""
        regions = [region.name for region in self.site.topology.regions]
        if self.site.place not in regions:
            yield Problem(
                "site.place",
                "holds no data",
                repr(self.site.place),
                ", ".join(regions),
                "put members into the two regions; the witness only votes",
            )
        elif self.number > self.cluster.members_per_region:
            yield Problem(
                "number",
                "no such member",
                str(self.number),
                f"1 to {self.cluster.members_per_region}",
                "raise cluster.members_per_region",
            )


class PostgresMember(Component[PostgresMemberSettings]):
    """One member of the Postgres cluster: primary or standby, as Patroni and the voters decide. Members
    stream from the primary over TLS, rewind when they were on the losing side, and are cloned anew only
    where a rewind cannot do.

    Its data is the volume `<stack>_postgres-<n>-data` on its host. Replacing the service keeps it; removing
    the volume loses this copy, and with the last copy the data.

    Raises `pulumi.InputPropertiesError` for any argument that breaks its rule.
    """

    address: pulumi.Output[str]
    """`host:port` of this member."""

    def __init__(
        self, name: str, args: PostgresMemberArgs, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        super().__init__(name, args, opts, PostgresMemberSettings)
        settings, site, member = self.settings, self.settings.site, self.settings.member
        credentials, certificate = settings.credentials, settings.credentials.certificate
        service = site.swarm_name(member.service)
        configuration = patroni.member_configuration(settings.cluster, member, site)
        dynamic = patroni.dynamic_settings(settings.cluster)
        ContainerService(
            self.child_name("member"),
            self.child_args(
                "member",
                {
                    "service_name": service,
                    "image": settings.image,
                    "user": USER,
                    "network_id": site.network_id,
                    "constraints": site.constraints_on(member.host),
                    "environment": {
                        **patroni.environment(settings.cluster),
                        "REST_PORT": str(member.rest_port),
                        **({"POSTGRES_PORT": str(member.port)} if self._monitor() else {}),
                    },
                    "ports": [{"published": member.port}, {"published": member.rest_port}],
                    "volumes": [{"name": f"{service}-data", "path": patroni.DATA}],
                    "tmpfs": [
                        {"path": "/tmp", "size_mb": 64},  # noqa: S108 a path in the container
                        {"path": "/run/postgresql"},
                        # Parallel queries share memory here; Docker's 64 MiB are not a limit of ours.
                        {"path": SHARED_MEMORY, "size_mb": max(64, settings.limits.memory_mb // 4)},
                    ],
                    "files": [
                        {"name": "patroni", "path": "/etc/patroni/patroni.yml", "content": configuration},
                        {"name": "dynamic", "path": "/etc/patroni/dynamic.json", "content": dynamic},
                        {"name": "ca", "path": patroni.CA, "content": certificate.authority},
                        {
                            "name": "certificate",
                            "path": patroni.CERTIFICATE,
                            "content": certificate.certificate,
                        },
                    ],
                    "rotation_key": site.rotation_key,
                    "secrets": [
                        {"name": "member-key", "value": certificate.key},
                        {"name": "superuser-password", "value": credentials.superuser_password},
                        {"name": "replication-password", "value": credentials.replication_password},
                        {"name": "rewind-password", "value": credentials.rewind_password},
                        {"name": "rest-password", "value": credentials.rest_password},
                        {"name": "application-password", "value": credentials.application_password},
                        *self._monitor(),
                    ],
                    "health": {"command": ["member-alive"]},
                    "limits": settings.limits,
                    "stop_grace_s": 60,
                },
            ),
            opts=self.child_opts("member"),
        )
        self.address = pulumi.Output.from_input(f"{member.address}:{member.port}")
        self.register_outputs({"address": self.address})

    def _monitor(self) -> list[dict[str, object]]:
        password = self.settings.credentials.monitor_password
        return [{"name": "monitor-password", "value": password}] if password is not None else []

    @classmethod
    def children_of(cls, settings: PostgresMemberSettings) -> Sequence[str]:
        return ("member",)
