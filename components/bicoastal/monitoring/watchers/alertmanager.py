"""Alertmanager: who is told of what Prometheus found, once, from whichever region is left."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import NotRequired

import pulumi

from ...checks.problem import Problem
from ...checks.rules import IMAGE, SECRET
from ...component import Component, ComponentArgs
from ...containers import ContainerService
from ...containers.service_args import Limits, LimitsArgs
from ...settings import setting
from ...site import Site, SiteArgs
from ..routing.configuration import FOLDER as CONFIGURATION
from ..routing.configuration import MESSAGES, alertmanager_configuration, messages
from ..routing.routes import Routing, RoutingArgs
from ..serving import ports
from ..serving.certificate import WatcherCertificate, WatcherCertificateArgs
from ..serving.identity import FOLDER, SERVER, WATCHER_CLIENT, WEB, as_yaml, healthy_at, identity

USER = "10008:10008"
DATA = "/var/lib/alertmanager"
PATHS = {
    "configuration": f"{CONFIGURATION}/alertmanager.yaml",
    "messages": f"{CONFIGURATION}/{MESSAGES}",
}
PEERS_TLS = f"{FOLDER}/peers.yaml"
SERVICE = "alertmanager-1"
NOBODY = as_yaml({"route": {"receiver": "nobody"}, "receivers": [{"name": "nobody"}]})
"""A configuration that tells nobody."""
SETTLE_S = 15
"""Seconds that a server which starts waits for its peers, so that it does not repeat what they have told."""


class AlertmanagerArgs(ComponentArgs):
    """What an Alertmanager is made of."""

    site: SiteArgs
    """Where it runs: on a region's first host. The topology tells it its peers."""
    image: pulumi.Input[str]
    """The image with Alertmanager 0.28 and amtool, pinned."""
    certificate: WatcherCertificateArgs
    """Its place's, naming its address, `localhost` and `monitor`."""
    routing: NotRequired[RoutingArgs]
    """Who is told of what. Default: nobody, what fires is only seen by who looks."""
    limits: NotRequired[LimitsArgs]
    """What it may use. Default: 128 MiB and half a core."""


@dataclass(frozen=True, kw_only=True)
class AlertmanagerSettings:
    """What an Alertmanager is made of, checked."""

    site: Site
    image: pulumi.Input[str] = setting(IMAGE)
    certificate: WatcherCertificate = setting(SECRET)
    routing: Routing | None = None
    limits: Limits = setting(factory=lambda: Limits(memory_mb=128, cpus=0.5))

    @property
    def files(self) -> dict[str, str]:
        """Its configuration: each file's text by its name."""
        told = {"configuration": alertmanager_configuration(self.routing)} if self.routing else {}
        return {"configuration": NOBODY, "messages": messages(), **told}

    @property
    def receiver_secrets(self) -> dict[str, pulumi.Input[str]]:
        """What the configuration names by file."""
        return self.routing.receivers.secrets if self.routing else {}

    def problems(self) -> Iterator[Problem]:
        """What is wrong between the fields."""
        yield from self.site.problems_outside_regions(
            "one in each region is enough: each tells while the other is lost"
        )


class Alertmanager(Component[AlertmanagerSettings]):
    """One region's Alertmanager. Those of both regions are a cluster: each hears of every alert, one tells,
    and the other does when that one is lost. Between them there is only TLS, with both sides' certificates.

    It serves on its host's port 9093, by TLS and to whoever shows a certificate with the name `monitor`.

    Its silences and what it has told are the volume `<stack>_alertmanager-1-data` on its host; a new one gets
    both from its peer.

    Raises `pulumi.InputPropertiesError` for any argument that breaks its rule.
    """

    address: pulumi.Output[str]
    """`host:port` for Prometheus and people."""

    def __init__(self, name: str, args: AlertmanagerArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__(name, args, opts, AlertmanagerSettings)
        settings, site = self.settings, self.settings.site
        service = site.swarm_name(SERVICE)
        proof = identity(settings.certificate)
        address = f"{site.here.address()}:{ports.ALERTMANAGER}"
        peers_tls = as_yaml({"tls_server_config": SERVER, "tls_client_config": WATCHER_CLIENT})
        ContainerService(
            self.child_name("alertmanager"),
            self.child_args(
                "alertmanager",
                {
                    "service_name": service,
                    "image": settings.image,
                    "user": USER,
                    "network_id": site.network_id,
                    "constraints": site.constraints_on(0),
                    "arguments": [
                        f"--config.file={PATHS['configuration']}",
                        f"--storage.path={DATA}",
                        f"--web.listen-address=0.0.0.0:{ports.ALERTMANAGER}",
                        f"--web.external-url=https://{address}",
                        f"--web.config.file={WEB}",
                        *self._cluster(),
                        "--log.level=warn",
                    ],
                    "ports": [{"published": ports.ALERTMANAGER}, {"published": ports.ALERTMANAGER_PEERS}],
                    "volumes": [{"name": f"{service}-data", "path": DATA}],
                    "files": [
                        *proof["files"],
                        {"name": "peers", "path": PEERS_TLS, "content": peers_tls},
                        *(
                            {"name": name, "path": PATHS[name], "content": content}
                            for name, content in settings.files.items()
                        ),
                    ],
                    "rotation_key": site.rotation_key,
                    "secrets": [
                        *proof["secrets"],
                        *(
                            {"name": file, "value": value}
                            for file, value in settings.receiver_secrets.items()
                        ),
                    ],
                    "health": healthy_at(ports.ALERTMANAGER, "/-/healthy"),
                    "limits": settings.limits,
                },
            ),
            opts=self.child_opts("alertmanager"),
        )
        self.address = pulumi.Output.from_input(address)
        self.register_outputs({"address": self.address})

    def _cluster(self) -> list[str]:
        site = self.settings.site
        peers = [region for region in site.topology.regions if region.name != site.place]
        return [
            f"--cluster.listen-address=0.0.0.0:{ports.ALERTMANAGER_PEERS}",
            f"--cluster.advertise-address={site.here.address()}:{ports.ALERTMANAGER_PEERS}",
            *(f"--cluster.peer={peer.address()}:{ports.ALERTMANAGER_PEERS}" for peer in peers),
            f"--cluster.label={site.stack}",
            f"--cluster.settle-timeout={SETTLE_S}s",
            f"--cluster.tls-config={PEERS_TLS}",
        ]

    @classmethod
    def children_of(cls, settings: AlertmanagerSettings) -> Sequence[str]:
        return ("alertmanager",)
