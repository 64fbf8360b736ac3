"""How a stack is watched, as its declaration says it: what every place's part is given alike."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, NotRequired, TypedDict

import pulumi

from ...checks.problem import Problem
from ...checks.rules import IMAGE, between
from ...checks.services import hosts_have_an_engine
from ...containers.service_args import Limits, LimitsArgs
from ...settings import setting
from ...topology import Topology
from ..logs.declared import Logs, LogsArgs
from ..routing.routes import Routing, RoutingArgs
from .grafana_options import GrafanaOptions, GrafanaOptionsArgs
from .optional import OptionalPart, declared_parts
from .replications import Replications, ReplicationsArgs
from .tracing import Tracing, TracingArgs
from .watched import PAIR, URL


class MonitoringArgs(TypedDict):
    """How a stack is watched."""

    public_urls: NotRequired[list[str]]
    """Addresses that users use, such as `https://api.example.com/ready`: asked every 30 s from every place.
    Default: none."""
    watchers: NotRequired[int]
    """How many Prometheus servers each region has, 1 or 2, each on a host of its own. Default: 2 where the
    region has two hosts, else 1."""
    retention_days: NotRequired[int]
    """Days that samples are kept, 1 to 400. Default: 35."""
    storage_mb: NotRequired[int]
    """MiB that the samples of a server may take, 128 to 1048576. Default: 8192."""
    limits: NotRequired[LimitsArgs]
    """What a Prometheus server may use. Default: 512 MiB and one core."""
    rules: NotRequired[dict[str, str]]
    """Files of rules, by name. Default: none."""
    routing: NotRequired[RoutingArgs]
    """Who is told of what. Default: nobody."""
    grafana: NotRequired[GrafanaOptionsArgs]
    """The pages on which people look at it, in each region. Default: there are none. `{}` is one without
    dashboards."""
    tracing: NotRequired[TracingArgs]
    """How requests are traced, by a Jaeger in each region. Default: they are not."""
    logs: NotRequired[LogsArgs]
    """How containers' logs are kept, and whether containers are told of. Default: logs stay with the
    engines."""
    replications: NotRequired[ReplicationsArgs]
    """Which replications of buckets are watched, in each region by an exporter that asks CloudWatch. Default:
    none."""


@dataclass(frozen=True, kw_only=True)
class Monitoring:
    """How a stack is watched, checked."""

    public_urls: list[str] = setting(URL, factory=list)
    watchers: int | None = setting(between(1, PAIR, "servers"), default=None)
    retention_days: int = setting(between(1, 400, "days"), default=35)
    storage_mb: int = setting(between(128, 1 << 20, "MiB"), default=8192)
    limits: Limits = setting(factory=lambda: Limits(memory_mb=512))
    rules: dict[str, str] = setting(factory=dict)
    routing: Routing | None = None
    grafana: GrafanaOptions | None = None
    tracing: Tracing | None = None
    logs: Logs | None = None
    replications: Replications | None = None

    @property
    def optional_parts(self) -> dict[str, OptionalPart]:
        """The optional watchers that are declared, with what each needs."""
        return declared_parts(vars(self))

    @property
    def watched(self) -> dict[str, Any]:
        """What of it there is to watch."""
        logs = {"logs": self.logs.collector, "containers": self.logs.tells_of_containers} if self.logs else {}
        return {
            "public_urls": self.public_urls,
            "watchers": self.watchers,
            "grafana": self.grafana is not None,
            "tracing": self.tracing is not None,
            "replications": self.replications is not None,
            **logs,
        }

    def problems_of_places(self, topology: Topology) -> Iterator[Problem]:
        """What is wrong between it and where it is."""
        if self.replications is not None:
            yield from self.replications.problems_of_places(topology, "monitoring.replications")
        if self.logs is None:
            return
        regions = [region.name for region in topology.regions]
        for one in topology.places:
            yield from hosts_have_an_engine("monitoring.logs", one.name, one.docker_host)
        for place in self.logs.storage:
            if place not in regions:
                yield Problem(
                    f"monitoring.logs.storage.{place}",
                    "is not a region",
                    repr(place),
                    ", ".join(regions),
                    "name the region whose logs the bucket is for; the witness's go to the primary's",
                )


class WatcherImagesArgs(TypedDict):
    """The watchers' images, each pinned by digest or by a tag of its content."""

    prometheus: pulumi.Input[str]
    """Prometheus 2.53 with promtool."""
    alertmanager: pulumi.Input[str]
    """Alertmanager 0.28 with amtool."""
    exporters: pulumi.Input[str]
    """The exporters of hosts, Postgres and Redis, and the blackbox exporter."""
    grafana: NotRequired[pulumi.Input[str]]
    """Grafana 13, as published. Default: none; needed where there is a group `grafana`."""
    jaeger: NotRequired[pulumi.Input[str]]
    """Jaeger 2. Default: none; needed where requests are traced."""
    loki: NotRequired[pulumi.Input[str]]
    """Loki 3.7. Default: none; needed in a region whose logs are kept."""
    alloy: NotRequired[pulumi.Input[str]]
    """Grafana Alloy. Default: none; needed where it collects logs, and in a region that watches
    replications."""
    promtail: NotRequired[pulumi.Input[str]]
    """Promtail. Default: none; needed where it collects logs."""


@dataclass(frozen=True, kw_only=True)
class WatcherImages:
    """The watchers' images, checked."""

    prometheus: pulumi.Input[str] = setting(IMAGE)
    alertmanager: pulumi.Input[str] = setting(IMAGE)
    exporters: pulumi.Input[str] = setting(IMAGE)
    grafana: pulumi.Input[str] | None = setting(IMAGE, default=None)
    jaeger: pulumi.Input[str] | None = setting(IMAGE, default=None)
    loki: pulumi.Input[str] | None = setting(IMAGE, default=None)
    alloy: pulumi.Input[str] | None = setting(IMAGE, default=None)
    promtail: pulumi.Input[str] | None = setting(IMAGE, default=None)
