"""What Prometheus scrapes. Every bound that an objective is held to is the bound of a bucket."""

from collections.abc import Iterator
from contextlib import contextmanager
from time import perf_counter

from prometheus_client import CollectorRegistry, Counter, Histogram

from .tracing import trace_id

BUCKETS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.2, 0.5, 1.0, 2.0, 5.0)
DATABASE_BUCKETS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 3.0)
CACHE_BUCKETS = (0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.2)
PAGE_BUCKETS = (0.5, 1.0, 1.5, 2.0, 3.0, 5.0, 10.0, 30.0)

QUERIES = ("add", "get", "within")
COMMANDS = ("get", "set")
PAYMENT_RESULTS = ("success", "declined", "failure")
SPAN_RESULTS = ("sent", "dropped")


class Metrics:
    """The counters of one API. Those whose labels are known begin at 0: a series that begins with its first
    event does not count it, and before it nobody knows whether anything is measured."""

    def __init__(self, region: str, colour: str) -> None:
        self.registry = CollectorRegistry()
        self._place = (region, colour)
        requests = ("method", "route", "status")
        self._requests = self._counter("http_requests", "Requests answered", *requests)
        self._seconds = self._histogram(
            "http_request_duration_seconds", "Seconds per request", BUCKETS, *requests
        )
        self._writes = self._counter("acknowledged_writes", "Writes acknowledged")
        self._cache = self._counter(
            "cache_requests",
            "Parts of the map asked from the cache: hit, miss, error, or off while it is down",
            "result",
        )
        self._queries = self._histogram(
            "database_query_duration_seconds",
            "Seconds until the database had answered, or had failed to",
            DATABASE_BUCKETS,
            "query",
        )
        self._commands = self._histogram(
            "cache_command_duration_seconds",
            "Seconds until the cache had answered, or had failed to",
            CACHE_BUCKETS,
            "command",
        )
        self._payments = self._counter("payments", "Payments: success, declined or failure", "result")
        self._pages = self._histogram(
            "page_load_duration_seconds", "Seconds until a page had loaded, as browsers tell", PAGE_BUCKETS
        )
        self._spans = self._counter("trace_spans", "Spans of traced requests: sent or dropped", "result")
        self._begin()

    def answered(self, method: str, route: str, status: int, seconds: float) -> None:
        """One request was answered."""
        labels = (method, route, str(status), *self._place)
        self._requests.labels(*labels).inc()
        self._seconds.labels(*labels).observe(seconds, _exemplar())

    def cache_asked(self, result: str) -> None:
        """The cache was asked once: `hit`, `miss`, `error`, or `off`, not asked since it is down."""
        self._cache.labels(result, *self._place).inc()

    def acknowledged(self) -> None:
        """One write was acknowledged."""
        self._writes.labels(*self._place).inc()

    def paid(self, result: str) -> None:
        """One payment was tried, with one of `PAYMENT_RESULTS`."""
        self._payments.labels(result, *self._place).inc()

    def page_loaded(self, seconds: float) -> None:
        """One page had loaded."""
        self._pages.labels(*self._place).observe(seconds)

    def spans(self, result: str, count: int) -> None:
        """So many spans had one of `SPAN_RESULTS`."""
        self._spans.labels(result, *self._place).inc(count)

    @contextmanager
    def querying(self, query: str) -> Iterator[None]:
        """Around one of `QUERIES`."""
        with _timed(self._queries.labels(query, *self._place)):
            yield

    @contextmanager
    def commanding(self, command: str) -> Iterator[None]:
        """Around one of `COMMANDS`."""
        with _timed(self._commands.labels(command, *self._place)):
            yield

    def _begin(self) -> None:
        self._writes.labels(*self._place)
        self._pages.labels(*self._place)
        for query in QUERIES:
            self._queries.labels(query, *self._place)
        for command in COMMANDS:
            self._commands.labels(command, *self._place)
        for result in PAYMENT_RESULTS:
            self._payments.labels(result, *self._place)
        for result in SPAN_RESULTS:
            self._spans.labels(result, *self._place)

    def _counter(self, name: str, told: str, *labels: str) -> Counter:
        return Counter(name, told, [*labels, "region", "colour"], registry=self.registry)

    def _histogram(self, name: str, told: str, buckets: tuple[float, ...], *labels: str) -> Histogram:
        every = [*labels, "region", "colour"]
        return Histogram(name, told, every, buckets=buckets, registry=self.registry)


@contextmanager
def _timed(histogram: Histogram) -> Iterator[None]:
    began = perf_counter()
    try:
        yield
    finally:
        histogram.observe(perf_counter() - began, _exemplar())


def _exemplar() -> dict[str, str] | None:
    """The trace that shows what was just measured; only who asks for OpenMetrics is told."""
    trace = trace_id()
    return {"trace_id": trace} if trace else None
