"""PagerDuty's Events API v2, Slack's incoming webhook, the dead man's switch; and what they were told."""

import hmac
from collections.abc import Mapping
from typing import Any

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import Route

from .settings import Settings
from .store import Store

ACTIONS = ("trigger", "acknowledge", "resolve")
SEVERITIES = ("critical", "error", "warning", "info")
LONGEST_SUMMARY = 1024
"""Characters, as PagerDuty has it."""


def create_app(settings: Settings, store: Store) -> Starlette:
    """The application. It refuses what the real ones would refuse, and never keeps what is secret."""

    async def enqueue(request: Request) -> Response:
        event = await _body(request)
        wrong = _wrong_with(event, settings.routing_key)
        if wrong:
            refusal = {"status": "invalid event", "message": "Event object is invalid", "errors": wrong}
            return JSONResponse(refusal, 400)
        event.pop("routing_key")
        store.keep("pagerduty", event)
        accepted = {"status": "success", "message": "Event processed", "dedup_key": event.get("dedup_key")}
        return JSONResponse(accepted, 202)

    async def slack(request: Request) -> Response:
        if not _same(request.path_params["token"], settings.slack_token):
            return PlainTextResponse("invalid_token", 403)
        message = await _body(request)
        if not message.get("text") and not message.get("attachments") and not message.get("blocks"):
            return PlainTextResponse("no_text", 400)
        store.keep("slack", message)
        return PlainTextResponse("ok")

    async def dead_man(request: Request) -> Response:
        if not _same(request.path_params["token"], settings.dead_man_token):
            return PlainTextResponse("no such check", 404)
        message = await _body(request)
        store.keep("dead-man", {"status": message.get("status"), "alerts": message.get("alerts", [])})
        return PlainTextResponse("OK")

    async def told(request: Request) -> Response:
        after = request.query_params.get("after", "0")
        if not after.isdigit():
            return PlainTextResponse("after is not a message's number", 400)
        return JSONResponse(store.told(int(after)))

    return Starlette(
        routes=[
            Route("/v2/enqueue", enqueue, methods=["POST"]),
            Route("/services/{token}", slack, methods=["POST"]),
            Route("/dead-man/{token}", dead_man, methods=["POST"]),
            Route("/told", told),
            Route("/health", _health),
        ]
    )


async def _health(_: Request) -> Response:
    return PlainTextResponse("OK")


def _wrong_with(event: Mapping[str, Any], routing_key: str) -> list[str]:
    """What PagerDuty would say of the event."""
    wrong = []
    if not _same(str(event.get("routing_key", "")), routing_key):
        wrong.append("'routing_key' is invalid")
    if event.get("event_action") not in ACTIONS:
        wrong.append(f"'event_action' is not one of {', '.join(ACTIONS)}")
    if event.get("event_action") != "trigger":
        return wrong if event.get("dedup_key") else [*wrong, "'dedup_key' is missing"]
    payload = event.get("payload")
    if not isinstance(payload, Mapping):
        return [*wrong, "'payload' is missing"]
    if not 0 < len(str(payload.get("summary") or "")) <= LONGEST_SUMMARY:
        wrong.append("'payload.summary' is missing or too long")
    if not payload.get("source"):
        wrong.append("'payload.source' is missing")
    if payload.get("severity") not in SEVERITIES:
        wrong.append(f"'payload.severity' is not one of {', '.join(SEVERITIES)}")
    return wrong


async def _body(request: Request) -> dict[str, Any]:
    try:
        body = await request.json()
    except ValueError:
        return {}
    return body if isinstance(body, dict) else {}


def _same(given: str, expected: str) -> bool:
    return hmac.compare_digest(given.encode(), expected.encode())
