"""How requests are traced, as a stack's declaration says it."""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum
from math import ceil
from typing import NotRequired, TypedDict

from ...checks.problem import Problem
from ...checks.rules import between
from ...containers.service_args import Limits, LimitsArgs
from ...settings import setting

DEFAULT_TRACES = 20_000
DEFAULT_DAYS = 3
REFUSES_AT = 0.8
"""Of Jaeger's memory: from there on spans are refused, so that it is not killed."""
SPANS_A_TRACE = 10
"""A request to the sample API has two to four; other programs' have more."""
TRACE_MB = SPANS_A_TRACE / 1024
"""At about 1 KiB a span, as measured."""


class TraceStore(Enum):
    """Where traces are kept."""

    MEMORY = "memory"
    """In the process: a restart loses them, nothing is written."""
    BADGER = "badger"
    """On a volume of its host, for some days."""


class TraceStorageArgs(TypedDict):
    """Where traces are kept, and how many."""

    kind: NotRequired[TraceStore]
    """`memory` or `badger`. Default: `memory`."""
    max_traces: NotRequired[int]
    """The most traces in memory, 100 to 10000000: beyond it the oldest go first. With 10 spans of 1 KiB
    each they must fit into 80 % of Jaeger's memory. Default: 20000. For `memory` alone."""
    kept_days: NotRequired[int]
    """Days that traces are kept on the volume, 1 to 90. Default: 3. For `badger` alone."""


class TracingArgs(TypedDict):
    """How requests are traced."""

    sample_ratio: NotRequired[float]
    """The share of requests that the API begins a trace for, 0 to 1. Default: 0.1."""
    storage: NotRequired[TraceStorageArgs]
    """Where traces are kept. Default: in memory, the last 20000."""
    limits: NotRequired[LimitsArgs]
    """What Jaeger may use; at 80 % of its memory it refuses spans. Default: 512 MiB and half a core."""


@dataclass(frozen=True, kw_only=True)
class TraceStorage:
    """Where traces are kept, checked."""

    kind: TraceStore = setting(default=TraceStore.MEMORY)
    max_traces: int | None = setting(between(100, 10_000_000, "traces"), default=None)
    kept_days: int | None = setting(between(1, 90, "days"), default=None)

    def problems(self) -> Iterator[Problem]:
        """What is wrong between the fields."""
        other = "kept_days" if self.kind is TraceStore.MEMORY else "max_traces"
        given = getattr(self, other)
        if given is not None:
            yield Problem(
                other,
                f"says nothing about storage of kind {self.kind.value!r}",
                str(given),
                "nothing beside this kind",
                f"take {other!r} away, or choose the other kind",
            )

    def problems_of_memory(self, memory_mb: int) -> Iterator[Problem]:
        """Traces that a Jaeger of this memory cannot hold: it refuses spans before it lets go of any."""
        if self.kind is not TraceStore.MEMORY:
            return
        traces = DEFAULT_TRACES if self.max_traces is None else self.max_traces
        fit = int(memory_mb * REFUSES_AT / TRACE_MB)
        if traces > fit:
            yield Problem(
                "storage.max_traces",
                f"more than Jaeger's memory holds: {SPANS_A_TRACE} spans of 1 KiB in each, in "
                f"{REFUSES_AT:.0%} of {memory_mb} MiB",
                f"{traces} traces" + (" (the default)" if self.max_traces is None else ""),
                f"at most {fit} traces",
                f"keep fewer, or let 'limits.memory_mb' be {ceil(traces * TRACE_MB / REFUSES_AT)}",
            )


def default_limits() -> Limits:
    """What Jaeger may use unless it is said."""
    return Limits(memory_mb=512, cpus=0.5)


@dataclass(frozen=True, kw_only=True)
class Tracing:
    """How requests are traced, checked."""

    sample_ratio: float = setting(between(0, 1, "(a share of requests)"), default=0.1)
    storage: TraceStorage = setting(factory=TraceStorage)
    limits: Limits = setting(factory=default_limits)

    def problems(self) -> Iterator[Problem]:
        """What is wrong between the fields."""
        yield from self.storage.problems_of_memory(self.limits.memory_mb)
