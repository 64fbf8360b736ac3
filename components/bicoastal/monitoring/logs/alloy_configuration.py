"""What Grafana Alloy is told, in its own syntax."""

from ...templates import render
from ..serving.alloy_program import server
from ..serving.identity import WATCHER_CLIENT
from .collecting import BACKOFF_S, RETRIES
from .labelling import CONTAINER, labelling

EXPORTER = "containers"
CONTAINERS_PATH = f"/api/v0/component/prometheus.exporter.cadvisor.{EXPORTER}/metrics"
"""Where Alloy serves what it tells of containers."""


def alloy_configuration(stack: str, place: str, url: str, socket: str, *, containers: bool) -> str:
    """The configuration of an Alloy in this place, which sends to the Loki at `url`."""
    return render(
        __package__,
        "config.alloy.j2",
        server=server(),
        place=place,
        url=url,
        engine=f"unix://{socket}",
        tls=WATCHER_CLIENT,
        rules=labelling(stack),
        metadata=CONTAINER,
        backoff_s=BACKOFF_S,
        retries=RETRIES,
        containers=containers,
        exporter=EXPORTER,
    )
