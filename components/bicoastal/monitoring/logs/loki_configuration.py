"""What Loki is told: its configuration as data."""

from typing import Any

from ..serving import ports
from ..serving.identity import CA, CERTIFICATE, KEY
from .ingestion import Ingestion
from .object_storage import ObjectStorage

DATA = "/loki"
"""Which the image makes for its own user."""
INNER_PORT = 3101
"""On loopback and without TLS, for its own health check, which has no certificate to show."""
SERVER_TLS = {
    "cert_file": CERTIFICATE,
    "key_file": KEY,
    "client_auth_type": "RequireAndVerifyClientCert",
    "client_ca_file": CA,
}
SCHEMA_SINCE = "2026-01-01"
"""Before any log: another schema gets an entry of its own, from a day to come."""
MOST_LABELS = 15
REPLAYED, CHUNKS_CACHED, RESULTS_CACHED = 0.5, 0.1, 0.05
"""Shares of its memory: what it reads back from its log before it writes to the store, and its two caches.
Its own defaults (4 GB, 500 MB and 100 MB) do not know how much it has."""
QUESTIONS_AT_ONCE = 4
READ_MB_FOR_EACH_MB = 20
"""What one question may read, beside its memory: it reads piece by piece."""
Config = dict[str, Any]


def loki_configuration(
    retention_days: int, ingestion: Ingestion, storage: ObjectStorage | None, memory_mb: int
) -> Config:
    """The configuration of a Loki that is one process and may use this memory."""
    store = "filesystem" if storage is None else "s3"
    loopback = "127.0.0.1"
    return {
        "auth_enabled": False,
        "analytics": {"reporting_enabled": False},
        "server": {
            "http_listen_port": ports.LOKI,
            "http_tls_config": SERVER_TLS,
            "tls_min_version": "VersionTLS12",
            # Its parts call each other by it, within the process.
            "grpc_listen_address": loopback,
            "grpc_listen_port": 9095,
            "log_level": "warn",
        },
        "internal_server": {
            "enable": True,
            "http_listen_address": loopback,
            "http_listen_port": INNER_PORT,
            "log_level": "warn",
        },
        "common": {
            "instance_addr": loopback,
            "path_prefix": DATA,
            "replication_factor": 1,
            "ring": {"kvstore": {"store": "inmemory"}},
            "storage": _storage(storage),
        },
        "schema_config": {
            "configs": [
                {
                    "from": SCHEMA_SINCE,
                    "store": "tsdb",
                    "object_store": store,
                    "schema": "v13",
                    "index": {"prefix": "index_", "period": "24h"},
                }
            ]
        },
        # What it has in memory goes to the store before it ends.
        "ingester": {
            "wal": {
                "enabled": True,
                "flush_on_shutdown": True,
                "replay_memory_ceiling": f"{_share(memory_mb, REPLAYED)}MB",
            }
        },
        "chunk_store_config": {"chunk_cache_config": _cache(memory_mb, CHUNKS_CACHED)},
        "query_range": {"results_cache": {"cache": _cache(memory_mb, RESULTS_CACHED)}},
        "querier": {"max_concurrent": QUESTIONS_AT_ONCE},
        # Whoever may ask could give it rules, which nobody needs: Prometheus has them.
        "ruler": {"enable_api": False},
        "compactor": {
            "retention_enabled": True,
            "delete_request_store": store,
            "compaction_interval": "10m",
            "retention_delete_delay": "2h",
        },
        "limits_config": _limits(retention_days, ingestion, memory_mb),
    }


def _share(memory_mb: int, share: float) -> int:
    return max(1, int(memory_mb * share))


def _cache(memory_mb: int, share: float) -> Config:
    return {"embedded_cache": {"enabled": True, "max_size_mb": _share(memory_mb, share)}}


def _storage(storage: ObjectStorage | None) -> Config:
    if storage is None:
        return {
            "filesystem": {"chunks_directory": f"{DATA}/chunks", "rules_directory": f"{DATA}/rules"},
        }
    where: Config = {"bucketnames": storage.bucket, "region": storage.region, "disable_dualstack": True}
    if storage.endpoint is not None:
        where |= {
            "endpoint": storage.endpoint,
            "insecure": storage.endpoint.startswith("http://"),
            "s3forcepathstyle": True,
        }
    return {"s3": where}


def _limits(retention_days: int, ingestion: Ingestion, memory_mb: int) -> Config:
    return {
        # Only the compactor deletes, by age: whoever may ask could delete, too.
        "deletion_mode": "disabled",
        "max_query_bytes_read": f"{memory_mb * READ_MB_FOR_EACH_MB}MB",
        "retention_period": f"{retention_days * 24}h",
        "max_query_lookback": f"{retention_days * 24}h",
        "max_query_length": f"{retention_days * 24 + 1}h",
        "ingestion_rate_mb": ingestion.rate_mb_s,
        "ingestion_burst_size_mb": ingestion.burst_mb,
        # One container may use all of it: the host's collector sends what it has kept, when Loki is back.
        "per_stream_rate_limit": f"{ingestion.rate_mb_s:g}MB",
        "per_stream_rate_limit_burst": f"{ingestion.burst_mb:g}MB",
        "max_global_streams_per_user": ingestion.streams,
        "max_line_size": f"{ingestion.line_kb}KB",
        "max_line_size_truncate": True,
        "max_label_names_per_series": MOST_LABELS,
        # The collectors name the service themselves.
        "discover_service_name": [],
    }
