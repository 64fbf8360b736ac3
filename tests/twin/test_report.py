"""The service level report out of real Prometheuses, whose data is written beforehand."""

import json
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import docker
import httpx
import pytest

from bicoastal.report.period import Period, Span
from bicoastal.report.questions import Questions
from bicoastal.twin.images import build
from tests.twin.conftest import PROJECT, Command

pytestmark = [pytest.mark.twin, pytest.mark.timeout(300)]

END = datetime(2026, 3, 31, 12, 0, tzinfo=UTC)
SPAN = Span.until(Period.DAY, END)
DAY = ("--period", "day", "--until", f"{END:%Y-%m-%dT%H:%M}")
STEP_S = 60
BEGINS_S = SPAN.start_s - 3600
OUTAGE_S = SPAN.end_s - 6 * 3600
"""From here on all requests fail for five minutes."""
GAP_S = range(SPAN.start_s + 3600, SPAN.start_s + 3 * 3600)
"""The two hours in which the west's did not run."""
UPTIME = {"slo": "uptime", "owner": "operations"}
BUCKETS = {"0.1": 0.5, "0.2": 0.96, "0.5": 0.995, "+Inf": 1.0}
START = (
    "promtool tsdb create-blocks-from openmetrics /data/metrics /tmp/blocks > /dev/null && exec prometheus"
)


@dataclass(frozen=True)
class Course:
    """What one of them recorded."""

    place: str
    rate: float
    """Requests a second."""
    pages: range = range(0)
    """When an alert that pages fired."""
    away: range = range(0)
    """When it did not run."""

    def metrics(self) -> str:
        """All of it in OpenMetrics' form."""
        requests = {"route": "/api/pins", "method": "GET", "instance": "a"}
        lines = [
            *self._series("slo:objective:ratio", UPTIME, lambda _: 0.999),
            *self._series("slo:objective:ratio", {**UPTIME, "slo": "payments"}, lambda _: 0.998),
            *self._series("slo:sli_total:rate5m", UPTIME, lambda _: self.rate),
            *self._series("slo:sli_errors:rate5m", UPTIME, self._failed),
            *self._series("incident:open:bool", {}, lambda _: 0),
            *self._series(
                "ALERTS",
                {"alertname": "UptimeBudgetBurn1h", "alertstate": "firing", "severity": "critical"},
                lambda at: 1 if at in self.pages else None,
            ),
        ]
        for bound, share in BUCKETS.items():
            counted = {**requests, "le": bound}
            lines += self._series(
                "http_request_duration_seconds_bucket",
                counted,
                lambda at, s=share: (at - BEGINS_S) * self.rate * s,
            )
        return "\n".join([*lines, "# EOF", ""])

    def _failed(self, at: int) -> float:
        return self.rate if OUTAGE_S < at <= OUTAGE_S + 300 else 0

    def _series(
        self, name: str, labels: Mapping[str, str], value: Callable[[int], float | None]
    ) -> Iterator[str]:
        listed = ",".join(f'{key}="{text}"' for key, text in labels.items())
        for at in range(BEGINS_S, SPAN.end_s + 1, STEP_S):
            if at not in self.away and (found := value(at)) is not None:
                yield f"{name}{{{listed}}} {found} {at}"


EAST = Course("east", 30, pages=range(OUTAGE_S + 60, OUTAGE_S + 661, STEP_S))
WEST = Course("west", 10, away=GAP_S)


@pytest.fixture(scope="module")
def addresses(client: docker.DockerClient, tmp_path_factory: pytest.TempPathFactory) -> Iterator[list[str]]:
    """Those of the two, in the image that ships."""
    image = build(client, [PROJECT / "images" / "prometheus"], lambda *_: None)["prometheus"]
    started = []
    try:
        for course in (EAST, WEST):
            folder = tmp_path_factory.mktemp(course.place)
            folder.chmod(0o755)
            written(folder, course)
            started.append(
                client.containers.run(
                    image,
                    [
                        *("-c", f'{START} "$@"', "sh", "--config.file=/data/prometheus.yaml"),
                        *("--storage.tsdb.path=/tmp/blocks", "--storage.tsdb.retention.time=10y"),
                    ],
                    entrypoint=["sh"],
                    detach=True,
                    ports={"9090/tcp": ("127.0.0.1", None)},
                    volumes={str(folder): {"bind": "/data", "mode": "ro"}},
                )
            )
        yield [address(container) for container in started]
    finally:
        for container in started:
            container.remove(force=True, v=True)


def written(folder: Path, course: Course) -> None:
    texts = {
        "metrics": course.metrics(),
        "prometheus.yaml": f"global:\n  external_labels: {{watcher: {course.place}, replica: '1'}}\n",
    }
    for name, text in texts.items():
        (folder / name).write_text(text)
        (folder / name).chmod(0o644)


def address(container: Any) -> str:
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        container.reload()
        ports = container.ports.get("9090/tcp")
        if ports:
            url = f"http://127.0.0.1:{ports[0]['HostPort']}"
            try:
                if httpx.get(f"{url}/-/ready", trust_env=False).status_code == 200:
                    return url
            except httpx.TransportError:
                pass
        assert container.status != "exited", container.logs().decode()
        time.sleep(0.2)
    raise AssertionError(f"not ready in time: {container.logs().decode()}")


@pytest.fixture(scope="module")
def made(bicoastal: Command, addresses: list[str]) -> Any:
    """The report of the two as data."""
    asked = [word for url in addresses for word in ("--prometheus", url)]
    result = bicoastal("report", *asked, *DAY, "--format", "json")
    assert result.exit_code == 0, result.output
    return json.loads(result.stdout)


def held(made: Any, slo: str) -> Any:
    (found,) = (each for each in made["objectives"] if each["slo"] == slo)
    return found


def test_the_requests_of_both_are_added_of_every_five_minutes_once(made: Any) -> None:
    tiles_away = len(GAP_S) // 300
    uptime = held(made, "uptime")
    events = EAST.rate * SPAN.seconds + WEST.rate * (SPAN.seconds - tiles_away * 300)
    # Prometheus still gives a value for five minutes after the last one.
    assert uptime["events"]["value"] == pytest.approx(events, abs=WEST.rate * 300)
    assert uptime["failed"]["value"] == pytest.approx((EAST.rate + WEST.rate) * 300)
    good = 1 - uptime["failed"]["value"] / uptime["events"]["value"]
    assert uptime["good"]["value"] == pytest.approx(good)
    assert uptime["is_held"] is False


def test_the_time_that_one_did_not_run_is_told(made: Any) -> None:
    measured = held(made, "uptime")["measured"]
    assert measured["east"]["value"] == 1
    gap = (1 - measured["west"]["value"]) * SPAN.seconds
    assert gap == pytest.approx(len(GAP_S), abs=600)


def test_an_objective_without_records_is_no_data(made: Any) -> None:
    payments = held(made, "payments")
    assert payments["good"] == {"value": None, "query": payments["good"]["query"], "missing": "no data"}
    assert payments["measured"]["east"]["value"] == 0


def test_quantiles_are_those_that_prometheus_itself_gives(made: Any, addresses: list[str]) -> None:
    (endpoint,) = made["latency"]
    query = Questions(SPAN).quantile(0.95)
    answer = httpx.get(
        f"{addresses[0]}/api/v1/query", params={"query": query, "time": SPAN.end_s}, trust_env=False
    ).json()
    (series,) = answer["data"]["result"]
    # Both have the same shares, so that added they give the same.
    assert endpoint["p95_s"]["value"] == pytest.approx(float(series["value"][1]), rel=1e-3)


def test_the_outage_is_one_incident(made: Any) -> None:
    (incident,) = made["incidents"]["found"]
    assert incident["alerts"] == ["UptimeBudgetBurn1h"]
    # What was written beforehand has no mark of its end: the last value holds for five minutes more.
    assert incident["seconds"] == pytest.approx(600 + 300, abs=30)
    assert made["incidents"]["watched"]["value"] == 1


def test_every_query_that_is_shown_is_one_that_prometheus_answers(made: Any, addresses: list[str]) -> None:
    queries = set(shown(made))
    assert len(queries) > 8
    for query in queries:
        answer = httpx.get(f"{addresses[0]}/api/v1/query", params={"query": query}, trust_env=False)
        assert answer.status_code == 200, query


def shown(value: Any) -> Iterator[str]:
    """Every query in the data."""
    if isinstance(value, dict):
        if "query" in value:
            yield value["query"]
        for inner in value.values():
            yield from shown(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from shown(inner)
