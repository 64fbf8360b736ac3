"""Jaeger: where a region's traces are sent, kept and looked at."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, NotRequired

import pulumi

from ...certificate import Certificate, CertificateArgs
from ...checks.problem import Problem
from ...checks.rules import IMAGE, PEM, SECRET
from ...component import Component, ComponentArgs
from ...containers import ContainerService
from ...containers.service_args import Limits, LimitsArgs
from ...settings import setting
from ...site import Site, SiteArgs
from ...topology import Place
from ..serving import ports
from ..serving.certificate import WatcherCertificate
from ..serving.identity import as_yaml, identity
from ..serving.memory import soft_limit
from .jaeger_configuration import DATA, HEALTH, HEALTH_PATH, SENDERS, configuration
from .tracing import TraceStorage, TraceStorageArgs, TraceStore, default_limits

USER = "10001:10001"
"""The published image's."""
SERVICE = "jaeger"
CONFIGURATION = "/etc/jaeger/jaeger.yaml"


def jaeger_certificate_name(place: str) -> str:
    """By which the certificate of a region's Jaeger is known."""
    return f"{place}-{SERVICE}"


def jaeger_certified_names(place: Place) -> list[str]:
    """The names and addresses that its certificate carries."""
    return [place.address(), "127.0.0.1", "localhost", SERVICE]


class JaegerArgs(ComponentArgs):
    """What a region's Jaeger is made of."""

    site: SiteArgs
    """Where it runs: a region. It needs the place's overlay network to be found by those who send spans."""
    image: pulumi.Input[str]
    """Jaeger 2, such as the published `jaegertracing/jaeger`, pinned: with busybox' wget, for its health
    check, and a `/tmp` that anyone may write."""
    certificate: CertificateArgs
    """Its own, naming its host's address, `localhost` and `jaeger`."""
    senders: NotRequired[pulumi.Input[str]]
    """The certificates of those who may send spans, PEM, each trusted as its own authority. Default: whoever
    shows a certificate of the authority."""
    storage: NotRequired[TraceStorageArgs]
    """Where traces are kept. Default: in memory, the last 20000."""
    limits: NotRequired[LimitsArgs]
    """What it may use; at 80 % of its memory it refuses spans. Default: 512 MiB and half a core."""


@dataclass(frozen=True, kw_only=True)
class JaegerSettings:
    """What a region's Jaeger is made of, checked."""

    site: Site
    image: pulumi.Input[str] = setting(IMAGE)
    certificate: Certificate = setting(SECRET)
    senders: pulumi.Input[str] | None = setting(PEM, default=None)
    storage: TraceStorage = setting(factory=TraceStorage)
    limits: Limits = setting(factory=default_limits)

    def problems(self) -> Iterator[Problem]:
        """What is wrong between the fields."""
        yield from self.site.problems_outside_regions("no requests are served elsewhere")
        yield from self.storage.problems_of_memory(self.limits.memory_mb)


class Jaeger(Component[JaegerSettings]):
    """Jaeger 2 of a region, on its first host: it takes spans by OTLP over HTTP, and keeps and shows traces.

    It takes spans on port 4318 of the place's overlay network, as `https://jaeger:4318`, from whoever is
    named in `senders`. It shows them on its host's port 16686 to whoever shows a certificate of the stack's
    authority: it cannot tell one name from another. Its own figures are on port 8888, in plain HTTP and on
    the overlay network alone.

    In memory, traces end with the process. With `badger` they are the volume `<stack>_jaeger-data` on its
    host; losing it loses the region's traces, which nothing else depends on.

    Raises `pulumi.InputPropertiesError` for any argument that breaks its rule.
    """

    endpoint: pulumi.Output[str]
    """Where spans are sent to, on the place's overlay network."""
    address: pulumi.Output[str]
    """`host:port` of the pages and of the query API."""

    def __init__(self, name: str, args: JaegerArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__(name, args, opts, JaegerSettings)
        settings, site = self.settings, self.settings.site
        proof = identity(WatcherCertificate(**vars(settings.certificate)), web=False)
        ContainerService(
            self.child_name("jaeger"),
            self.child_args(
                "jaeger",
                {
                    "service_name": site.swarm_name(SERVICE),
                    "image": settings.image,
                    "user": USER,
                    "network_id": site.network_id,
                    "constraints": site.constraints_on(0),
                    "arguments": [f"--config={CONFIGURATION}"],
                    "environment": soft_limit(settings.limits.memory_mb),
                    "ports": [{"published": ports.JAEGER}],
                    **self._data(),
                    "files": [*proof["files"], *self._files()],
                    "rotation_key": site.rotation_key,
                    "secrets": proof["secrets"],
                    "health": {
                        "command": [
                            # The words that busybox' wget and GNU's both know.
                            *("wget", "-q", "-T", "4", "-O", "/dev/null"),
                            f"http://{HEALTH}{HEALTH_PATH}",
                        ],
                        "interval_s": 30,
                    },
                    "limits": settings.limits,
                },
            ),
            opts=self.child_opts("jaeger"),
        )
        self.endpoint = pulumi.Output.from_input(span_endpoint())
        self.address = pulumi.Output.from_input(f"{site.here.address()}:{ports.JAEGER}")
        self.register_outputs({"endpoint": self.endpoint, "address": self.address})

    @classmethod
    def children_of(cls, settings: JaegerSettings) -> Sequence[str]:
        return ("jaeger",)

    def _data(self) -> dict[str, Any]:
        """A new volume takes the mode of the image's folder: its user may write `/tmp` alone."""
        if self.settings.storage.kind is TraceStore.MEMORY:
            return {}
        volume = self.settings.site.swarm_name(f"{SERVICE}-data")
        return {"volumes": [{"name": volume, "path": DATA}], "tmpfs": []}

    def _files(self) -> list[dict[str, Any]]:
        settings, senders = self.settings, self.settings.senders
        read = configuration(settings.storage, settings.limits.memory_mb, only_senders=senders is not None)
        named = [] if senders is None else [{"name": "senders", "path": SENDERS, "content": senders}]
        return [{"name": "configuration", "path": CONFIGURATION, "content": as_yaml(read)}, *named]


def span_endpoint() -> str:
    """Where a region's spans are sent to, on its overlay network."""
    return f"https://{SERVICE}:{ports.SPANS}"
