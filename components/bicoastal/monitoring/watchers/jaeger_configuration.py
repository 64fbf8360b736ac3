"""What Jaeger reads: a pipeline of the OpenTelemetry collector, from spans that come in to traces that are
asked for."""

from typing import Any

from ..serving import ports
from ..serving.identity import CA, CERTIFICATE, FOLDER, KEY
from .tracing import DEFAULT_DAYS, DEFAULT_TRACES, REFUSES_AT, TraceStorage, TraceStore

SENDERS = f"{FOLDER}/senders.pem"
HEALTH = f"127.0.0.1:{ports.JAEGER_HEALTH}"
HEALTH_PATH = "/status"
DATA = "/tmp"  # noqa: S108 the one folder of the published image that its user may write
STORE = "traces"
HARD_LIMIT = 0.9
"""Of its memory: from there on it collects its garbage at each look, too."""
LARGEST_REQUEST = 4 << 20
Config = dict[str, Any]


def configuration(storage: TraceStorage, memory_mb: int, *, only_senders: bool) -> Config:
    """The whole configuration; with `only_senders`, spans are taken from who is known by name alone."""
    writes = "jaeger_storage_exporter"
    return {
        "extensions": {
            "healthcheckv2": {"use_v2": True, "http": {"endpoint": HEALTH}},
            "jaeger_storage": {"backends": {STORE: _backend(storage)}},
            "jaeger_query": {
                "storage": {"traces": STORE},
                # It would trace its own queries, to a receiver that is not there.
                "enable_tracing": False,
                "http": {"endpoint": f"0.0.0.0:{ports.JAEGER}", "tls": _tls(CA)},
                # Nobody asks by it, and it cannot be left out.
                "grpc": {"endpoint": "127.0.0.1:16685"},
            },
        },
        "receivers": {
            "otlp": {
                "protocols": {
                    "http": {
                        "endpoint": f"0.0.0.0:{ports.SPANS}",
                        "max_request_body_size": LARGEST_REQUEST,
                        "tls": _tls(SENDERS if only_senders else CA),
                    }
                }
            }
        },
        "processors": {
            "memory_limiter": _limiter(memory_mb),
            "batch": {},
        },
        "exporters": {writes: {"trace_storage": STORE}},
        "service": {
            "extensions": ["jaeger_storage", "jaeger_query", "healthcheckv2"],
            "pipelines": {
                "traces": {
                    "receivers": ["otlp"],
                    "processors": ["memory_limiter", "batch"],
                    "exporters": [writes],
                }
            },
            "telemetry": {
                "resource": {"service.name": "jaeger"},
                "logs": {"level": "warn"},
                "metrics": {"level": "normal", "readers": [_metrics()]},
            },
        },
    }


def _limiter(memory_mb: int) -> Config:
    """It refuses above the limit less the spike."""
    limit, refuses_at = int(memory_mb * HARD_LIMIT), int(memory_mb * REFUSES_AT)
    return {"check_interval": "1s", "limit_mib": limit, "spike_limit_mib": limit - refuses_at}


def _backend(storage: TraceStorage) -> Config:
    if storage.kind is TraceStore.MEMORY:
        return {"memory": {"max_traces": storage.max_traces or DEFAULT_TRACES}}
    return {
        "badger": {
            "ephemeral": False,
            "directories": {"keys": f"{DATA}/keys", "values": f"{DATA}/values"},
            "ttl": {"spans": f"{(storage.kept_days or DEFAULT_DAYS) * 24}h"},
        }
    }


def _tls(clients: str) -> Config:
    """Whoever shows no certificate of `clients` is sent away."""
    return {"cert_file": CERTIFICATE, "key_file": KEY, "client_ca_file": clients, "min_version": "1.2"}


def _metrics() -> Config:
    exporter = {
        "host": "0.0.0.0",  # noqa: S104 the container's own network
        "port": ports.JAEGER_METRICS,
        # Labels that say the same of every series.
        "without_scope_info": True,
    }
    return {"pull": {"exporter": {"prometheus": exporter}}}
