"""The hardened proxy between the balancer's two passes: Nginx, and the firewall's place."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import NotRequired

import pulumi

from ..certificate import Certificate, CertificateArgs
from ..checks.rules import IMAGE, SECRET, between
from ..component import Component, ComponentArgs
from ..containers import ContainerService
from ..containers.service_args import Limits, LimitsArgs
from ..settings import setting
from ..site import Site, SiteArgs
from ..templates import render
from .request_limits import RequestLimits, RequestLimitsArgs
from .routes import ALIAS, API_PORT, API_TIMEOUT_S, HttpRouteArgs

NAME = "nginx"
"""The service's name on the network, and the name that its certificate carries."""
PORT = 8443
MOST_TASKS = 10
"""The most tasks in a region that a balancer has a place for."""
USER = "10006:10006"
CERTIFICATE = "/etc/nginx/certificate.pem"
KEY = "/run/secrets/key"
HEALTH_PATH = "/nginx-health"
TIMEOUT_S = API_TIMEOUT_S + 5
"""Each pass waits a little longer than the one behind it, so that the innermost says what took too long."""
DRAIN_S = 4
"""How long a task that stops is still there for the balancer to see it: two checks and their timeout."""


class WebProxyArgs(ComponentArgs):
    """What the proxy is made of."""

    site: SiteArgs
    """Where it runs; it needs the place's overlay network to find the balancer."""
    image: pulumi.Input[str]
    """The image with Nginx, pinned."""
    certificate: CertificateArgs
    """Its certificate, naming `nginx`: the balancer verifies it."""
    replicas: NotRequired[pulumi.Input[int]]
    """How many tasks run in this place, 1 to 10. Default: 2."""
    requests: NotRequired[RequestLimitsArgs]
    """What one client may ask. Default: 200 requests per second with bursts of 400, bodies of 1 MiB."""
    limits: NotRequired[LimitsArgs]
    """What one task may use. Default: 128 MiB and one core; as many workers as cores."""


@dataclass(frozen=True, kw_only=True)
class WebProxySettings:
    """What the proxy is made of, checked."""

    site: Site
    image: pulumi.Input[str] = setting(IMAGE)
    certificate: Certificate = setting(SECRET)
    replicas: pulumi.Input[int] = setting(between(1, MOST_TASKS, "tasks"), default=2)
    requests: RequestLimits = setting(factory=RequestLimits)
    limits: Limits = setting(factory=lambda: Limits(memory_mb=128))


class WebProxy(Component[WebProxySettings]):
    """Nginx's tasks in one place: TLS inside the place, security headers on every answer, limits per client
    and against slow ones, one JSON line per request without its query. It sends every request back to the
    balancer, which knows the API's tasks.

    It keeps nothing.

    Raises `pulumi.InputPropertiesError` for any argument that breaks its rule.
    """

    service_name: pulumi.Output[str]
    """The service's name in Swarm."""

    def __init__(self, name: str, args: WebProxyArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__(name, args, opts, WebProxySettings)
        settings, site = self.settings, self.settings.site
        service = ContainerService(
            self.child_name("nginx"),
            self.child_args(
                "nginx",
                {
                    "service_name": site.swarm_name(NAME),
                    "image": settings.image,
                    "user": USER,
                    "network_id": site.network_id,
                    "replicas": settings.replicas,
                    "environment": {"DRAIN": str(DRAIN_S)},
                    "tmpfs": [{"path": "/run/nginx", "size_mb": 64}],
                    "files": [
                        {
                            "name": "conf",
                            "path": "/etc/nginx/nginx.conf",
                            "content": nginx_configuration(
                                site.place, settings.requests, math.ceil(settings.limits.cpus)
                            ),
                        },
                        {"name": "cert", "path": CERTIFICATE, "content": settings.certificate.certificate},
                    ],
                    "secrets": [{"name": "key", "value": settings.certificate.key}],
                    "rotation_key": site.rotation_key,
                    "health": {
                        "command": [
                            *("curl", "--silent", "--fail", "--insecure", "--output", "/dev/null"),
                            *("--max-time", "4", f"https://127.0.0.1:{PORT}{HEALTH_PATH}"),
                        ]
                    },
                    "limits": settings.limits,
                    "stop_grace_s": DRAIN_S + TIMEOUT_S + 1,
                },
            ),
            opts=self.child_opts("nginx"),
        )
        self.service_name = service.service_name
        self.register_outputs({"service_name": self.service_name})

    @classmethod
    def children_of(cls, settings: WebProxySettings) -> Sequence[str]:
        return ("nginx",)


def certificate_name(place: str) -> str:
    """Whose certificate a place's tasks show."""
    return f"{place}-{NAME}"


def nginx_configuration(place: str, limits: RequestLimits, workers: int = 1) -> str:
    """The text of nginx.conf."""
    return render(
        "bicoastal.ingress",
        "nginx.conf.j2",
        place=place,
        limits=limits,
        workers=workers,
        port=PORT,
        upstream=f"{ALIAS}:{API_PORT}",
        certificate_file=CERTIFICATE,
        key_file=KEY,
        health_path=HEALTH_PATH,
        timeout_s=TIMEOUT_S,
    )


def web_route() -> HttpRouteArgs:
    """The way from the edge to every Nginx task of a place."""
    return {
        "name": "web",
        "service": NAME,
        "port": PORT,
        "tls_name": NAME,
        "timeout_s": TIMEOUT_S + 5,
        "slots": MOST_TASKS,
        "health": {"path": HEALTH_PATH, "interval_s": 1, "timeout_s": 1},
    }
