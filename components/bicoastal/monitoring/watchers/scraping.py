"""What Prometheus asks, and whom: its configuration, from the topology alone."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from ...application.route import NAME as API
from ...application.route import PORT as API_PORT
from ...application.route import Colour
from ...cache import redis_nodes
from ...database import voters
from ...ingress.configuration import METRICS_PORT
from ...topology import Place, Topology
from ..durations import duration
from ..logs.alloy_configuration import CONTAINERS_PATH
from ..routing.inhibitions import alert_relabelling
from ..rules import EVALUATION_S
from ..serving import ports
from ..serving.identity import CLIENT, NAME, WATCHER_CLIENT
from .cloudwatch import PATH as CLOUDWATCH_PATH
from .cloudwatch import SERVICE as CLOUDWATCH
from .watched import Watched

PROBE_S = 30
EXEMPLARS = 50_000
"""Requests with their trace that a server remembers, about 100 bytes each: hours of the API's buckets."""
ON_THE_EDGE = "edge"
"""The place of what users see."""
RULES = "/etc/prometheus/rules"
GRAFANA_PASSWORD_NAME = "grafana-password"  # noqa: S105 a file's name
GRAFANA_PASSWORD = f"/run/secrets/{GRAFANA_PASSWORD_NAME}"
Config = dict[str, Any]


@dataclass(frozen=True)
class Scraping:
    """What one Prometheus asks: all of its own region, what the witness tells of itself, the members of the
    clusters that span the places, and by probes from every place whether the others can be reached."""

    topology: Topology
    place: str
    watched: Watched

    def configuration(self, number: int, rules: Iterable[str]) -> Config:
        """The whole configuration of the region's server with this number; `rules` are the files' names."""
        return {
            "global": {
                "scrape_interval": duration(EVALUATION_S),
                "scrape_timeout": "10s",
                "evaluation_interval": duration(EVALUATION_S),
                "external_labels": {"watcher": self.place, "replica": str(number)},
            },
            "rule_files": [f"{RULES}/{name}" for name in rules],
            "alerting": self._alerting(),
            "scrape_configs": [*self._jobs(), *self._probes()],
            **({"storage": {"exemplars": {"max_exemplars": EXEMPLARS}}} if self.watched.tracing else {}),
        }

    @property
    def _here(self) -> Place:
        return self.topology.place(self.place)

    @property
    def _near(self) -> list[Place]:
        """The places whose exporters are asked: this one, and the witness, which has nobody to ask."""
        witness = self.topology.witness
        return [self._here, *([witness] if witness else [])]

    def _alerting(self) -> Config:
        """Every Alertmanager is told."""
        everywhere = [_at(region.address(), ports.ALERTMANAGER) for region in self.topology.regions]
        return {
            "alert_relabel_configs": alert_relabelling(),
            "alertmanagers": [
                {
                    "scheme": "https",
                    "tls_config": WATCHER_CLIENT,
                    "static_configs": [{"targets": everywhere}],
                }
            ],
        }

    def _jobs(self) -> Iterator[Config]:
        here, near = self._here, self._near
        # What is wrong with a cluster, such as a second primary, shows beside its other members alone.
        members = self.watched.database.members(self.topology)
        yield _watchers("node", [_hosts(place, ports.NODE) for place in near])
        if self.watched.workers:
            yield self._workers("node", "node-exporter-workers", ports.NODE)
        yield _watchers(
            "postgres",
            [
                self._member(_at(member.address, ports.FIRST_POSTGRES + member.number - 1), member)
                for member in members
            ],
        )
        yield _members("patroni", [self._member(_at(m.address, m.rest_port), m) for m in members])
        yield _members("etcd", [self._member(v.client_address, v) for v in voters(self.topology)])
        yield from self._redis()
        yield {
            **_watchers("haproxy", [_group(self._balancers(here), here)]),
            # Places for tasks that are not there say nothing.
            "params": {"no-maint": [""]},
        }
        yield self._api()
        if self.watched.tracing:
            yield self._found("jaeger", ["jaeger"], ports.JAEGER_METRICS)
        servers = range(self.watched.watchers_of(here))
        addresses = [_at(here.address(host), ports.PROMETHEUS) for host in servers]
        yield _watchers("prometheus", [_group(addresses, here)])
        yield _watchers("alertmanager", [_group([_at(here.address(), ports.ALERTMANAGER)], here)])
        if self.watched.grafana:
            known = {"basic_auth": {"username": NAME, "password_file": GRAFANA_PASSWORD}}
            yield {**_watchers("grafana", [_group([_at(here.address(), ports.GRAFANA)], here)]), **known}
        yield _watchers("blackbox", [_group([_blackbox(place)], place) for place in near])
        if self.watched.replications:
            yield self._by_name(
                CLOUDWATCH,
                CLOUDWATCH,
                ports.CLOUDWATCH,
                metrics_path=CLOUDWATCH_PATH,
                # Of what YACE adds, the buckets and the rule alone say which replication it is.
                metric_relabel_configs=[
                    {"regex": "name|region|account_id|account_alias", "action": "labeldrop"}
                ],
            )
        if self.watched.logs is not None:
            yield _watchers("loki", [_group([_at(here.address(), ports.LOKI)], here)])
            yield from self._collectors(self.watched.logs.value)
        if self.watched.containers:
            yield from self._collectors("containers", metrics_path=CONTAINERS_PATH)

    def _member(self, target: str, member: Any) -> Config:
        return _group([target], self.topology.place(member.place), member.name)

    def _balancers(self, region: Place) -> list[str]:
        return [
            _at(region.address(host), METRICS_PORT)
            for host in range(min(self.watched.balancers, region.hosts))
        ]

    def _collectors(self, job: str, **own: Any) -> Iterator[Config]:
        """What collects logs on every host, asked under this job."""
        assert self.watched.logs is not None
        yield {**_watchers(job, [_hosts(place, ports.COLLECTOR) for place in self._near]), **own}
        if self.watched.workers:
            service = f"{self.watched.logs.value}-workers"
            yield {**self._workers(job, service, ports.COLLECTOR), **own}

    def _workers(self, job: str, service: str, port: int) -> Config:
        """Workers have no number and come and go: the network of the place knows them."""
        return self._by_name(job, service, port, job_name=f"{job}-workers")

    def _by_name(self, job: str, service: str, port: int, **own: Any) -> Config:
        """Watchers by their service's name on the network of the place."""
        found = {"names": [service], "type": "A", "port": port}
        return {
            **_watchers(job, []),
            "dns_sd_configs": [found],
            "relabel_configs": [_set("job", job), _set("place", self.place)],
            **own,
        }

    def _redis(self) -> Iterator[Config]:
        """One exporter beside each node asks it and its Sentinel, as it is told."""
        nodes = redis_nodes(self.topology)
        for job in ("redis", "sentinel"):
            groups = [
                _group(
                    [f"rediss://{_at(node.address, node.port if job == 'redis' else node.sentinel_port)}"],
                    self.topology.place(node.place),
                    node.name if job == "redis" else f"{node.place}-sentinel",
                )
                for node in nodes
            ]
            yield {
                **_watchers(job, groups),
                "metrics_path": "/scrape",
                "relabel_configs": [
                    {"source_labels": ["__address__"], "target_label": "__param_target"},
                    {
                        "source_labels": ["__address__"],
                        "regex": "rediss://(.*)",
                        "target_label": "instance",
                    },
                    {
                        "source_labels": ["__address__"],
                        "regex": r"rediss://(.*):\d+",
                        "replacement": f"$1:{ports.REDIS}",
                        "target_label": "__address__",
                    },
                ],
            }

    def _api(self) -> Config:
        """The tasks of both colours."""
        return self._found("api", [f"{API}-{colour.value}" for colour in Colour], API_PORT)

    def _found(self, job: str, names: list[str], port: int) -> Config:
        """Tasks by their names, in plain HTTP: they are reached on the place's own network alone."""
        found = {"names": names, "type": "A", "port": port, "refresh_interval": "15s"}
        return {
            "job_name": job,
            "dns_sd_configs": [found],
            "relabel_configs": [_set("place", self.place)],
        }

    def _probes(self) -> Iterator[Config]:
        if self.watched.public_urls:
            groups = [
                _probe(place, self.watched.public_urls, "public", ON_THE_EDGE)
                for place in self.topology.places
            ]
            yield _probing("probe-public", "http_public", groups)
        if self.watched.balancers:
            yield self._regions()
        for module in ("tcp", "tls"):
            groups = [
                _probe(self._here, [target], "peer", place, member)
                for place, member, target, asked in self._peers()
                if asked == module
            ]
            yield _probing(f"probe-peer-{module}", module, groups)
        if self.watched.tracing:
            yield _probing("probe-tracing", "tls", [self._jaeger()])

    def _jaeger(self) -> Config:
        """The region's own, for the end of its certificate. It is no peer: whether places reach one another
        is not seen by it."""
        here = self._here
        return _probe(here, [_at(here.address(), ports.JAEGER)], "tracing", here.name, f"{here.name}-jaeger")

    def _regions(self) -> Config:
        """From every place: a cut between two of them is not the loss of one."""
        groups = [
            _probe(
                asked,
                [f"https://{address}/region-health"],
                "region",
                region.name,
                f"{region.name}-haproxy-{number}",
            )
            for asked in self.topology.places
            for region in self.topology.regions
            for number, address in enumerate(self._balancers(region), 1)
        ]
        return _probing("probe-region", "region", groups)

    def _peers(self) -> Iterator[tuple[str, str, str, str]]:
        """Place, name, address and module of each member in another place. Postgres speaks before it
        encrypts, so of its certificate nothing is seen."""
        for voter in voters(self.topology):
            yield from self._away(voter.place, voter.name, voter.client_address, "tls")
        for member in self.watched.database.members(self.topology):
            yield from self._away(member.place, member.name, _at(member.address, member.port), "tcp")
        for node in redis_nodes(self.topology):
            yield from self._away(node.place, node.name, _at(node.address, node.port), "tls")
            sentinel = _at(node.address, node.sentinel_port)
            yield from self._away(node.place, f"{node.place}-sentinel", sentinel, "tls")
        for region in self.topology.regions:
            for host in range(self.watched.watchers_of(region)):
                server = _at(region.address(host), ports.PROMETHEUS)
                yield from self._away(region.name, f"{region.name}-prometheus-{host + 1}", server, "tls")
            notifier = _at(region.address(), ports.ALERTMANAGER)
            yield from self._away(region.name, f"{region.name}-alertmanager-1", notifier, "tls")

    def _away(self, place: str, name: str, address: str, module: str) -> Iterator[tuple[str, str, str, str]]:
        if place != self.place:
            yield place, name, address, module


def _at(address: str, port: int) -> str:
    return f"{address}:{port}"


def _blackbox(place: Place) -> str:
    return _at(place.address(), ports.BLACKBOX)


def _set(label: str, value: str) -> Config:
    return {"target_label": label, "replacement": value}


def _group(targets: Sequence[str], place: Place, member: str | None = None) -> Config:
    return {
        "targets": list(targets),
        "labels": {"place": place.name, **({"member": member} if member else {})},
    }


def _hosts(place: Place, port: int) -> Config:
    return _group([_at(place.address(host), port) for host in range(place.hosts)], place)


def _watchers(job: str, groups: Sequence[Config]) -> Config:
    """Whoever has a watcher's certificate."""
    return {
        "job_name": job,
        "scheme": "https",
        "tls_config": WATCHER_CLIENT,
        **({"static_configs": list(groups)} if groups else {}),
    }


def _members(job: str, groups: Sequence[Config]) -> Config:
    """Whoever has a certificate for its address."""
    return {**_watchers(job, groups), "tls_config": CLIENT}


def _probe(asked: Place, targets: Sequence[str], probe: str, place: str, member: str | None = None) -> Config:
    """Targets that the blackbox exporter of the place `asked` is to look at."""
    labels = {"probe": probe, "place": place, "from": asked.name, "__asked": _blackbox(asked)}
    return {"targets": list(targets), "labels": {**labels, **({"member": member} if member else {})}}


def _probing(job: str, module: str, groups: Sequence[Config]) -> Config:
    return {
        **_watchers(job, groups),
        "scrape_interval": duration(PROBE_S),
        "metrics_path": "/probe",
        "params": {"module": [module]},
        "relabel_configs": [
            _set("job", "probe"),
            {"source_labels": ["__address__"], "target_label": "__param_target"},
            {"source_labels": ["__address__"], "target_label": "instance"},
            {"source_labels": ["__asked"], "target_label": "__address__"},
        ],
    }
