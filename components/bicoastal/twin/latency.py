"""How long a request takes at a steady rate, and what each hop on its way adds."""

import csv
import io
import statistics
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass

import docker
import httpx

from ..application import route as api
from ..checks.problem import Problem
from ..ingress import nginx
from ..ingress.routes import API_PORT, HTTP_PORT
from ..operations.refusal import OperationFailed, Refused
from ..operations.running_colours import running_colours
from . import edge
from .drills.services import task_label
from .images import build, tag
from .places import Progress
from .project import ENVIRONMENT
from .running import RunningTwin
from .twin import Twin

LIMIT_MS = 50.0
"""The most that 95 of 100 requests may take through the edge, a quarter of what users are promised."""
GENERATOR = "load-generator"
BESIDE = "haproxy-1"
"""The balancer from whose network the load comes: it meets every hop there."""
CLIENTS = 10
"""They ask all at once, each in its turn of the rate: ten requests together, then a pause."""
WARM_UP_S = 2.0
PATH = "/api/pins?bbox=0,0,3,3&limit=5"
"""What is asked: what the map shows, five pins of a small box."""
_PINS = 20
_REACHED = 0.95


@dataclass(frozen=True)
class Hop:
    """One more part on the way to the API, and where a request enters with it as the first."""

    name: str
    url: str


@dataclass(frozen=True)
class Latency:
    """One hop in one run."""

    hop: str
    milliseconds: Sequence[float]
    """Of each answered request after the first two seconds."""
    failed: int
    """Answers with a status of 400 or more."""
    rate_reached: float
    """Answers a second."""

    def percentile(self, percent: int) -> float:
        """The milliseconds within which this share of the requests, 1 to 99, was answered."""
        return statistics.quantiles(self.milliseconds, n=100, method="inclusive")[percent - 1]


@dataclass(frozen=True)
class HopLatency:
    """One hop over all runs."""

    hop: str
    runs: Sequence[Latency]

    def median(self, percent: int) -> float:
        """Of the runs' percentiles, the middle one, in ms."""
        return statistics.median(run.percentile(percent) for run in self.runs)

    def worst(self, percent: int) -> float:
        """Of the runs' percentiles, the highest, in ms."""
        return max(run.percentile(percent) for run in self.runs)

    @property
    def failed(self) -> int:
        """Failed requests of all runs."""
        return sum(run.failed for run in self.runs)

    @property
    def rate_reached(self) -> float:
        """The slowest run's answers a second."""
        return min(run.rate_reached for run in self.runs)


@dataclass(frozen=True)
class Latencies:
    """The whole way, hop by hop from the API outwards."""

    rate: float
    hops: Sequence[HopLatency]

    @property
    def passed(self) -> bool:
        """Whether every run through the edge kept the limit, and no hop failed or held requests back."""
        steady = all(not hop.failed and hop.rate_reached >= _REACHED * self.rate for hop in self.hops)
        return steady and self.hops[-1].worst(95) <= LIMIT_MS

    def added(self, percent: int) -> Iterator[float]:
        """What each hop adds to the median percentile of the way behind it, in ms; the API's is its own."""
        before = 0.0
        for hop in self.hops:
            yield hop.median(percent) - before
            before = hop.median(percent)

    def as_json(self) -> dict[str, object]:
        """For `--json`; milliseconds."""
        hops = [
            {
                "hop": hop.hop,
                "p50_ms": round(hop.median(50), 2),
                "p95_ms": round(hop.median(95), 2),
                "p95_worst_ms": round(hop.worst(95), 2),
                "p99_ms": round(hop.median(99), 2),
                "adds_p50_ms": round(p50, 2),
                "adds_p95_ms": round(p95, 2),
                "failed": hop.failed,
                "rate_reached": round(hop.rate_reached, 1),
            }
            for hop, p50, p95 in zip(self.hops, self.added(50), self.added(95), strict=True)
        ]
        return {"rate": self.rate, "limit_p95_ms": LIMIT_MS, "passed": self.passed, "hops": hops}


def latencies(twin: Twin, rate: float, seconds: float, runs: int, progress: Progress) -> Latencies:
    """Ask at `rate` requests a second for `seconds`, at each hop in turn, and all of it `runs` times.

    The load comes from beside the first balancer of the region that has the primary. Raises `Refused` when
    there is no primary, and `OperationFailed` when a hop does not answer.
    """
    region = _region_of_the_primary(twin)
    image = tag(twin.environment.project.images / GENERATOR)
    build(twin.client, [twin.environment.project.images / GENERATOR], progress)
    twin.places.hand_over({region: [image]}, progress)
    _write_pins(twin.edge.url)
    seen: dict[str, list[Latency]] = {}
    with twin.engines([region]) as engines:
        ask = _asking(engines[region], image, rate, seconds)
        for run in range(1, runs + 1):
            for hop in _hops(twin, region):
                progress(hop.name, f"run {run} of {runs}")
                seen.setdefault(hop.name, []).append(ask(hop))
    return Latencies(rate, [HopLatency(hop, found) for hop, found in seen.items()])


def parse(hop: str, told: str, seconds: float) -> Latency:
    """From the load generator's CSV: a row for each answer. Raises `OperationFailed` without any."""
    rows = [row for row in csv.DictReader(io.StringIO(told)) if float(row["offset"]) >= WARM_UP_S]
    if len(rows) < 2:
        raise OperationFailed(f"{hop} answered nothing; the twin's status may show why")
    return Latency(
        hop,
        [1000 * float(row["response-time"]) for row in rows],
        sum(int(row["status-code"]) >= 400 for row in rows),
        len(rows) / (seconds - WARM_UP_S),
    )


def _hops(twin: Twin, region: str) -> list[Hop]:
    with running_colours(RunningTwin(twin)) as colours:
        live = colours.live()[f"{region}/{BESIDE}"]
    return [
        Hop("API", f"http://{api.NAME}-{live}:{api.PORT}"),
        Hop("HAProxy, inner", f"http://127.0.0.1:{API_PORT}"),
        Hop("Nginx", f"https://{nginx.NAME}:{nginx.PORT}"),
        Hop("HAProxy, outer", f"http://127.0.0.1:{HTTP_PORT}"),
        Hop("edge", f"http://{twin.layout.edge_address}:{edge.PORT}"),
    ]


def _asking(engine: docker.DockerClient, image: str, rate: float, seconds: float) -> Callable[[Hop], Latency]:
    """What asks a hop, from the network of the place's first balancer."""
    label = task_label(f"{ENVIRONMENT}_{BESIDE}")
    beside = engine.containers.list(filters={"label": label})
    if not beside:
        raise OperationFailed("the place's first balancer does not run; the twin's status may show why")

    def ask(hop: Hop) -> Latency:
        options = ["-z", f"{seconds:g}s", "-c", str(CLIENTS), "-q", f"{rate / CLIENTS:g}", "-o", "csv"]
        told = engine.containers.run(
            image,
            [*options, hop.url + PATH],
            network_mode=f"container:{beside[0].id}",
            cap_drop=["ALL"],
            remove=True,
        )
        return parse(hop.name, told.decode(), seconds)

    return ask


def _region_of_the_primary(twin: Twin) -> str:
    with closing(twin.cluster()) as cluster:
        leader = cluster.state().leader
    if leader is None:
        way_out = f"wait for the promotion; see: bicoastal status {twin.layout.name}"
        raise Refused(Problem("latency", "there is no primary", "none", "a running primary", way_out))
    return leader.place


def _write_pins(url: str) -> None:
    """Something to be found; the same pins again at the next time."""
    with httpx.Client(base_url=url, timeout=5, trust_env=False) as http:
        for sequence in range(1, _PINS + 1):
            pin = {"client": "latency", "sequence": sequence, "label": "latency", "latitude": 1}
            http.post("/api/pins", json={**pin, "longitude": 2}).raise_for_status()
