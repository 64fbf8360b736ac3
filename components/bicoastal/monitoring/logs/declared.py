"""How logs are kept, as a stack's declaration says it: what every place's part is given alike."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import NotRequired, TypedDict

from ...checks.problem import Problem
from ...checks.rules import between
from ...containers.service_args import Limits, LimitsArgs
from ...settings import setting
from .collector import Collector
from .engine import Engine, EngineArgs
from .ingestion import Ingestion, IngestionArgs
from .object_storage import ObjectStorage, ObjectStorageArgs

RETENTION_DAYS = 30
LOKI_LIMITS = Limits(memory_mb=512)
COLLECTOR_LIMITS = Limits(memory_mb=256, cpus=0.5)


class LogsArgs(TypedDict):
    """How containers' logs are kept: by a Loki in each region, which a collector on every host sends to."""

    retention_days: NotRequired[int]
    """Days that logs are kept, 1 to 400; what is older is deleted, in buckets too. Default: 30."""
    storage: NotRequired[dict[str, ObjectStorageArgs]]
    """A region's name to the bucket that its logs are kept in. Default: none, they are kept in a volume of
    Loki's host and lost with it."""
    ingestion: NotRequired[IngestionArgs]
    """How much each Loki takes. Default: 4 MB a second with bursts of 8, 5000 streams, lines of 256 KB."""
    collector: NotRequired[Collector]
    """What reads the logs on each host. Default: `alloy`."""
    containers: NotRequired[bool]
    """Whether Alloy tells of containers, too: their memory, their CPU, their starts. Promtail cannot.
    Default: true with Alloy."""
    loki_limits: NotRequired[LimitsArgs]
    """What a Loki may use. Default: 512 MiB and one core."""
    collector_limits: NotRequired[LimitsArgs]
    """What a collector may use. Default: 256 MiB and half a core."""
    engine: NotRequired[EngineArgs]
    """How collectors reach the engine of their host. Default: `/run/docker.sock`, as group 2375."""


@dataclass(frozen=True, kw_only=True)
class Logs:
    """How containers' logs are kept, checked."""

    retention_days: int = setting(between(1, 400, "days"), default=RETENTION_DAYS)
    storage: dict[str, ObjectStorage] = setting(factory=dict)
    ingestion: Ingestion = setting(factory=Ingestion)
    collector: Collector = setting(default=Collector.ALLOY)
    containers: bool | None = setting(default=None)
    loki_limits: Limits = setting(factory=lambda: LOKI_LIMITS)
    collector_limits: Limits = setting(factory=lambda: COLLECTOR_LIMITS)
    engine: Engine = setting(factory=Engine)

    @property
    def tells_of_containers(self) -> bool:
        """Whether containers' metrics are there to be asked for."""
        return self.collector is Collector.ALLOY if self.containers is None else self.containers

    def problems(self) -> Iterator[Problem]:
        """What is wrong between the fields."""
        if self.containers and self.collector is Collector.PROMTAIL:
            yield Problem(
                "containers",
                "Promtail tells nothing of containers",
                "true",
                "false with Promtail",
                "take the collector out, so that it is Alloy",
            )
        yield from self._shared_buckets()

    def _shared_buckets(self) -> Iterator[Problem]:
        of: dict[tuple[str | None, str], str] = {}
        for place, kept in self.storage.items():
            if not isinstance(kept.bucket, str):
                continue
            first = of.setdefault((kept.endpoint, kept.bucket), place)
            if first != place:
                yield Problem(
                    f"storage.{place}.bucket",
                    f"keeps the logs of {first}, too",
                    repr(kept.bucket),
                    "a bucket for each region: each Loki deletes what its own index does not name",
                    "name another bucket",
                )
