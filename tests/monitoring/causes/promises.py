"""What is promised to users, held by a hair: half of what may fail does."""

from collections.abc import Iterator

from bicoastal.monitoring.objectives import Slo, objectives
from infra.objectives import SLOS
from tests.monitoring.causes.series import growing, name, target

PER_S = 100.0
"""Requests, queries, commands and page loads."""


def promises() -> Iterator[tuple[str, str]]:
    """The API's histograms, and its payments."""
    own = {**target("api", "east"), "region": "east", "colour": "blue"}
    held: dict[str, str] = {}
    for slo in objectives(SLOS):
        held |= dict(_latency(slo, own))
    yield from held.items()
    for result, rate in (("success", PER_S), ("failure", PER_S * 0.001), ("declined", PER_S * 0.2)):
        yield name("payments_total", **own, result=result), growing(rate)


def _latency(slo: Slo, own: dict[str, str]) -> Iterator[tuple[str, str]]:
    if slo.latency is None:
        return
    metric = slo.latency.histogram.partition("{")[0]
    labels = {**own, **({"route": "/api/pins", "status": "200"} if slo.group_by else {})}
    slow = PER_S * float(slo.budget) / 2
    yield name(f"{metric}_count", **labels), growing(PER_S)
    yield name(f"{metric}_bucket", **labels, le=f"{slo.latency.threshold_s:g}"), growing(PER_S - slow)
