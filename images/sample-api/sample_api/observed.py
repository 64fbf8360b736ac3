"""Around every request: region and colour on the answer, a metric, a line in the access log."""

import json
import sys
import time

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from .metrics import Metrics
from .settings import Settings

QUIET = frozenset({"/health", "/ready", "/metrics", "/region-health"})
"""Asked by machines every few seconds: counted, not logged."""


class Observed:
    """ASGI middleware. Paths are noted by their route, never with a query or a value in them."""

    def __init__(self, app: ASGIApp, settings: Settings, metrics: Metrics) -> None:
        self._app, self._metrics = app, metrics
        self._region, self._colour = settings.region, settings.colour

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        began, status = time.perf_counter(), 500

        async def answer(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                message["headers"] = [
                    *message["headers"],
                    (b"x-region", self._region.encode()),
                    (b"x-colour", self._colour.encode()),
                ]
            await send(message)

        try:
            await self._app(scope, receive, answer)
        finally:
            self._note(scope, status, time.perf_counter() - began)

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
            sys.stdout.write(json.dumps({**line, "region": self._region, "colour": self._colour}) + "\n")


def _route(scope: Scope) -> str:
    if "path_params" not in scope:
        return "unknown"
    return "/api/pins/{number}" if scope["path_params"] else str(scope["path"])
