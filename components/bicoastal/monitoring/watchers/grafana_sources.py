"""What Grafana is given to read: the files by which it finds its data sources and its dashboards."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from ...topology import Place
from ..rules import EVALUATION_S
from . import ports
from .identity import CA, CERTIFICATE, KEY, NAME

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
LOKI_PORT = 3100
Config = dict[str, Any]
_WATCHER = {"serverName": NAME}
"""By which another watcher is known."""


@dataclass(frozen=True)
class Sources:
    """The data sources of one region's Grafana: all of that region. Each is asked by TLS, with the
    certificate of the region's watchers."""

    here: Place
    servers: int
    """How many Prometheus servers the region has."""
    logs: bool = False
    tracing: bool = False

    def configuration(self) -> Config:
        """As Grafana reads it."""
        return {"apiVersion": 1, "datasources": [*self._all()]}

    def _all(self) -> Iterator[Config]:
        for number in range(1, self.servers + 1):
            yield self._prometheus(number)
        yield _source(
            "Alertmanager",
            ALERTMANAGER_UID,
            "alertmanager",
            self._url(ports.ALERTMANAGER),
            {**_WATCHER, "implementation": "prometheus", "handleGrafanaManagedAlerts": False},
        )
        if self.logs:
            own = {**_WATCHER, **self._traces_of_lines()}
            yield _source("Loki", LOKI_UID, "loki", self._url(LOKI_PORT), own)
        if self.tracing:
            yield _source("Jaeger", JAEGER_UID, "jaeger", JAEGER_URL, {})

    def _prometheus(self, number: int) -> Config:
        """The first is the default, which dashboards begin with; a pair's second has the same."""
        first = number == 1
        name = f"{self.here.name} {number}"
        destination = {"name": TRACE_LABEL, "datasourceUid": JAEGER_UID, "urlDisplayLabel": "The trace"}
        return {
            **_source(
                f"Prometheus {name}",
                PROMETHEUS_UID if first else f"{PROMETHEUS_UID}-{number}",
                "prometheus",
                self._url(ports.PROMETHEUS, number - 1),
                {
                    **_WATCHER,
                    "httpMethod": "POST",
                    "prometheusType": "Prometheus",
                    "timeInterval": f"{EVALUATION_S}s",
                    "manageAlerts": first,
                    "alertmanagerUid": ALERTMANAGER_UID,
                    **({"exemplarTraceIdDestinations": [destination]} if self.tracing else {}),
                },
            ),
            "isDefault": first,
        }

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

    def _url(self, port: int, host: int = 0) -> str:
        return f"https://{self.here.address(host)}:{port}"


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
