"""Which trace a request belongs to: the header `traceparent` of W3C Trace Context."""

import re
import secrets
from dataclasses import dataclass

_HEADER = re.compile(r"([0-9a-f]{2})-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})(-.*)?")


@dataclass(frozen=True, slots=True)
class TraceContext:
    """A span's place in a trace, and whether the trace is recorded."""

    trace_id: str
    span_id: str
    recorded: bool

    def header(self) -> str:
        """As others are told of it."""
        return f"00-{self.trace_id}-{self.span_id}-{'01' if self.recorded else '00'}"


def parent(header: str) -> TraceContext | None:
    """What a request came with; None where it is no trace's."""
    found = _HEADER.fullmatch(header.strip())
    if found is None:
        return None
    version, trace_id, span_id, flags, further = found.groups()
    # Later versions may say more, the first one may not.
    if version == "ff" or (version == "00" and further) or not int(trace_id, 16) or not int(span_id, 16):
        return None
    return TraceContext(trace_id, span_id, recorded=bool(int(flags, 16) & 1))


def new_trace_id() -> str:
    """Of a trace that begins here."""
    return f"{secrets.randbits(128) or 1:032x}"


def new_span_id() -> str:
    """Of a span."""
    return f"{secrets.randbits(64) or 1:016x}"
