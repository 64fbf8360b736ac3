"""What watches the stack, as components: Prometheus, Alertmanager and the exporters, in every place."""

from .alertmanager import Alertmanager, AlertmanagerArgs
from .blackbox import BlackboxExporter, BlackboxExporterArgs
from .cloudwatch import CloudWatchAskingArgs, CloudWatchExporter, CloudWatchExporterArgs
from .credentials import ExporterCredentialsArgs
from .declared import Monitoring, MonitoringArgs, WatcherImages, WatcherImagesArgs
from .grafana import Grafana, GrafanaArgs
from .grafana_options import GrafanaCredentialsArgs, GrafanaOptionsArgs
from .jaeger import Jaeger, JaegerArgs, jaeger_certificate_name, jaeger_certified_names, span_endpoint
from .node import NodeExporter, NodeExporterArgs
from .place import PlaceMonitoring, PlaceMonitoringArgs
from .postgres import PostgresExporter, PostgresExporterArgs
from .prometheus import Prometheus, PrometheusArgs
from .redis import RedisExporter, RedisExporterArgs
from .replications import ReplicatedSideArgs, ReplicationArgs, Replications, ReplicationsArgs
from .tracing import TraceStorageArgs, TraceStore, Tracing, TracingArgs
from .watched import Watched, WatchedArgs

__all__ = [
    "Alertmanager",
    "AlertmanagerArgs",
    "BlackboxExporter",
    "BlackboxExporterArgs",
    "CloudWatchAskingArgs",
    "CloudWatchExporter",
    "CloudWatchExporterArgs",
    "ExporterCredentialsArgs",
    "Grafana",
    "GrafanaArgs",
    "GrafanaCredentialsArgs",
    "GrafanaOptionsArgs",
    "Jaeger",
    "JaegerArgs",
    "Monitoring",
    "MonitoringArgs",
    "NodeExporter",
    "NodeExporterArgs",
    "PlaceMonitoring",
    "PlaceMonitoringArgs",
    "PostgresExporter",
    "PostgresExporterArgs",
    "Prometheus",
    "PrometheusArgs",
    "RedisExporter",
    "RedisExporterArgs",
    "ReplicatedSideArgs",
    "ReplicationArgs",
    "Replications",
    "ReplicationsArgs",
    "TraceStorageArgs",
    "TraceStore",
    "Tracing",
    "TracingArgs",
    "Watched",
    "WatchedArgs",
    "WatcherImages",
    "WatcherImagesArgs",
    "jaeger_certificate_name",
    "jaeger_certified_names",
    "span_endpoint",
]
