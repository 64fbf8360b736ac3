"""Around every request: region and colour on the answer, a metric, a span, a line in the access log."""

import json
import sys
import time

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from .metrics import Metrics
from .settings import Settings
from .tracing import Span, Tracing, trace_id

QUIET = frozenset({"/health", "/ready", "/metrics", "/region-health"})
"""Asked by machines every few seconds: counted, not logged."""


class Observed:
    """ASGI middleware. Paths are noted by their route, never with a query or a value in them."""

    def __init__(self, app: ASGIApp, settings: Settings, metrics: Metrics, tracing: Tracing) -> None:
        self._app, self._metrics, self._tracing = app, metrics, tracing
        self._region, self._colour = settings.region, settings.colour

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
        elif scope["path"] in QUIET:
            await self._answer(scope, receive, send, None)
        else:
            with self._tracing.serving(_header(scope, b"traceparent")) as span:
                await self._answer(scope, receive, send, span)

    async def _answer(self, scope: Scope, receive: Receive, send: Send, span: Span | None) -> None:
        began, status = time.perf_counter(), 500

        async def answer(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                message["headers"] = [
                    *message["headers"],
                    (b"x-region", self._region.encode()),
                    (b"x-colour", self._colour.encode()),
                    *([(b"traceresponse", span.context.header().encode())] if span else []),
                ]
            await send(message)

        try:
            await self._app(scope, receive, answer)
        finally:
            if span is not None:
                self._describe(span, scope, status)
            self._note(scope, status, time.perf_counter() - began)

    def _describe(self, span: Span, scope: Scope, status: int) -> None:
        method, route = scope["method"], _route(scope)
        span.name = f"{method} {route}"
        span.attributes |= {
            "http.request.method": method,
            "http.route": route,
            "http.response.status_code": status,
            "region": self._region,
            "colour": self._colour,
        }
        if status >= 500:
            span.error = str(status)

    def _note(self, scope: Scope, status: int, seconds: float) -> None:
        route = _route(scope)
        self._metrics.answered(scope["method"], route, status, seconds)
        if route not in QUIET:
            line = {
                "method": scope["method"],
                "route": route,
                "status": status,
                "ms": round(seconds * 1000, 1),
            }
            place = {"region": self._region, "colour": self._colour}
            trace = {"trace_id": trace_id()} if trace_id() else {}
            sys.stdout.write(json.dumps({**line, **place, **trace}) + "\n")


def _header(scope: Scope, name: bytes) -> str:
    found = [value for key, value in scope["headers"] if key == name]
    return found[0].decode("latin-1") if len(found) == 1 else ""


def _route(scope: Scope) -> str:
    if "path_params" not in scope:
        return "unknown"
    return "/api/pins/{number}" if scope["path_params"] else str(scope["path"])
