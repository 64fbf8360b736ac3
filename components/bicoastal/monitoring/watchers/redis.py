"""The exporter of Redis and its Sentinel."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NotRequired

import pulumi

from ...cache import redis_nodes
from ...checks.rules import IMAGE, SECRET
from ...component import Component, ComponentArgs
from ...containers import ContainerService
from ...containers.service_args import Limits, LimitsArgs
from ...settings import setting
from ...site import Site, SiteArgs
from ..serving import ports
from ..serving.identity import CA, CERTIFICATE, KEY, NAME, healthy_at, identity
from .credentials import PASSWORD_NAME, ExporterCredentials, ExporterCredentialsArgs
from .node import USER


class RedisExporterArgs(ComponentArgs):
    """What an exporter of Redis is made of."""

    site: SiteArgs
    """Where it runs: beside the place's Redis and its Sentinel."""
    image: pulumi.Input[str]
    """The image with the exporters, pinned."""
    credentials: ExporterCredentialsArgs
    """Its place's certificate, and the password of the user `monitor` of Redis and of Sentinel."""
    limits: NotRequired[LimitsArgs]
    """What it may use. Default: 64 MiB and a quarter of a core."""


@dataclass(frozen=True, kw_only=True)
class RedisExporterSettings:
    """What an exporter of Redis is made of, checked."""

    site: Site
    image: pulumi.Input[str] = setting(IMAGE)
    credentials: ExporterCredentials = setting(SECRET)
    limits: Limits = setting(factory=lambda: Limits(memory_mb=64, cpus=0.25))


class RedisExporter(Component[RedisExporterSettings]):
    """What Prometheus asks about a place's Redis and its Sentinel, which of the two by the address that it
    gives. It comes to them as the user `monitor`, which may ask how they are and read no key.

    It serves on its host's port 9121, by TLS and to whoever shows a certificate of the stack's authority: it
    cannot tell one name from another. It keeps nothing.

    Raises `pulumi.InputPropertiesError` for any argument that breaks its rule.
    """

    service_name: pulumi.Output[str]
    """The service's name in Swarm."""

    def __init__(
        self, name: str, args: RedisExporterArgs, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        super().__init__(name, args, opts, RedisExporterSettings)
        settings, site = self.settings, self.settings.site
        node = next(node for node in redis_nodes(site.topology) if node.place == site.place)
        proof = identity(settings.credentials.certificate, web=False)
        service = ContainerService(
            self.child_name("exporter"),
            self.child_args(
                "exporter",
                {
                    "service_name": site.swarm_name("redis-exporter-1"),
                    "image": settings.image,
                    "user": USER,
                    "network_id": site.network_id,
                    "constraints": site.constraints_on(0),
                    "command": [
                        *("with-password", "REDIS_PASSWORD", PASSWORD_NAME, "prometheus-redis-exporter"),
                        f"-web.listen-address=0.0.0.0:{ports.REDIS}",
                        f"-redis.addr=rediss://{node.address}:{node.port}",
                        f"-redis.user={NAME}",
                        f"-tls-ca-cert-file={CA}",
                        f"-tls-server-ca-cert-file={CA}",
                        f"-tls-server-cert-file={CERTIFICATE}",
                        f"-tls-server-key-file={KEY}",
                        "-include-system-metrics",
                    ],
                    "environment": {"GOMAXPROCS": "1"},
                    "ports": [{"published": ports.REDIS}],
                    "files": proof["files"],
                    "rotation_key": site.rotation_key,
                    "secrets": [
                        *proof["secrets"],
                        {"name": PASSWORD_NAME, "value": settings.credentials.password},
                    ],
                    "health": healthy_at(ports.REDIS, "/health"),
                    "limits": settings.limits,
                },
            ),
            opts=self.child_opts("exporter"),
        )
        self.service_name = service.service_name
        self.register_outputs({"service_name": self.service_name})

    @classmethod
    def children_of(cls, settings: RedisExporterSettings) -> Sequence[str]:
        return ("exporter",)
