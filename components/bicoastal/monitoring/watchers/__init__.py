"""What watches the stack, as components: Prometheus, Alertmanager and the exporters, in every place."""

from .alertmanager import Alertmanager, AlertmanagerArgs
from .blackbox import BlackboxExporter, BlackboxExporterArgs
from .certificate import SharedIdentityArgs, WatcherCertificateArgs
from .credentials import ExporterCredentialsArgs
from .declared import Monitoring, MonitoringArgs, WatcherImages, WatcherImagesArgs, image_is_missing
from .identity import certificate_name, certified_names
from .node import NodeExporter, NodeExporterArgs
from .place import PlaceMonitoring, PlaceMonitoringArgs
from .postgres import PostgresExporter, PostgresExporterArgs
from .prometheus import Prometheus, PrometheusArgs
from .redis import RedisExporter, RedisExporterArgs
from .watched import Watched, WatchedArgs

__all__ = [
    "Alertmanager",
    "AlertmanagerArgs",
    "BlackboxExporter",
    "BlackboxExporterArgs",
    "ExporterCredentialsArgs",
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
    "SharedIdentityArgs",
    "Watched",
    "WatchedArgs",
    "WatcherCertificateArgs",
    "WatcherImages",
    "WatcherImagesArgs",
    "certificate_name",
    "certified_names",
    "image_is_missing",
]
