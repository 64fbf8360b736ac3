"""Grafana: the pages on which people look at what a region's watchers know."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import NotRequired

import pulumi

from ...checks.problem import Problem
from ...checks.rules import IMAGE, SECRET, between
from ...component import Component, ComponentArgs
from ...containers import ContainerService
from ...settings import setting
from ...site import Site, SiteArgs
from ...templates import render
from ..serving import ports
from ..serving.identity import CERTIFICATE, KEY, NAME, as_yaml, healthy_at, identity
from ..serving.memory import soft_limit
from .grafana_options import (
    DATA_MB,
    GrafanaCredentials,
    GrafanaCredentialsArgs,
    GrafanaOptions,
    GrafanaOptionsArgs,
)
from .grafana_sources import Sources, dashboard_paths, dashboard_provider
from .watched import PAIR

USER = "472:472"
ADMIN = "admin"
"""Who comes with the password that it is given."""
DATA = "/var/lib/grafana"
CONFIGURATION = "/etc/grafana/grafana.ini"
PROVISIONING = "/etc/grafana/provisioning"
PASSWORD_NAME = "admin-password"  # noqa: S105 a file's name
MONITOR_PASSWORD_NAME = "monitor-password"  # noqa: S105 a file's name
SECRET_KEY_NAME = "secret-key"  # noqa: S105 a file's name
START_S = 120
"""Seconds in which it makes its tables, which it does at every start."""


class GrafanaArgs(ComponentArgs):
    """What a Grafana is made of."""

    site: SiteArgs
    """Where it runs: on a region's first host."""
    image: pulumi.Input[str]
    """The published image of Grafana 13, on Alpine or Ubuntu, pinned: not a `-slim` one, whose data sources
    are missing, and not a distroless one, which has no curl."""
    credentials: GrafanaCredentialsArgs
    """Its place's certificate, the password of its user and the key under which it encrypts."""
    options: NotRequired[GrafanaOptionsArgs]
    """What it shows, and where people find it. Default: no dashboards, 512 MiB."""
    servers: NotRequired[int]
    """How many Prometheus servers each region has, 1 or 2, on its first hosts. Default: 1."""
    logs: NotRequired[bool]
    """Whether the region has a Loki, on its first host's port 3100. Default: false."""
    tracing: NotRequired[bool]
    """Whether the region has a Jaeger, as `jaeger` on the place's network. Default: false."""


@dataclass(frozen=True, kw_only=True)
class GrafanaSettings:
    """What a Grafana is made of, checked."""

    site: Site
    image: pulumi.Input[str] = setting(IMAGE)
    credentials: GrafanaCredentials = setting(SECRET)
    options: GrafanaOptions = setting(factory=GrafanaOptions)
    servers: int = setting(between(1, PAIR, "servers"), default=1)
    logs: bool = setting(default=False)
    tracing: bool = setting(default=False)

    def problems(self) -> Iterator[Problem]:
        """What is wrong between the fields."""
        yield from self.site.problems_outside_regions("put it where there is a Prometheus to show")
        if self.servers > self.site.here.hosts:
            yield Problem(
                "servers",
                f"{self.site.place} has fewer hosts",
                str(self.servers),
                f"1 to {self.site.here.hosts}",
                "each Prometheus has a host of its own: name as many as there are",
            )


class Grafana(Component[GrafanaSettings]):
    """A region's Grafana. It shows that region: its Prometheus servers, its Alertmanager and, where there are
    any, its Loki and its Jaeger; and what the other region's Prometheus servers know. Everything that it has
    comes from files: what somebody changes in it, as its administrator, ends with its next start.

    It serves on its host's port 3000, by TLS; people come as `admin` with the password that it is given, and
    Prometheus as `monitor` with another. By itself it calls nobody but its data sources.

    It keeps nothing: its tables are in memory, made anew at each start, so that another password counts from
    the next start on. A replacement loses who is logged in.

    Raises `pulumi.InputPropertiesError` for any argument that breaks its rule.
    """

    address: pulumi.Output[str]
    """`host:port` for people and Prometheus."""

    def __init__(self, name: str, args: GrafanaArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__(name, args, opts, GrafanaSettings)
        settings, site, credentials = self.settings, self.settings.site, self.settings.credentials
        proof = identity(credentials.certificate, web=False)
        address = f"{site.here.address()}:{ports.GRAFANA}"
        ContainerService(
            self.child_name("grafana"),
            self.child_args(
                "grafana",
                {
                    "service_name": site.swarm_name("grafana-1"),
                    "image": settings.image,
                    "user": USER,
                    "network_id": site.network_id,
                    "constraints": site.constraints_on(0),
                    "environment": {
                        "GF_SECURITY_ADMIN_PASSWORD__FILE": f"/run/secrets/{PASSWORD_NAME}",
                        "GF_SECURITY_SECRET_KEY__FILE": f"/run/secrets/{SECRET_KEY_NAME}",
                        "GF_METRICS_BASIC_AUTH_USERNAME": NAME,
                        "GF_METRICS_BASIC_AUTH_PASSWORD__FILE": f"/run/secrets/{MONITOR_PASSWORD_NAME}",
                        **soft_limit(settings.options.limits.memory_mb - DATA_MB),
                    },
                    "ports": [{"published": ports.GRAFANA}],
                    "tmpfs": [{"path": "/tmp"}, {"path": DATA, "size_mb": DATA_MB}],  # noqa: S108 its own
                    "files": [*proof["files"], *self._files(address)],
                    "rotation_key": site.rotation_key,
                    "secrets": [
                        *proof["secrets"],
                        {"name": PASSWORD_NAME, "value": credentials.admin_password},
                        {"name": MONITOR_PASSWORD_NAME, "value": credentials.monitor_password},
                        {"name": SECRET_KEY_NAME, "value": credentials.secret_key},
                    ],
                    # The image has curl, on Alpine as on Ubuntu.
                    "health": {**healthy_at(ports.GRAFANA, "/api/health"), "start_period_s": START_S},
                    "limits": settings.options.limits,
                },
            ),
            opts=self.child_opts("grafana"),
        )
        self.address = pulumi.Output.from_input(address)
        self.register_outputs({"address": self.address})

    def _files(self, address: str) -> list[dict[str, object]]:
        settings, options = self.settings, self.settings.options
        paths = dashboard_paths(list(options.dashboards))
        sources = Sources(
            settings.site.topology, settings.site.place, settings.servers, settings.logs, settings.tracing
        )
        configuration = render(
            __package__,
            "grafana.ini.j2",
            port=ports.GRAFANA,
            root_url=options.root_url or f"https://{address}/",
            certificate=CERTIFICATE,
            key=KEY,
            user=ADMIN,
            home=next(iter(paths.values()), None),
        )
        dashboards: list[dict[str, object]] = [
            {"name": name.removesuffix(".json"), "path": paths[name], "content": text}
            for name, text in options.dashboards.items()
        ]
        return [
            {"name": "configuration", "path": CONFIGURATION, "content": configuration},
            {
                "name": "sources",
                "path": f"{PROVISIONING}/datasources/sources.yaml",
                "content": as_yaml(sources.configuration()),
            },
            {
                "name": "provider",
                "path": f"{PROVISIONING}/dashboards/provider.yaml",
                "content": as_yaml(dashboard_provider()),
            },
            *dashboards,
        ]

    @classmethod
    def children_of(cls, settings: GrafanaSettings) -> Sequence[str]:
        return ("grafana",)
