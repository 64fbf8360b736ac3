"""One place's part of the stack."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any, NotRequired

import pulumi

from ..application import BlueGreenApi, api_route
from ..cache import RedisCluster, RedisClusterArgs, RedisMember, redis_route
from ..certificate import Certificate
from ..checks.problem import Problem
from ..checks.rules import SECRET
from ..component import Component, ComponentArgs
from ..containers import OverlayNetwork
from ..database import (
    ConsensusMember,
    Member,
    PostgresCluster,
    PostgresClusterArgs,
    PostgresMember,
    Voter,
    primary_route,
    voters,
)
from ..ingress import Balancer, TcpRouteArgs, WebProxy, web_route
from ..ingress.nginx import certificate_name
from ..monitoring.serving import certificate_name as watchers_certificate
from ..monitoring.watchers import (
    Monitoring,
    MonitoringArgs,
    PlaceMonitoring,
    jaeger_certificate_name,
    span_endpoint,
)
from ..settings import setting
from ..site import Site, SiteArgs
from .parts import (
    ApiOptions,
    ApiOptionsArgs,
    Credentials,
    CredentialsArgs,
    Images,
    ImagesArgs,
    IngressOptions,
    IngressOptionsArgs,
    api_certificate_name,
    every_member_is_certified,
    watchers_have_what_they_need,
)
from .rollout import Rollout

BALANCERS = 2
"""Per region, each on a host of its own; in a place with one host, one."""


class RegionStackArgs(ComponentArgs):
    """What one place's part is made of."""

    site: SiteArgs
    """Which place of which topology; its `network_id` is not used: the part makes its own network."""
    images: ImagesArgs
    """The images."""
    credentials: CredentialsArgs
    """Everything secret."""
    database: NotRequired[PostgresClusterArgs]
    """The Postgres cluster as a whole. Default: two members per region, `sync`, the `wan` profile."""
    cache: NotRequired[RedisClusterArgs]
    """Redis as a whole. Default: 128 MiB of data, a dead master is noticed after 5 s."""
    api: NotRequired[ApiOptionsArgs]
    """How the API runs. Default: two tasks of each colour."""
    ingress: NotRequired[IngressOptionsArgs]
    """How requests come in. Default: two tasks of Nginx, no proxy is trusted."""
    monitoring: NotRequired[MonitoringArgs]
    """How it is watched. Default: it is not."""
    rollout: NotRequired[Rollout]
    """In which order a change reaches the members. Default: `in_turn`."""


@dataclass(frozen=True, kw_only=True)
class RegionStackSettings:
    """What one place's part is made of, checked."""

    site: Site
    images: Images
    credentials: Credentials = setting(SECRET)
    database: PostgresCluster = setting(factory=PostgresCluster)
    cache: RedisCluster = setting(factory=RedisCluster)
    api: ApiOptions = setting(factory=ApiOptions)
    ingress: IngressOptions = setting(factory=IngressOptions)
    monitoring: Monitoring | None = None
    rollout: Rollout = setting(default=Rollout.IN_TURN)

    @property
    def serves(self) -> bool:
        """Whether the place serves users: the witness's does not."""
        return self.site.topology.is_region(self.site.place)

    @property
    def voters(self) -> list[Voter]:
        """The voters in this place."""
        return [voter for voter in voters(self.site.topology) if voter.place == self.site.place]

    @property
    def members(self) -> list[Member]:
        """The Postgres members in this place."""
        everywhere = self.database.members(self.site.topology)
        return [member for member in everywhere if member.place == self.site.place]

    @property
    def balancers(self) -> int:
        """How many balancers the place has."""
        return min(BALANCERS, self.site.here.hosts) if self.serves else 0

    @property
    def tcp_routes(self) -> list[TcpRouteArgs]:
        """What the balancers pass on beside HTTP."""
        topology = self.site.topology
        return [primary_route(self.database, topology), redis_route(topology)]

    def problems(self) -> Iterator[Problem]:
        """What is wrong between the fields."""
        yield from every_member_is_certified(
            self.site.topology,
            self.database,
            list(self.credentials.certificates),
            self.monitoring,
        )
        if self.monitoring is not None:
            yield from watchers_have_what_they_need(self.images, self.credentials, self.monitoring)
            yield from self.monitoring.problems_of_places(self.site.topology)
        yield from self.api.problems_of_workers([self.site.here] if self.serves else [])


class RegionStack(Component[RegionStackSettings]):
    """Everything that runs in one place: its voters, its Redis and, where it serves users, its Postgres
    members, its API in two colours, Nginx and its balancers, on one overlay network. Give it the place's
    Docker provider by `opts`.

    Raises `pulumi.InputPropertiesError` for any argument that breaks its rule, and for a member without a
    certificate.
    """

    http_addresses: pulumi.Output[list[str]]
    """`host:port` of each balancer, for the edge; empty in the witness's place."""

    def __init__(self, name: str, args: RegionStackArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__(name, args, opts, RegionStackSettings)
        network = OverlayNetwork(
            self.child_name("network"),
            self.child_args("network", {"network_name": self.settings.site.swarm_name("internal")}),
            opts=self.child_opts("network"),
        )
        site = replace(self.settings.site, network_id=network.network_id)
        self._add_voters(site)
        self._add_redis(site)
        addresses: list[pulumi.Output[str]] = []
        if self.settings.serves:
            self._add_members(site)
            self._add_api(site)
            self._add_nginx(site)
            addresses = self._add_balancers(site)
        if self.settings.monitoring is not None:
            self._add_watchers(site, self.settings.monitoring)
        self.http_addresses = pulumi.Output.all(*addresses)
        self.register_outputs({"http_addresses": self.http_addresses})

    @classmethod
    def children_of(cls, settings: RegionStackSettings) -> Sequence[str]:
        keys = ["network", *(voter.service for voter in settings.voters), "redis"]
        if settings.serves:
            keys += [member.service for member in settings.members]
            keys += ["api", "nginx", *(f"haproxy-{number}" for number in range(1, settings.balancers + 1))]
        if settings.monitoring is not None:
            keys.append("monitoring")
        return keys

    def _add_voters(self, site: Site) -> None:
        for voter in self.settings.voters:
            ConsensusMember(
                self.child_name(voter.service),
                self.child_args(
                    voter.service,
                    {
                        "site": site,
                        "image": self.settings.images.etcd,
                        "certificate": self.settings.credentials.certificate_of(voter.name),
                        "number": voter.number,
                    },
                ),
                opts=self.child_opts(voter.service),
            )

    def _add_redis(self, site: Site) -> None:
        credentials = self.settings.credentials
        RedisMember(
            self.child_name("redis"),
            self.child_args(
                "redis",
                {
                    "site": site,
                    "image": self.settings.images.redis,
                    "credentials": {
                        "certificate": credentials.certificate_of(f"{site.place}-redis"),
                        "application_password": credentials.redis_application_password,
                        "replication_password": credentials.redis_replication_password,
                        "sentinel_password": credentials.redis_sentinel_password,
                        "check_password": credentials.redis_check_password,
                        "admin_password": credentials.redis_admin_password,
                        "monitor_password": credentials.redis_monitor_password,
                    },
                    "cluster": self.settings.cache,
                },
            ),
            opts=self.child_opts("redis"),
        )

    def _add_members(self, site: Site) -> None:
        credentials = self.settings.credentials
        before: list[PostgresMember] = []
        for member in self.settings.members:
            added = PostgresMember(
                self.child_name(member.service),
                self.child_args(
                    member.service,
                    {
                        "site": site,
                        "image": self.settings.images.postgres,
                        "credentials": {
                            "certificate": credentials.certificate_of(member.name),
                            "superuser_password": credentials.superuser_password,
                            "replication_password": credentials.replication_password,
                            "rewind_password": credentials.rewind_password,
                            "rest_password": credentials.rest_password,
                            "application_password": credentials.application_password,
                            "monitor_password": credentials.monitor_password,
                        },
                        "number": member.number,
                        "cluster": self.settings.database,
                    },
                ),
                opts=self.child_opts(member.service, depends_on=self.settings.rollout.after(before)),
            )
            before = [added]

    def _add_api(self, site: Site) -> None:
        options: dict[str, Any] = {
            key: getattr(self.settings.api, key)
            for key in ("replicas", "workers", "images", "environment", "limits")
        }
        BlueGreenApi(
            self.child_name("api"),
            self.child_args(
                "api",
                {
                    "site": site,
                    "image": self.settings.images.api,
                    "application_password": self.settings.credentials.application_password,
                    "cache_password": self.settings.credentials.redis_application_password,
                    "authority": self.settings.credentials.authority,
                    "database": self.settings.database.database,
                    "role": self.settings.database.role,
                    "tracing": self._tracing(site),
                    **options,
                },
            ),
            opts=self.child_opts("api"),
        )

    def _tracing(self, site: Site) -> dict[str, Any] | None:
        """Where the region's API sends its spans."""
        monitoring, credentials = self.settings.monitoring, self.settings.credentials
        if monitoring is None or monitoring.tracing is None:
            return None
        return {
            "endpoint": span_endpoint(),
            "certificate": credentials.certificate_of(api_certificate_name(site.place)),
            "sample_ratio": monitoring.tracing.sample_ratio,
        }

    def _add_nginx(self, site: Site) -> None:
        options = self.settings.ingress
        WebProxy(
            self.child_name("nginx"),
            self.child_args(
                "nginx",
                {
                    "site": site,
                    "image": self.settings.images.nginx,
                    "certificate": self.settings.credentials.certificate_of(certificate_name(site.place)),
                    "replicas": options.replicas,
                    "requests": options.requests,
                    "limits": options.limits,
                },
            ),
            opts=self.child_opts("nginx"),
        )

    def _add_balancers(self, site: Site) -> list[pulumi.Output[str]]:
        addresses = []
        before: list[Balancer] = []
        for number in range(1, self.settings.balancers + 1):
            key = f"haproxy-{number}"
            balancer = Balancer(
                self.child_name(key),
                self.child_args(
                    key,
                    {
                        "site": site,
                        "image": self.settings.images.haproxy,
                        "authority": self.settings.credentials.authority,
                        "number": number,
                        "http_routes": [web_route(), api_route()],
                        "tcp_routes": self.settings.tcp_routes,
                        "trusted_proxies": self.settings.ingress.trusted_proxies,
                        "tls": self.settings.ingress.tls,
                        "watched_by": self._watchers_certificate(),
                        "redis_check_password": self.settings.credentials.redis_check_password,
                    },
                ),
                opts=self.child_opts(key, depends_on=self.settings.rollout.after(before)),
            )
            before = [balancer]
            addresses.append(balancer.http_address)
        return addresses

    def _watchers_certificate(self) -> Certificate | None:
        settings = self.settings
        if settings.monitoring is None:
            return None
        return settings.credentials.certificate_of(watchers_certificate(settings.site.place))

    def _add_watchers(self, site: Site, monitoring: Monitoring) -> None:
        settings = self.settings
        PlaceMonitoring(
            self.child_name("monitoring"),
            self.child_args(
                "monitoring",
                {
                    "site": site,
                    "images": settings.images.of_watchers,
                    "certificate": self._watchers_certificate(),
                    **settings.credentials.of_watchers,
                    **self._of_tracing(monitoring),
                    "watched": {
                        "database": settings.database,
                        "balancers": BALANCERS,
                        "workers": settings.api.workers is not None,
                        **monitoring.watched,
                    },
                    "monitoring": monitoring,
                },
            ),
            opts=self.child_opts("monitoring"),
        )

    def _of_tracing(self, monitoring: Monitoring) -> dict[str, Any]:
        place, credentials = self.settings.site.place, self.settings.credentials
        if monitoring.tracing is None or not self.settings.serves:
            return {}
        return {
            "jaeger_certificate": credentials.certificate_of(jaeger_certificate_name(place)),
            "span_senders": credentials.certificate_of(api_certificate_name(place)).certificate,
        }
