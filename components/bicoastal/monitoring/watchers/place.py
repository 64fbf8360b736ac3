"""A place's watchers: its exporters and, where it is a region, Prometheus and Alertmanager."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any, NotRequired

import pulumi

from ...certificate import Certificate, CertificateArgs
from ...checks.problem import Problem
from ...checks.rules import PASSWORD, PEM, PLAIN_PASSWORD, SECRET
from ...component import Component, ComponentArgs
from ...containers.config import add_config
from ...containers.service_args import Made
from ...settings import setting
from ...site import Site, SiteArgs
from ..logs.alloy import Alloy
from ..logs.collector import Collector
from ..logs.loki import Loki
from ..logs.promtail import Promtail
from ..serving.identity import SHARED_CHILDREN, add_shared_identity
from .alertmanager import Alertmanager
from .blackbox import BlackboxExporter
from .cloudwatch import CloudWatchExporter
from .declared import Monitoring, MonitoringArgs, WatcherImages, WatcherImagesArgs
from .grafana import Grafana
from .jaeger import Jaeger
from .node import NodeExporter
from .optional import part_has_what_it_needs
from .postgres import PostgresExporter
from .prometheus import Prometheus
from .redis import RedisExporter
from .watched import Watched, WatchedArgs


class PlaceMonitoringArgs(ComponentArgs):
    """What a place's watchers are made of."""

    site: SiteArgs
    """Which place of which topology, on the place's overlay network."""
    images: WatcherImagesArgs
    """The images."""
    certificate: CertificateArgs
    """The place's, naming its hosts' addresses, `localhost` and `monitor`."""
    monitor_password: NotRequired[pulumi.Input[str]]
    """Of Postgres' role `monitor`: a secret of 16 to 512 characters. Default: none; a region needs it."""
    redis_monitor_password: NotRequired[pulumi.Input[str]]
    """Of Redis' user `monitor`: a secret of 16 to 512 characters. Default: none, Redis is not asked."""
    grafana_admin_password: NotRequired[pulumi.Input[str]]
    """Of Grafana's user `admin`: a secret of 16 to 512 characters without `$` and `%`. Default: none; a
    region with Grafana needs it, and the next."""
    grafana_monitor_password: NotRequired[pulumi.Input[str]]
    """With which Prometheus asks Grafana how it is: a secret of 16 to 512 characters without `$` and `%`.
    Default: none; needed where there is `monitoring.grafana`."""
    grafana_secret_key: NotRequired[pulumi.Input[str]]
    """Under which Grafana encrypts: a secret of 16 to 512 characters without `$` and `%`. Default: none."""
    watched: NotRequired[WatchedArgs]
    """What there is to watch. Default: two Postgres members and balancers per region, no public address."""
    monitoring: NotRequired[MonitoringArgs]
    """How it is watched. Default: samples of 35 days, no rules, nobody is told."""
    jaeger_certificate: NotRequired[CertificateArgs]
    """Jaeger's, naming its host's address, `localhost` and `jaeger`. Default: none; needed in a region whose
    requests are traced, as is the next."""
    span_senders: NotRequired[pulumi.Input[str]]
    """The certificates of those who may send spans, PEM. Default: none."""


@dataclass(frozen=True, kw_only=True)
class PlaceMonitoringSettings:
    """What a place's watchers are made of, checked."""

    site: Site
    images: WatcherImages
    certificate: Certificate = setting(SECRET)
    monitor_password: pulumi.Input[str] | None = setting(PASSWORD, default=None)
    redis_monitor_password: pulumi.Input[str] | None = setting(PASSWORD, default=None)
    grafana_admin_password: pulumi.Input[str] | None = setting(PLAIN_PASSWORD, default=None)
    grafana_monitor_password: pulumi.Input[str] | None = setting(PLAIN_PASSWORD, default=None)
    grafana_secret_key: pulumi.Input[str] | None = setting(PLAIN_PASSWORD, default=None)
    watched: Watched = setting(factory=Watched)
    monitoring: Monitoring = setting(factory=Monitoring)
    jaeger_certificate: Certificate | None = setting(SECRET, default=None)
    span_senders: pulumi.Input[str] | None = setting(PEM, default=None)

    @property
    def serves(self) -> bool:
        """Whether the place is a region."""
        return self.site.topology.is_region(self.site.place)

    @property
    def all_watched(self) -> Watched:
        """What there is to watch, with what `monitoring` brings itself."""
        return replace(
            self.watched, **{name: value for name, value in self.monitoring.watched.items() if value}
        )

    @property
    def members(self) -> int:
        """How many Postgres members the place has."""
        return self.watched.database.members_per_region if self.serves else 0

    @property
    def collectors(self) -> list[str]:
        """The names of the services that collect logs here, or none."""
        logs = self.monitoring.logs
        if logs is None:
            return []
        workers = [f"{logs.collector.value}-workers"] if self.serves and self.watched.workers else []
        return [logs.collector.value, *workers]

    def problems(self) -> Iterator[Problem]:
        """What is wrong between the fields."""
        yield from self.monitoring.problems_of_places(self.site.topology)
        yield from self._problems_of_logs()
        if self.members and self.monitor_password is None:
            yield Problem(
                "monitor_password",
                "missing",
                "nothing",
                "the password of Postgres' role 'monitor'",
                "give it: a region's members are asked",
            )
        if self.shown:
            given = {
                "images.grafana": self.images.grafana,
                "grafana_admin_password": self.grafana_admin_password,
                "grafana_monitor_password": self.grafana_monitor_password,
                "grafana_secret_key": self.grafana_secret_key,
            }
            yield from part_has_what_it_needs("grafana", given)
        if self.traces:
            yield from self._problems_of_tracing()
        if self.asks_cloudwatch:
            yield from part_has_what_it_needs("replications", {"images.alloy": self.images.alloy})

    @property
    def shown(self) -> bool:
        """Whether the place has a Grafana."""
        return self.serves and self.monitoring.grafana is not None

    @property
    def traces(self) -> bool:
        """Whether a Jaeger is here."""
        return self.serves and self.monitoring.tracing is not None

    @property
    def asks_cloudwatch(self) -> bool:
        """Whether the replication of buckets is asked for here."""
        return self.serves and self.monitoring.replications is not None

    def _problems_of_tracing(self) -> Iterator[Problem]:
        needed = {
            "images.jaeger": self.images.jaeger,
            "jaeger_certificate": self.jaeger_certificate,
            "span_senders": self.span_senders,
        }
        yield from part_has_what_it_needs("tracing", needed)

    def _problems_of_logs(self) -> Iterator[Problem]:
        logs = self.monitoring.optional_parts.get("logs")
        if logs is not None:
            images = [name for name in logs.images if self.serves or name != "loki"]
            needed = {f"images.{name}": getattr(self.images, name) for name in images}
            yield from part_has_what_it_needs("logs", needed)


class PlaceMonitoring(Component[PlaceMonitoringSettings]):
    """What watches one place: the exporters of its hosts, members and Redis, the eyes by which other places
    are looked at and, in a region, Prometheus and Alertmanager, which serve by TLS and to watchers alone;
    where it is declared a region has Grafana, too, for people, and Jaeger where requests are traced.

    Raises `pulumi.InputPropertiesError` for any argument that breaks its rule.
    """

    prometheus_addresses: pulumi.Output[list[str]]
    """`host:port` of each Prometheus; empty in the witness's place."""

    def __init__(
        self, name: str, args: PlaceMonitoringArgs, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        super().__init__(name, args, opts, PlaceMonitoringSettings)
        settings = self.settings
        self._certificate = add_shared_identity(self, settings.site, settings.certificate)
        for number in range(1, settings.site.here.hosts + 1):
            self._add(NodeExporter, f"node-exporter-{number}", number=number)
        if settings.serves and settings.watched.workers:
            self._add(NodeExporter, "node-exporter-workers", workers=True)
        for number in range(1, settings.members + 1):
            self._add(
                PostgresExporter,
                f"postgres-exporter-{number}",
                number=number,
                cluster=settings.watched.database,
                **self._credentials(settings.monitor_password),
            )
        if settings.redis_monitor_password is not None:
            self._add(RedisExporter, "redis-exporter", **self._credentials(settings.redis_monitor_password))
        self._add(BlackboxExporter, "blackbox")
        self._add_collectors()
        self._add_jaeger()
        addresses = self._add_servers() if settings.serves else []
        self.prometheus_addresses = pulumi.Output.all(*addresses)
        self.register_outputs({"prometheus_addresses": self.prometheus_addresses})

    @classmethod
    def children_of(cls, settings: PlaceMonitoringSettings) -> Sequence[str]:
        here = settings.site.here
        keys = [*SHARED_CHILDREN, *(f"node-exporter-{number}" for number in range(1, here.hosts + 1))]
        keys += ["node-exporter-workers"] if settings.serves and settings.watched.workers else []
        keys += [f"postgres-exporter-{number}" for number in range(1, settings.members + 1)]
        keys += ["redis-exporter"] if settings.redis_monitor_password is not None else []
        keys += ["blackbox", *settings.collectors, *(["jaeger"] if settings.traces else [])]
        if settings.serves:
            servers = range(1, settings.all_watched.watchers_of(here) + 1)
            rules = range(1, len(settings.monitoring.rules) + 1)
            keys += [f"watchers-rules-{number}" for number in rules]
            keys += ["alertmanager", *(f"prometheus-{number}" for number in servers)]
            keys += ["loki"] if settings.monitoring.logs else []
            keys += ["grafana"] if settings.shown else []
            keys += ["cloudwatch"] if settings.asks_cloudwatch else []
        return keys

    def _add_servers(self) -> list[pulumi.Output[str]]:
        settings, monitoring = self.settings, self.settings.monitoring
        self._add(
            Alertmanager,
            "alertmanager",
            image=settings.images.alertmanager,
            routing=monitoring.routing,
        )
        self._add_loki()
        self._add_grafana()
        self._add_cloudwatch()
        servers = range(1, settings.all_watched.watchers_of(settings.site.here) + 1)
        rules = self._add_rules()
        return [
            self._add(
                Prometheus,
                f"prometheus-{number}",
                image=settings.images.prometheus,
                number=number,
                watched=settings.all_watched,
                rules=monitoring.rules,
                shared_rules=rules,
                retention_days=monitoring.retention_days,
                storage_mb=monitoring.storage_mb,
                limits=monitoring.limits,
                grafana_password=settings.grafana_monitor_password if settings.shown else None,
            ).address
            for number in servers
        ]

    def _add_grafana(self) -> None:
        settings = self.settings
        if not settings.shown:
            return
        declared = settings.monitoring.optional_parts
        self._add(
            Grafana,
            "grafana",
            image=settings.images.grafana,
            credentials={
                "certificate": self._certificate,
                "admin_password": settings.grafana_admin_password,
                "monitor_password": settings.grafana_monitor_password,
                "secret_key": settings.grafana_secret_key,
            },
            options=settings.monitoring.grafana,
            servers=settings.all_watched.watchers_of(settings.site.here),
            logs="logs" in declared,
            tracing="tracing" in declared,
        )

    def _add_cloudwatch(self) -> None:
        settings = self.settings
        if settings.asks_cloudwatch:
            asking = {"certificate": self._certificate, "replications": settings.monitoring.replications}
            self._add(CloudWatchExporter, "cloudwatch", image=settings.images.alloy, asking=asking)

    def _add_rules(self) -> dict[str, Made]:
        """Each file of rules once for all servers of the place."""
        made = {}
        for number, (file, text) in enumerate(self.settings.monitoring.rules.items(), 1):
            key = f"watchers-rules-{number}"
            config = add_config(self, key, self.settings.site.swarm_name(key), text)
            made[file] = Made(id=config.id, name=config.name)
        return made

    def _add_jaeger(self) -> None:
        settings, tracing = self.settings, self.settings.monitoring.tracing
        if settings.traces and tracing is not None:
            self._add(
                Jaeger,
                "jaeger",
                image=settings.images.jaeger,
                certificate=settings.jaeger_certificate,
                senders=settings.span_senders,
                storage=tracing.storage,
                limits=tracing.limits,
            )

    def _add_loki(self) -> None:
        logs = self.settings.monitoring.logs
        if logs is not None:
            self._add(
                Loki,
                "loki",
                image=self.settings.images.loki,
                retention_days=logs.retention_days,
                object_storage=logs.storage.get(self.settings.site.place),
                ingestion=logs.ingestion,
                limits=logs.loki_limits,
            )

    def _add_collectors(self) -> None:
        logs = self.settings.monitoring.logs
        for key in self.settings.collectors:
            assert logs is not None
            common = {
                "image": getattr(self.settings.images, logs.collector.value),
                "workers": key.endswith("-workers"),
                "engine": logs.engine,
                "limits": logs.collector_limits,
            }
            if logs.collector is Collector.PROMTAIL:
                self._add(Promtail, key, **common)
            else:
                self._add(Alloy, key, **common, containers=logs.tells_of_containers)

    def _credentials(self, password: pulumi.Input[str] | None) -> dict[str, Any]:
        return {"credentials": {"certificate": self._certificate, "password": password}}

    def _add(self, kind: Any, key: str, **own: Any) -> Any:
        """A watcher: an exporter, unless it has an image of its own."""
        proof = {} if {"credentials", "asking"} & own.keys() else {"certificate": self._certificate}
        common = {"site": self.settings.site, "image": self.settings.images.exporters, **proof}
        return kind(self.child_name(key), self.child_args(key, {**common, **own}), opts=self.child_opts(key))
