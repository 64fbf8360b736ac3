"""What Prometheus scrapes."""

from prometheus_client import CollectorRegistry, Counter, Histogram

BUCKETS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.2, 0.5, 1.0, 2.0, 5.0)


class Metrics:
    """The counters of one API."""

    def __init__(self, region: str, colour: str) -> None:
        self.registry = CollectorRegistry()
        labels = ["method", "route", "status", "region", "colour"]
        self._place = (region, colour)
        self._requests = Counter("http_requests", "Requests answered", labels, registry=self.registry)
        self._seconds = Histogram(
            "http_request_duration_seconds",
            "Seconds per request",
            labels,
            buckets=BUCKETS,
            registry=self.registry,
        )
        self._writes = Counter(
            "acknowledged_writes", "Writes acknowledged", ["region", "colour"], registry=self.registry
        )
        self._cache = Counter(
            "cache_requests",
            "Parts of the map asked from the cache: hit, miss, error, or off while it is down",
            ["result", "region", "colour"],
            registry=self.registry,
        )

    def answered(self, method: str, route: str, status: int, seconds: float) -> None:
        """One request was answered."""
        labels = (method, route, str(status), *self._place)
        self._requests.labels(*labels).inc()
        self._seconds.labels(*labels).observe(seconds)

    def cache_asked(self, result: str) -> None:
        """The cache was asked once: `hit`, `miss`, `error`, or `off`, not asked since it is down."""
        self._cache.labels(result, *self._place).inc()

    def acknowledged(self) -> None:
        """One write was acknowledged."""
        self._writes.labels(*self._place).inc()
