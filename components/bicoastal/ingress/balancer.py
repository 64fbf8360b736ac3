"""The regional balancer: HAProxy, for the API and for the way to the primary."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import NotRequired

import pulumi

from ..certificate import Certificate, CertificateArgs
from ..checks.problem import Problem
from ..checks.rules import IMAGE, NETWORK, PASSWORD, PEM, SECRET, between
from ..checks.services import no_port_twice, one_set_of_colours, tls_is_for_one_route
from ..component import Component, ComponentArgs
from ..containers import ContainerService
from ..containers.service_args import Limits, LimitsArgs
from ..settings import setting
from ..site import Site, SiteArgs
from .configuration import CA, LIVE_MAP, LOCAL_PORT, METRICS_PORT, haproxy_configuration
from .routes import ALIAS, HTTP_PORT, HttpRoute, HttpRouteArgs, TcpRoute, TcpRouteArgs
from .tls import (
    CLIENT_AUTHORITY,
    SECRET_NAME,
    WATCHERS_SECRET,
    BalancerTls,
    BalancerTlsArgs,
    in_one_file,
)

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
    """HTTP to tasks in this place, each on a port of its own. Default: none."""
    tcp_routes: NotRequired[list[TcpRouteArgs]]
    """TCP to members in all places. Default: none."""
    tls: NotRequired[BalancerTlsArgs]
    """TLS for the one published HTTP route, on the host's port 443 and not on the route's own. Default: none,
    the route is plain HTTP."""
    trusted_proxies: NotRequired[list[str]]
    """The edge's networks, as CIDR: what their `X-Forwarded-For` says last is the client's address. From
    anyone else the header is dropped and the client is who connects. Default: none."""
    watched_by: NotRequired[CertificateArgs]
    """The certificate that `/metrics` and `/region-health` are served with, on its host's port 8404: to who
    shows one of the same authority that is made out to `<place>-monitor`. Default: they are not served."""
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
    tls: BalancerTls | None = None
    trusted_proxies: list[str] = setting(NETWORK, factory=list)
    watched_by: Certificate | None = setting(SECRET, default=None)
    redis_check_password: pulumi.Input[str] | None = setting(PASSWORD, default=None)
    limits: Limits = setting(factory=lambda: Limits(memory_mb=128))

    @property
    def published(self) -> dict[int, int]:
        """The ports that it takes on its host, and the port in the container behind each."""
        http = [route.listen for route in self.http_routes if route.published]
        fronts = {port if self.tls is None else self.tls.port: port for port in http}
        return {**fronts, **{port: port for port in self.other_ports}}

    @property
    def other_ports(self) -> list[int]:
        """The host's ports of what is not HTTP for the edge."""
        watchers = [] if self.watched_by is None else [METRICS_PORT]
        return [*(route.port for route in self.tcp_routes), *watchers]

    @property
    def http_port(self) -> int:
        """The host's port for HTTP, with TLS or without."""
        return HTTP_PORT if self.tls is None else self.tls.port

    @property
    def colours(self) -> list[str]:
        """The colours that services come in, the first live one first."""
        return next((route.colours for route in self.http_routes if route.colours), [])

    def problems(self) -> Iterator[Problem]:
        """What is wrong between the fields."""
        yield from no_port_twice([*(route.listen for route in self.http_routes), *self.other_ports])
        fronts = [route.name for route in self.http_routes if route.published]
        if self.tls is not None:
            yield from tls_is_for_one_route(self.tls.port, fronts, self.other_ports)
        yield from one_set_of_colours([route.colours for route in self.http_routes if route.colours])
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
    """One HAProxy of a place, on a host of its own. It balances the tasks of Nginx and of the API, and sends
    database clients to whichever member of either region is the writable primary, cutting their sessions when
    it is no more.

    Where services come in colours it keeps one thing, on a volume of its host: which colour is live. It is
    read and changed by `live-colour` in its container, for requests to come; those in flight end where they
    are. A lost volume makes the first colour live.

    Raises `pulumi.InputPropertiesError` for any argument that breaks its rule.
    """

    http_address: pulumi.Output[str]
    """`host:port` for HTTP."""
    metrics_address: pulumi.Output[str]
    """`host:port` of the metrics, where they are served."""

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
                    # Nginx, and clients of a TCP route by its name, find every balancer of the place.
                    "aliases": [short_name, ALIAS, *(route.name for route in settings.tcp_routes)],
                    "constraints": site.constraints_on(host),
                    "ports": [
                        {"published": port} if port == inside else {"published": port, "target": inside}
                        for port, inside in settings.published.items()
                    ],
                    "tmpfs": [{"path": "/run/haproxy"}],
                    **self._state(site.swarm_name(f"{short_name}-state")),
                    "files": [
                        {
                            "name": "haproxy",
                            "path": "/etc/haproxy/haproxy.cfg",
                            "content": haproxy_configuration(
                                site.place,
                                settings.http_routes,
                                settings.tcp_routes,
                                settings.trusted_proxies,
                                settings.tls,
                                watched=settings.watched_by is not None,
                            ),
                        },
                        {"name": "ca", "path": CA, "content": settings.authority},
                        *self._client_authority(),
                    ],
                    "rotation_key": site.rotation_key,
                    "secrets": self._secrets(),
                    "health": {
                        "command": [
                            *("curl", "--silent", "--fail", "--output", "/dev/null", "--max-time", "4"),
                            f"http://127.0.0.1:{LOCAL_PORT}/healthz",
                        ]
                    },
                    "limits": settings.limits,
                },
            ),
            opts=self.child_opts("haproxy"),
        )
        address = site.here.address(host)
        self.http_address = pulumi.Output.from_input(f"{address}:{settings.http_port}")
        self.metrics_address = pulumi.Output.from_input(f"{address}:{METRICS_PORT}")
        self.register_outputs({"http_address": self.http_address, "metrics_address": self.metrics_address})

    def _state(self, volume: str) -> dict[str, object]:
        colours = self.settings.colours
        if not colours:
            return {}
        return {
            "environment": {"COLOURS": " ".join(colours)},
            "volumes": [{"name": volume, "path": LIVE_MAP.rpartition("/")[0]}],
        }

    def _client_authority(self) -> list[dict[str, object]]:
        tls = self.settings.tls
        if tls is None or tls.client_authority is None:
            return []
        return [{"name": "clients", "path": CLIENT_AUTHORITY, "content": tls.client_authority}]

    def _secrets(self) -> list[dict[str, object]]:
        password, tls, watchers = (
            self.settings.redis_check_password,
            self.settings.tls,
            self.settings.watched_by,
        )
        values = {
            "redis-check-password": password,
            SECRET_NAME: tls.pair if tls else None,
            WATCHERS_SECRET: in_one_file(watchers.certificate, watchers.key) if watchers else None,
        }
        return [{"name": name, "value": value} for name, value in values.items() if value is not None]

    @classmethod
    def children_of(cls, settings: BalancerSettings) -> Sequence[str]:
        return ("haproxy",)
