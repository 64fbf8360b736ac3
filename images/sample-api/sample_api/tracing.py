"""Spans of a request: what was done for it, in what order, and how long each took.

Nothing of a request's values is in them: a query is known by its name, a path by its route.
"""

import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from enum import Enum

from .trace_context import TraceContext, new_span_id, new_trace_id, parent

Value = str | int
Take = Callable[["Span"], None]
"""Whoever a span is handed to when it has ended; must neither wait nor fail."""


class Kind(Enum):
    """What a span is of, by OTLP's numbers."""

    SERVER = 2
    """A request that was answered."""
    CLIENT = 3
    """Something that others were asked for."""


@dataclass(slots=True)
class Span:
    """Something that was done for a request."""

    name: str
    kind: Kind
    context: TraceContext
    parent_id: str | None
    began_ns: int
    attributes: dict[str, Value] = field(default_factory=dict)
    error: str | None = None
    """The kind of error that it ended with."""
    took_ns: int = 0


_current: ContextVar["Recording | None"] = ContextVar("recording", default=None)


@dataclass(frozen=True, slots=True)
class Recording:
    """The span that is open, in a trace that is recorded."""

    span: Span
    take: Take


def trace_id() -> str | None:
    """The trace that is recorded now, if one is."""
    recording = _current.get()
    return recording.span.context.trace_id if recording else None


@contextmanager
def calling(name: str, attributes: Mapping[str, Value]) -> Iterator[Span | None]:
    """Around what others are asked for; costs next to nothing where no trace is recorded."""
    outer = _current.get()
    if outer is None:
        yield None
        return
    before = outer.span.context
    context = TraceContext(before.trace_id, new_span_id(), recorded=True)
    span = Span(name, Kind.CLIENT, context, before.span_id, time.time_ns(), dict(attributes))
    with _open(Recording(span, outer.take)):
        yield span


REMOTE = "traceparent.remote"
"""The attribute of a request's span that says which trace its caller named."""


class Tracing:
    """Begins the traces of requests: of a share of them. Whoever may call may write any header, so the trace
    that a request comes with is noted and decides nothing, unless it `believes` callers: then the request is
    part of that trace, and recorded as it says."""

    def __init__(self, take: Take | None = None, ratio: float = 1.0, *, believes: bool = False) -> None:
        self._take, self._below, self._believes = take, round(ratio * (1 << 64)), believes

    @contextmanager
    def serving(self, header: str) -> Iterator[Span | None]:
        """Around a request that came with this `traceparent`; nothing where it is not recorded."""
        if self._take is None:
            yield None
            return
        told = parent(header)
        before = told if self._believes else None
        trace = before.trace_id if before else new_trace_id()
        # By the trace's id, so that all who look at one trace decide alike.
        recorded = before.recorded if before else int(trace[16:], 16) < self._below
        if not recorded:
            yield None
            return
        context = TraceContext(trace, new_span_id(), recorded=True)
        span = Span("request", Kind.SERVER, context, before.span_id if before else None, time.time_ns())
        if told and not before:
            span.attributes[REMOTE] = told.header()
        with _open(Recording(span, self._take)):
            yield span


@contextmanager
def _open(recording: Recording) -> Iterator[None]:
    span, began = recording.span, time.perf_counter_ns()
    token = _current.set(recording)
    try:
        yield
    except BaseException as error:
        span.error = type(error).__name__
        raise
    finally:
        _current.reset(token)
        span.took_ns = time.perf_counter_ns() - began
        recording.take(span)
