"""What is there where logs are kept, requests traced and pages shown."""

from collections.abc import Iterator

from bicoastal.monitoring.causes.containers import SERVICE
from tests.monitoring.causes.series import gauges, growing, name, steady, target, up


def optional() -> Iterator[tuple[str, str]]:
    """Alloy, Loki, Grafana, Jaeger and what asks CloudWatch in the east, in health."""
    for job in ("alloy", "containers", "loki", "grafana", "jaeger", "cloudwatch"):
        yield from up(job, ("east",))
    yield from _collector()
    yield from _containers()
    yield from _loki()
    yield from _traces()
    yield from _buckets()
    yield from _certificates()


def _collector() -> Iterator[tuple[str, str]]:
    at = target("alloy", "east")
    states = {"controller_id": "", "controller_path": "/"}
    running = "alloy_component_controller_running_components"
    yield from gauges({running: 9}, {**at, **states, "health_type": "healthy"})
    yield from gauges({running: 0}, {**at, **states, "health_type": "unhealthy"})
    yield from gauges({"alloy_config_last_load_successful": 1}, at)
    sends = {**at, "component_id": "loki.write.default", "host": "loki", "tenant": ""}
    # Loki says now and then that it is too much; then Alloy waits, and sends again.
    for code, rate in (("204", 1), ("429", 0.01)):
        yield name("loki_write_request_duration_seconds_count", **sends, status_code=code), growing(rate)
    yield name("loki_write_dropped_entries_total", **sends, reason="ingester_error"), steady(12)
    reads = {**at, "component_id": "loki.source.docker.containers"}
    yield name("loki_source_docker_target_entries_total", **reads), growing(20)


def _containers() -> Iterator[tuple[str, str]]:
    at = target("containers", "east")
    for service in ("api", "postgres-1"):
        own = {**at, SERVICE: service, "name": f"{service}.1.x"}
        figures = {
            "container_start_time_seconds": 1000,
            # Most of what a database takes are pages of its files.
            "container_memory_working_set_bytes": 9.6e8,
            "container_memory_total_active_file_bytes": 6e8,
            "container_spec_memory_limit_bytes": 1e9,
        }
        yield from gauges(figures, own)
        yield name("container_cpu_cfs_periods_total", **own), growing(10)
        yield name("container_cpu_cfs_throttled_periods_total", **own), growing(0.1)


def _loki() -> Iterator[tuple[str, str]]:
    at = target("loki", "east")
    for code, rate in (("204", 1), ("500", 0.001)):
        route = {"method": "POST", "route": "loki_api_v1_push", "ws": "false", "status_code": code}
        yield name("loki_request_duration_seconds_count", **at, **route), growing(rate)
    refused = {"reason": "per_stream_rate_limit", "tenant": "fake"}
    yield name("loki_discarded_samples_total", **at, **refused), growing(0.01)


def _traces() -> Iterator[tuple[str, str]]:
    at = target("jaeger", "east")
    yield name("otelcol_exporter_send_failed_spans_total", **at, exporter="traces"), steady(3)
    yield name("otelcol_receiver_refused_spans_total", **at, receiver="otlp"), steady(3)
    own = {**target("api", "east"), "region": "east", "colour": "blue"}
    for result, rate in (("sent", 10), ("dropped", 0)):
        yield name("trace_spans_total", **own, result=result), growing(rate)


def _certificates() -> Iterator[tuple[str, str]]:
    yield name("certificate:ends:timestamp_seconds", certificate="east-nginx"), steady(90 * 86400)


def _buckets() -> Iterator[tuple[str, str]]:
    way = {"dimension_SourceBucket": "west", "dimension_DestinationBucket": "east", "dimension_RuleId": "all"}
    exporter = target("cloudwatch", "east")
    yield name("yace_cloudwatch_requests_total", **exporter, api_name="GetMetricStatistics"), growing(0.01)
    at = {**exporter, **way}
    arrives = {"aws_s3_replication_latency_maximum": 9, "aws_s3_bytes_pending_replication_maximum": 4e6}
    yield from gauges(arrives, at)
    back = {"dimension_SourceBucket": "east", "dimension_DestinationBucket": "west"}
    yield name("aws_s3_operations_failed_replication_sum", **{**at, **back}), steady(0)
