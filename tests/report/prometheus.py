"""A Prometheus that has counted what a test says, behind its HTTP API."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any
from urllib.parse import parse_qs

import httpx

from bicoastal.monitoring.objectives.incidents import OPENED_BY
from bicoastal.report.period import Period, Span
from bicoastal.report.prometheus import Prometheuses
from bicoastal.report.questions import WATCHED, Questions
from bicoastal.report.report import Report

DAY = Span.until(Period.DAY, datetime(2026, 3, 2, 12, 0, tzinfo=UTC))
TILES = DAY.seconds // 300
Labels = Mapping[str, str]


@dataclass
class Counted:
    """What one of them has: of each series its labels and its value, or its values by moment."""

    place: str = "east"
    objectives: Sequence[tuple[Labels, float]] = ()
    total: Sequence[tuple[Labels, float]] = ()
    """Events, divided by the 300 s of a tile."""
    errors: Sequence[tuple[Labels, float]] = ()
    tiles: Sequence[tuple[Labels, float]] = ()
    total_of_part: Sequence[tuple[Labels, Mapping[int, float]]] = ()
    errors_of_part: Sequence[tuple[Labels, Mapping[int, float]]] = ()
    buckets: Sequence[tuple[Labels, float]] = ()
    firing: Sequence[tuple[Labels, Sequence[int]]] = ()
    watched: Sequence[int] = ()
    asked: list[str] = field(default_factory=list)

    def answer(self, request: httpx.Request, span: Span = DAY) -> httpx.Response:
        """What its API says."""
        path = request.url.path.removeprefix("/api/v1/")
        if path == "status/config":
            return _success({"yaml": f"global:\n  external_labels:\n    watcher: {self.place}\n"})
        form = {name: values[0] for name, values in parse_qs(request.content.decode()).items()}
        query, asked = form["query"], Questions(span)
        self.asked.append(query)
        if path == "query":
            assert int(form["time"]) == span.end_s
            found = {
                asked.objectives: self.objectives,
                asked.total: self.total,
                asked.errors: self.errors,
                asked.tiles: self.tiles,
                asked.buckets: self.buckets,
            }[query]
            return _success(
                {
                    "result": [
                        {"metric": dict(labels), "value": [span.end_s, str(value)]} for labels, value in found
                    ]
                }
            )
        moments = range(int(form["start"]), int(form["end"]) + 1, int(form["step"]))
        assert len(moments) <= 11_000, "Prometheus refuses more"
        series: Mapping[str, Sequence[tuple[Labels, Mapping[int, float]]]] = {
            asked.total_of_part: self.total_of_part,
            asked.errors_of_part: self.errors_of_part,
            OPENED_BY: [(labels, dict.fromkeys(when, 1.0)) for labels, when in self.firing],
            WATCHED: [({}, dict.fromkeys(self.watched, 0.0))],
        }
        return _success(
            {
                "result": [
                    {"metric": dict(labels), "values": [[m, str(values[m])] for m in moments if m in values]}
                    for labels, values in series[query]
                ]
            }
        )


def up(share_failed: float = 0.0, requests: float = 1000.0, measured: float = TILES, **more: Any) -> Counted:
    """One that has counted requests evenly, of which a share failed, and watched all the time."""
    uptime, total = {"slo": "uptime", "owner": "operations"}, requests / 300
    parts = dict.fromkeys(DAY.part_ends, total / len(DAY.part_ends))
    return Counted(
        **{
            "objectives": [(uptime, 0.999)],
            "total": [(uptime, total)],
            "errors": [(uptime, total * share_failed)],
            "tiles": [(uptime, measured)],
            "total_of_part": [({"slo": "uptime"}, parts)],
            "errors_of_part": [
                ({"slo": "uptime"}, {end: each * share_failed for end, each in parts.items()})
            ],
            "watched": range(DAY.start_s + 300, DAY.end_s + 1, 300),
            **more,
        }
    )


def report(*counted: Counted | httpx.Response | Exception, span: Span = DAY) -> Report:
    """The report out of these; a response or an error is what one says to everything."""
    named = {f"prometheus-{number}": each for number, each in enumerate(counted)}

    def handle(request: httpx.Request) -> httpx.Response:
        said = named[request.url.host]
        if isinstance(said, Counted):
            return said.answer(request, span)
        if isinstance(said, Exception):
            raise said
        return said

    with Prometheuses(
        [f"http://{name}:9090" for name in named], transport=httpx.MockTransport(handle)
    ) as asked:
        return Report.of(asked, span)


def _success(data: Any) -> httpx.Response:
    return httpx.Response(200, json={"status": "success", "data": data})
