"""Prometheus: one server of a region, which asks its own region and probes the rest."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import NotRequired

import pulumi

from ...checks.problem import Problem
from ...checks.rules import IMAGE, PASSWORD, SECRET, between
from ...component import Component, ComponentArgs
from ...containers import ContainerService, MadeArgs
from ...containers.service_args import Limits, LimitsArgs, Made
from ...settings import setting
from ...site import Site, SiteArgs
from ..serving import ports
from ..serving.certificate import WatcherCertificate, WatcherCertificateArgs
from ..serving.identity import WEB, as_yaml, healthy_at, identity
from ..serving.memory import soft_limit
from .scraping import GRAFANA_PASSWORD_NAME, RULES, Scraping
from .watched import PAIR, Watched, WatchedArgs

USER = "10007:10007"
DATA = "/var/lib/prometheus"
CONFIGURATION = "/etc/prometheus/prometheus.yaml"
EXEMPLARS = ("--enable-feature=exemplar-storage",)
"""By which samples keep the trace that they come with."""


class PrometheusArgs(ComponentArgs):
    """What a server is made of."""

    site: SiteArgs
    """Where it runs: a region. It needs the place's overlay network to find the API's tasks."""
    image: pulumi.Input[str]
    """The image with Prometheus 2.53 and promtool, pinned."""
    certificate: WatcherCertificateArgs
    """Its place's, naming `localhost` and `monitor`: what it shows to whom it asks, and to who asks it."""
    number: NotRequired[int]
    """Which of its region's servers it is, 1 or 2; it runs on the host of that number. Default: 1."""
    watched: NotRequired[WatchedArgs]
    """What there is to watch. Default: two Postgres members and balancers per region, no public address."""
    rules: NotRequired[dict[str, str]]
    """Files of rules, by name, such as `objectives.yaml`. Default: none."""
    shared_rules: NotRequired[dict[str, MadeArgs]]
    """Those of `rules` that stand in the place's Swarm already, by the file's name. Default: none."""
    grafana_password: NotRequired[pulumi.Input[str]]
    """With which it asks Grafana as `monitor`: a secret of 16 to 512 characters. Default: none; needed where
    `watched` has a Grafana."""
    retention_days: NotRequired[int]
    """Days that samples are kept, 1 to 400: windows of objectives must fit. Default: 35."""
    storage_mb: NotRequired[int]
    """MiB that samples may take, 128 to 1048576: beyond it the oldest go first. Default: 8192."""
    limits: NotRequired[LimitsArgs]
    """What it may use. Default: 512 MiB and one core."""


@dataclass(frozen=True, kw_only=True)
class PrometheusSettings:
    """What a server is made of, checked."""

    site: Site
    image: pulumi.Input[str] = setting(IMAGE)
    certificate: WatcherCertificate = setting(SECRET)
    number: int = setting(between(1, PAIR, "(the number of a server)"), default=1)
    watched: Watched = setting(factory=Watched)
    rules: dict[str, str] = setting(factory=dict)
    shared_rules: dict[str, Made] = setting(factory=dict)
    grafana_password: pulumi.Input[str] | None = setting(PASSWORD, default=None)
    retention_days: int = setting(between(1, 400, "days"), default=35)
    storage_mb: int = setting(between(128, 1 << 20, "MiB"), default=8192)
    limits: Limits = setting(factory=lambda: Limits(memory_mb=512))

    def problems(self) -> Iterator[Problem]:
        """What is wrong between the fields."""
        yield from self.site.problems_outside_regions("the regions' servers ask the witness's exporters too")
        if self.watched.grafana and self.grafana_password is None:
            yield Problem(
                "grafana_password",
                "missing, and there is a Grafana",
                "nothing",
                "the password of Grafana's user 'monitor'",
                "give it, or leave out 'watched.grafana'",
            )
        if self.number > self.site.here.hosts:
            yield Problem(
                "number",
                f"{self.site.place} has no host for it",
                str(self.number),
                f"1 to {self.site.here.hosts}",
                "one server per host: add hosts or ask for fewer",
            )


class Prometheus(Component[PrometheusSettings]):
    """One Prometheus of a region. It asks everything in its region and the witness's exporters every 15 s,
    probes the other places every 30 s, evaluates all rules, and tells every region's Alertmanager. Two of a
    region are a pair: both do everything, and Alertmanager takes their equal alerts for one.

    It serves on its host's port 9090, by TLS and to whoever shows a certificate with the name `monitor`.

    Its data is the volume `<stack>_prometheus-<n>-data` on its host. Losing it loses what this server has
    measured; in a pair the other one still has it.

    Raises `pulumi.InputPropertiesError` for any argument that breaks its rule.
    """

    address: pulumi.Output[str]
    """`host:port` of this server."""

    def __init__(self, name: str, args: PrometheusArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__(name, args, opts, PrometheusSettings)
        settings, site = self.settings, self.settings.site
        service = site.swarm_name(f"prometheus-{settings.number}")
        proof = identity(settings.certificate)
        address = f"{site.here.address(settings.number - 1)}:{ports.PROMETHEUS}"
        ContainerService(
            self.child_name("prometheus"),
            self.child_args(
                "prometheus",
                {
                    "service_name": service,
                    "image": settings.image,
                    "user": USER,
                    "network_id": site.network_id,
                    "constraints": site.constraints_on(settings.number - 1),
                    "arguments": [
                        f"--config.file={CONFIGURATION}",
                        f"--storage.tsdb.path={DATA}/samples",
                        f"--storage.tsdb.retention.time={settings.retention_days}d",
                        f"--storage.tsdb.retention.size={settings.storage_mb}MB",
                        f"--web.listen-address=0.0.0.0:{ports.PROMETHEUS}",
                        f"--web.external-url=https://{address}",
                        f"--web.config.file={WEB}",
                        "--log.level=warn",
                        *(EXEMPLARS if settings.watched.tracing else ()),
                    ],
                    "environment": soft_limit(settings.limits.memory_mb),
                    "ports": [{"published": ports.PROMETHEUS}],
                    "volumes": [{"name": f"{service}-data", "path": DATA}],
                    "files": [*proof["files"], *self._files()],
                    "rotation_key": site.rotation_key,
                    "secrets": [*proof["secrets"], *self._secrets()],
                    "health": healthy_at(ports.PROMETHEUS, "/-/healthy"),
                    "limits": settings.limits,
                    # It writes what it has in memory.
                    "stop_grace_s": 60,
                },
            ),
            opts=self.child_opts("prometheus"),
        )
        self.address = pulumi.Output.from_input(address)
        self.register_outputs({"address": self.address})

    def _files(self) -> list[dict[str, object]]:
        settings, site = self.settings, self.settings.site
        scraping = Scraping(site.topology, site.place, settings.watched)
        configuration = as_yaml(scraping.configuration(settings.number, settings.rules))
        rules: list[dict[str, object]] = [
            {"name": f"rules-{number}", "path": f"{RULES}/{file}", **self._rules(file, text)}
            for number, (file, text) in enumerate(settings.rules.items(), 1)
        ]
        return [{"name": "configuration", "path": CONFIGURATION, "content": configuration}, *rules]

    def _rules(self, file: str, text: str) -> dict[str, object]:
        made = self.settings.shared_rules.get(file)
        return {"content": text} if made is None else {"made": made}

    def _secrets(self) -> list[dict[str, object]]:
        password = self.settings.grafana_password
        return [] if password is None else [{"name": GRAFANA_PASSWORD_NAME, "value": password}]

    @classmethod
    def children_of(cls, settings: PrometheusSettings) -> Sequence[str]:
        return ("prometheus",)
