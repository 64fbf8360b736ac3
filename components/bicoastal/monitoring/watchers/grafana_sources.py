"""What Grafana is given to read: the files by which it finds its data sources and its dashboards."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from ...topology import Place, Topology
from ..rules import EVALUATION_S
from ..serving import ports
from ..serving.identity import CA, CERTIFICATE, KEY, NAME

PROMETHEUS_UID = "prometheus"
ALERTMANAGER_UID = "alertmanager"
LOKI_UID = "loki"
JAEGER_UID = "jaeger"
"""What dashboards, links and people's bookmarks know a data source by: never changed."""
TRACE_LABEL = "trace_id"
"""The label of an exemplar, and the field of a log line, that name the request's trace."""
TRACE_IN_LINE = rf'"{TRACE_LABEL}":\s*"([0-9a-f]{{32}})"'
DASHBOARDS = "/etc/grafana/dashboards"
FOLDER = "bicoastal"
JAEGER_URL = "https://jaeger:16686"
"""On the place's own network, by the name that its certificate carries."""
Config = dict[str, Any]
_WATCHER = {"serverName": NAME}
"""By which another watcher is known."""


@dataclass(frozen=True)
class Sources:
    """The data sources of one region's Grafana: all of that region, and the other's Prometheus servers. Each
    is asked by TLS, with the certificate of the region's watchers."""

    topology: Topology
    place: str
    servers: int
    """How many Prometheus servers each region has, on its first hosts."""
    logs: bool = False
    tracing: bool = False

    def configuration(self) -> Config:
        """As Grafana reads it."""
        return {"apiVersion": 1, "datasources": [*self._all()]}

    @property
    def _here(self) -> Place:
        return self.topology.place(self.place)

    def _all(self) -> Iterator[Config]:
        for number in range(1, self.servers + 1):
            yield self._own_server(number)
        yield _source(
            "Alertmanager",
            ALERTMANAGER_UID,
            "alertmanager",
            _url(self._here, ports.ALERTMANAGER),
            {**_WATCHER, "implementation": "prometheus", "handleGrafanaManagedAlerts": False},
        )
        if self.logs:
            own = {**_WATCHER, **self._traces_of_lines()}
            yield _source("Loki", LOKI_UID, "loki", _url(self._here, ports.LOKI), own)
        if self.tracing:
            yield _source("Jaeger", JAEGER_UID, "jaeger", JAEGER_URL, {})
        for region in self.topology.regions:
            if region.name != self.place:
                yield from self._servers_of(region)

    def _own_server(self, number: int) -> Config:
        """The first is the default and has the first name of its type, of which a dashboard takes either; a
        pair's second has the same."""
        first = number == 1
        destination = {"name": TRACE_LABEL, "datasourceUid": JAEGER_UID, "urlDisplayLabel": "The trace"}
        own = {
            "manageAlerts": first,
            "alertmanagerUid": ALERTMANAGER_UID,
            **({"exemplarTraceIdDestinations": [destination]} if self.tracing else {}),
        }
        return {
            **_prometheus(
                "Prometheus" if first else f"Prometheus {number}",
                PROMETHEUS_UID if first else f"{PROMETHEUS_UID}-{number}",
                _url(self._here, ports.PROMETHEUS, number - 1),
                own,
            ),
            "isDefault": first,
        }

    def _servers_of(self, region: Place) -> Iterator[Config]:
        for number in range(1, min(self.servers, region.hosts) + 1):
            yield _prometheus(
                f"Prometheus of {region.name} {number}",
                f"{PROMETHEUS_UID}-{region.name}-{number}",
                _url(region, ports.PROMETHEUS, number - 1),
                {"manageAlerts": False},
            )

    def _traces_of_lines(self) -> Config:
        """A line's trace is a link beside it."""
        if not self.tracing:
            return {}
        link = {
            "name": "Trace",
            "matcherRegex": TRACE_IN_LINE,
            "datasourceUid": JAEGER_UID,
            # Twice, since Grafana puts what its environment has in place of `${...}`.
            "url": "$${__value.raw}",
            "urlDisplayLabel": "The trace",
        }
        return {"derivedFields": [link]}


def dashboard_provider() -> Config:
    """Where dashboards come from: files alone, which nobody changes in the browser."""
    return {
        "apiVersion": 1,
        "providers": [
            {
                "name": FOLDER,
                "orgId": 1,
                "folder": FOLDER,
                "type": "file",
                "disableDeletion": True,
                "allowUiUpdates": False,
                # The files of a running task never change.
                "updateIntervalSeconds": 3600,
                "options": {"path": DASHBOARDS},
            }
        ],
    }


def dashboard_paths(names: Sequence[str]) -> dict[str, str]:
    """Where each dashboard's file stands, by its name."""
    return {name: f"{DASHBOARDS}/{name}" for name in names}


def _url(place: Place, port: int, host: int = 0) -> str:
    return f"https://{place.address(host)}:{port}"


def _prometheus(name: str, uid: str, url: str, own: Config) -> Config:
    every = {"httpMethod": "POST", "prometheusType": "Prometheus", "timeInterval": f"{EVALUATION_S}s"}
    return _source(name, uid, "prometheus", url, {**_WATCHER, **every, **own})


def _source(name: str, uid: str, kind: str, url: str, own: Config) -> Config:
    return {
        "name": name,
        "uid": uid,
        "type": kind,
        "access": "proxy",
        "orgId": 1,
        "url": url,
        "editable": False,
        "jsonData": {"tlsAuth": True, "tlsAuthWithCACert": True, **own},
        "secureJsonData": {
            "tlsCACert": f"$__file{{{CA}}}",
            "tlsClientCert": f"$__file{{{CERTIFICATE}}}",
            "tlsClientKey": f"$__file{{{KEY}}}",
        },
    }
