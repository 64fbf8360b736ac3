"""The exporter that looks from outside: whether addresses answer, as seen from its place."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NotRequired

import pulumi

from ...checks.rules import IMAGE, SECRET
from ...component import Component, ComponentArgs
from ...containers import ContainerService
from ...containers.service_args import Limits, LimitsArgs
from ...settings import setting
from ...site import Site, SiteArgs
from ..serving import ports
from ..serving.certificate import WatcherCertificate, WatcherCertificateArgs
from ..serving.identity import CLIENT, WATCHER_CLIENT, WEB, as_yaml, healthy_at, identity
from .node import USER

CONFIGURATION = "/etc/blackbox/blackbox.yaml"
MODULES = {
    "modules": {
        # What users see: any success, over TLS that a browser would accept.
        "http_public": {
            "prober": "http",
            "timeout": "5s",
            "http": {"preferred_ip_protocol": "ip4", "follow_redirects": True},
        },
        # A region serves, whether or not the primary is in it: `api` and `no primary` are its troubles.
        "region": {
            "prober": "http",
            "timeout": "5s",
            "http": {
                "preferred_ip_protocol": "ip4",
                "valid_status_codes": [200, 503],
                "fail_if_body_not_matches_regexp": ["^(primary|secondary)$"],
                "tls_config": WATCHER_CLIENT,
            },
        },
        "tcp": {"prober": "tcp", "timeout": "5s", "tcp": {"preferred_ip_protocol": "ip4"}},
        # A member of the stack, with its certificate for its address.
        "tls": {
            "prober": "tcp",
            "timeout": "5s",
            "tcp": {"preferred_ip_protocol": "ip4", "tls": True, "tls_config": CLIENT},
        },
    }
}


class BlackboxExporterArgs(ComponentArgs):
    """What a blackbox exporter is made of."""

    site: SiteArgs
    """Where it runs: on the place's first host."""
    image: pulumi.Input[str]
    """The image with the exporters, pinned."""
    certificate: WatcherCertificateArgs
    """Its place's, naming `localhost` and `monitor`; members are shown it, too."""
    limits: NotRequired[LimitsArgs]
    """What it may use. Default: 64 MiB and a quarter of a core."""


@dataclass(frozen=True, kw_only=True)
class BlackboxExporterSettings:
    """What a blackbox exporter is made of, checked."""

    site: Site
    image: pulumi.Input[str] = setting(IMAGE)
    certificate: WatcherCertificate = setting(SECRET)
    limits: Limits = setting(factory=lambda: Limits(memory_mb=64, cpus=0.25))


class BlackboxExporter(Component[BlackboxExporterSettings]):
    """What Prometheus asks to see through the eyes of a place, in four ways: `http_public` for what users
    use, `region` for a balancer, `tcp` and `tls` for members.

    It serves on its host's port 9115, by TLS and to whoever shows a certificate with the name `monitor`. It
    keeps nothing.

    Raises `pulumi.InputPropertiesError` for any argument that breaks its rule.
    """

    service_name: pulumi.Output[str]
    """The service's name in Swarm."""

    def __init__(
        self, name: str, args: BlackboxExporterArgs, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        super().__init__(name, args, opts, BlackboxExporterSettings)
        settings, site = self.settings, self.settings.site
        proof = identity(settings.certificate)
        service = ContainerService(
            self.child_name("exporter"),
            self.child_args(
                "exporter",
                {
                    "service_name": site.swarm_name("blackbox-1"),
                    "image": settings.image,
                    "user": USER,
                    "network_id": site.network_id,
                    "constraints": site.constraints_on(0),
                    "command": [
                        "prometheus-blackbox-exporter",
                        f"--config.file={CONFIGURATION}",
                        f"--web.listen-address=0.0.0.0:{ports.BLACKBOX}",
                        f"--web.config.file={WEB}",
                        "--log.level=warn",
                    ],
                    "environment": {"GOMAXPROCS": "1"},
                    "ports": [{"published": ports.BLACKBOX}],
                    "files": [
                        *proof["files"],
                        {"name": "modules", "path": CONFIGURATION, "content": as_yaml(MODULES)},
                    ],
                    "rotation_key": site.rotation_key,
                    "secrets": proof["secrets"],
                    "health": healthy_at(ports.BLACKBOX, "/-/healthy"),
                    "limits": settings.limits,
                },
            ),
            opts=self.child_opts("exporter"),
        )
        self.service_name = service.service_name
        self.register_outputs({"service_name": self.service_name})

    @classmethod
    def children_of(cls, settings: BlackboxExporterSettings) -> Sequence[str]:
        return ("exporter",)
