"""The regional balancer: HAProxy, for the API and for the way to the primary."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import NotRequired

import pulumi

from ..checks.problem import Problem
from ..checks.rules import IMAGE, PASSWORD, PEM, between
from ..checks.services import no_port_twice
from ..component import Component, ComponentArgs
from ..containers import ContainerService
from ..containers.service_args import Limits, LimitsArgs
from ..settings import setting
from ..site import Site, SiteArgs
from .configuration import CA, HTTP_PORT, METRICS_PORT, haproxy_configuration
from .routes import HttpRoute, HttpRouteArgs, TcpRoute, TcpRouteArgs

USER = "10004:10004"


class BalancerArgs(ComponentArgs):
    """What a balancer is made of."""

    site: SiteArgs
    """Where it runs; it needs the place's overlay network to find tasks."""
    image: pulumi.Input[str]
    """The image with HAProxy, pinned."""
    authority: pulumi.Input[str]
    """The certificate of the authority that checked servers' certificates come from, PEM."""
    number: NotRequired[int]
    """Which of its place's balancers it is, counted from 1; it runs on that host. Default: 1."""
    http_routes: NotRequired[list[HttpRouteArgs]]
    """HTTP to tasks in this place, all on port 8080, so at most one. Default: none."""
    tcp_routes: NotRequired[list[TcpRouteArgs]]
    """TCP to members in all places. Default: none."""
    redis_check_password: NotRequired[pulumi.Input[str]]
    """Of Redis' user `check`: a secret of 16 to 512 characters. Needed where a TCP route is checked by Redis.
    Default: none."""
    limits: NotRequired[LimitsArgs]
    """What it may use. Default: 128 MiB and one core."""


@dataclass(frozen=True, kw_only=True)
class BalancerSettings:
    """What a balancer is made of, checked."""

    site: Site
    image: pulumi.Input[str] = setting(IMAGE)
    authority: pulumi.Input[str] = setting(PEM)
    number: int = setting(between(1, 5, "(the number of a balancer)"), default=1)
    http_routes: list[HttpRoute] = setting(factory=list)
    tcp_routes: list[TcpRoute] = setting(factory=list)
    redis_check_password: pulumi.Input[str] | None = setting(PASSWORD, default=None)
    limits: Limits = setting(factory=lambda: Limits(memory_mb=128))

    @property
    def ports(self) -> list[int]:
        """The ports that it takes on its host."""
        return [*([HTTP_PORT] * len(self.http_routes)), *(r.port for r in self.tcp_routes), METRICS_PORT]

    def problems(self) -> Iterator[Problem]:
        """What is wrong between the fields."""
        yield from no_port_twice(self.ports)
        if self.redis_check_password is None and any(route.health.of_redis for route in self.tcp_routes):
            yield Problem(
                "redis_check_password",
                "missing",
                "nothing",
                "the password of Redis' user 'check'",
                "give it: a TCP route is checked by Redis",
            )
        if self.number > self.site.here.hosts:
            yield Problem(
                "number",
                f"{self.site.place} has no host for it",
                str(self.number),
                f"1 to {self.site.here.hosts}",
                "one balancer per host: add hosts or ask for fewer",
            )


class Balancer(Component[BalancerSettings]):
    """One HAProxy of a place, on a host of its own. It balances the API's tasks, and sends database clients
    to whichever member of either region is the writable primary, cutting their sessions when it is no more.

    It keeps nothing. Its metrics are at `:8404/metrics`.

    Raises `pulumi.InputPropertiesError` for any argument that breaks its rule.
    """

    http_address: pulumi.Output[str]
    """`host:port` for HTTP."""
    metrics_address: pulumi.Output[str]
    """`host:port` of the metrics endpoint."""

    def __init__(self, name: str, args: BalancerArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__(name, args, opts, BalancerSettings)
        settings, site = self.settings, self.settings.site
        host = settings.number - 1
        short_name = f"haproxy-{settings.number}"
        ContainerService(
            self.child_name("haproxy"),
            self.child_args(
                "haproxy",
                {
                    "service_name": site.swarm_name(short_name),
                    "image": settings.image,
                    "user": USER,
                    "network_id": site.network_id,
                    # Clients dial a route by its name and find every balancer of the place.
                    "aliases": [short_name, *(route.name for route in settings.tcp_routes)],
                    "constraints": site.constraints_on(host),
                    "ports": [{"published": port} for port in settings.ports],
                    "tmpfs": [{"path": "/run/haproxy"}],
                    "files": [
                        {
                            "name": "haproxy",
                            "path": "/etc/haproxy/haproxy.cfg",
                            "content": haproxy_configuration(
                                site.place, settings.http_routes, settings.tcp_routes
                            ),
                        },
                        {"name": "ca", "path": CA, "content": settings.authority},
                    ],
                    "rotation_key": site.rotation_key,
                    "secrets": self._secrets(),
                    "health": {
                        "command": [
                            *("curl", "--silent", "--fail", "--output", "/dev/null", "--max-time", "4"),
                            f"http://127.0.0.1:{METRICS_PORT}/healthz",
                        ]
                    },
                    "limits": settings.limits,
                },
            ),
            opts=self.child_opts("haproxy"),
        )
        address = site.here.address(host)
        self.http_address = pulumi.Output.from_input(f"{address}:{HTTP_PORT}")
        self.metrics_address = pulumi.Output.from_input(f"{address}:{METRICS_PORT}")
        self.register_outputs({"http_address": self.http_address, "metrics_address": self.metrics_address})

    def _secrets(self) -> list[dict[str, object]]:
        password = self.settings.redis_check_password
        return [] if password is None else [{"name": "redis-check-password", "value": password}]

    @classmethod
    def children_of(cls, settings: BalancerSettings) -> Sequence[str]:
        return ("haproxy",)
