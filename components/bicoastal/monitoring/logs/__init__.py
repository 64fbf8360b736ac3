"""The logs' way, as components: a collector on every host, and Loki in each region."""

from .alloy import Alloy, AlloyArgs
from .collector import Collector
from .declared import Logs, LogsArgs
from .engine import EngineArgs
from .ingestion import IngestionArgs
from .loki import Loki, LokiArgs
from .object_storage import ObjectStorageArgs
from .promtail import Promtail, PromtailArgs

__all__ = [
    "Alloy",
    "AlloyArgs",
    "Collector",
    "EngineArgs",
    "IngestionArgs",
    "Logs",
    "LogsArgs",
    "Loki",
    "LokiArgs",
    "ObjectStorageArgs",
    "Promtail",
    "PromtailArgs",
]
