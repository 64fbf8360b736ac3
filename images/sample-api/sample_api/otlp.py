"""Spans as OTLP over HTTP takes them, in its JSON form."""

import json
from collections.abc import Mapping, Sequence
from typing import Any

from .tracing import Span, Value

SCOPE = "sample_api"
_ERROR = 2


def request_body(resource: Mapping[str, str], spans: Sequence[Span]) -> bytes:
    """The body of a request with these spans."""
    scope = {"scope": {"name": SCOPE}, "spans": [_span(span) for span in spans]}
    whole = {"resourceSpans": [{"resource": {"attributes": _attributes(resource)}, "scopeSpans": [scope]}]}
    return json.dumps(whole, separators=(",", ":")).encode()


def _span(span: Span) -> dict[str, Any]:
    return {
        "traceId": span.context.trace_id,
        "spanId": span.context.span_id,
        **({"parentSpanId": span.parent_id} if span.parent_id else {}),
        "flags": 1,
        "name": span.name,
        "kind": span.kind.value,
        "startTimeUnixNano": str(span.began_ns),
        "endTimeUnixNano": str(span.began_ns + span.took_ns),
        "attributes": _attributes(span.attributes | ({"error.type": span.error} if span.error else {})),
        "status": {"code": _ERROR} if span.error else {},
    }


def _attributes(values: Mapping[str, Value]) -> list[dict[str, Any]]:
    return [{"key": key, "value": _value(value)} for key, value in values.items()]


def _value(value: Value) -> dict[str, str]:
    return {"intValue": str(value)} if isinstance(value, int) else {"stringValue": value}
