"""The routes."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from prometheus_client.exposition import choose_encoder
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import Route

from .cache import Cache, CachedStore
from .exporter import Exporter
from .measured import MeasuredStore
from .metrics import Metrics
from .observed import Observed
from .pins import MOST_PINS, Box, Invalid, NewPin, NoPrimary, Store
from .region import region_health
from .reports import Outcome, Payment, load_seconds
from .settings import Settings
from .tracing import Tracing, calling

LARGEST_BODY = 16 * 1024


class Api:
    """The endpoints of one region over a store."""

    def __init__(self, settings: Settings, store: Store, metrics: Metrics, exporter: Exporter | None) -> None:
        self._region, self._colour = settings.region, settings.colour
        self._store, self._metrics, self._exporter = store, metrics, exporter
        self._ready = False

    @asynccontextmanager
    async def lifespan(self, _: Starlette) -> AsyncIterator[None]:
        """From start to stop; requests that are open at the end are answered."""
        if self._exporter is not None:
            self._exporter.start()
        await self._store.open()
        self._ready = True
        yield
        self._ready = False
        await self._store.close()
        if self._exporter is not None:
            await asyncio.to_thread(self._exporter.stop)

    async def add(self, request: Request) -> Response:
        """Store a pin; 201 only after the commit, 200 when this very write was stored before."""
        pin = NewPin.of(await _json(request))
        number, is_new = await self._store.add(pin)
        self._metrics.acknowledged()
        return JSONResponse(
            {
                "id": number,
                "region": self._region,
                "colour": self._colour,
                "client": pin.client,
                "sequence": pin.sequence,
            },
            status_code=201 if is_new else 200,
        )

    async def get(self, request: Request) -> Response:
        """One pin."""
        pin = await self._store.get(request.path_params["number"])
        if pin is None:
            return JSONResponse({"error": "no such pin"}, status_code=404)
        return JSONResponse(pin.as_json())

    async def within(self, request: Request) -> Response:
        """The pins in a part of the map."""
        box = Box.of(request.query_params.get("bbox", ""))
        pins = await self._store.within(box, _limit(request.query_params.get("limit", "100")))
        return JSONResponse({"pins": [pin.as_json() for pin in pins]})

    async def pay(self, request: Request) -> Response:
        """A payment to the provider's stand-in."""
        outcome = Payment.of(await _json(request)).outcome
        result = outcome.name.lower()
        with calling("payment", {"payment.result": result}) as span:
            self._metrics.paid(result)
            if span is not None and outcome is Outcome.FAILURE:
                span.error = result
        return JSONResponse({"result": result}, status_code=outcome.value)

    async def page_load(self, request: Request) -> Response:
        """How long a page took to load: a browser's beacon, as JSON, which is not answered."""
        self._metrics.page_loaded(load_seconds(await _json(request)))
        return Response(status_code=204)

    async def health(self, _: Request) -> Response:
        """The process lives."""
        return PlainTextResponse("ok")

    async def ready(self, _: Request) -> Response:
        """The process takes requests. Not a word about the database: a region whose primary is elsewhere
        must still answer."""
        status, body = (200, "ready") if self._ready else (503, "stopping")
        return PlainTextResponse(body, status_code=status)

    async def region_health(self, _: Request) -> Response:
        """The region may have traffic."""
        status, body = region_health(await self._store.primary_is(self._region))
        return PlainTextResponse(body, status_code=status, headers={"Cache-Control": "no-store"})

    async def metrics(self, request: Request) -> Response:
        """For Prometheus, with exemplars for whoever asks for OpenMetrics."""
        encode, content_type = choose_encoder(request.headers.get("accept", ""))
        return Response(encode(self._metrics.registry), headers={"Content-Type": content_type})


def create_app(settings: Settings, store: Store) -> Starlette:
    """The API of one region over a store."""
    metrics = Metrics(settings.region, settings.colour)
    store = MeasuredStore(store, metrics)
    if settings.cache is not None:
        store = CachedStore(store, Cache(settings.cache), metrics)
    tracing, exporter = Tracing(), None
    if settings.tracing is not None:
        exporter = Exporter(settings.tracing, metrics.spans)
        tracing = Tracing(exporter.take, settings.tracing.ratio, believes=settings.tracing.believes)
    api = Api(settings, store, metrics, exporter)
    app = Starlette(
        routes=[
            Route("/api/pins", api.add, methods=["POST"]),
            Route("/api/pins", api.within, methods=["GET"]),
            Route("/api/pins/{number:int}", api.get, methods=["GET"]),
            Route("/api/payments", api.pay, methods=["POST"]),
            Route("/api/page-loads", api.page_load, methods=["POST"]),
            Route("/health", api.health),
            Route("/ready", api.ready),
            Route("/region-health", api.region_health),
            Route("/metrics", api.metrics),
        ],
        exception_handlers={Invalid: _invalid, NoPrimary: _no_primary},
        lifespan=api.lifespan,
    )
    app.add_middleware(Observed, settings=settings, metrics=metrics, tracing=tracing)
    return app


async def _invalid(_: Request, error: Exception) -> Response:
    assert isinstance(error, Invalid)
    return JSONResponse({"error": error.error}, status_code=422)


async def _no_primary(_: Request, __: Exception) -> Response:
    return JSONResponse({"error": "no primary"}, status_code=503, headers={"Retry-After": "1"})


async def _json(request: Request) -> object:
    body = b""
    async for part in request.stream():
        body += part
        if len(body) > LARGEST_BODY:
            raise Invalid("body", f"more than {LARGEST_BODY} bytes", f"at most {LARGEST_BODY} bytes")
    try:
        return json.loads(body)
    except ValueError:
        raise Invalid("body", "no JSON", "a JSON object") from None


def _limit(text: str) -> int:
    if not text.isdecimal() or not 1 <= int(text) <= MOST_PINS:
        raise Invalid("limit", text, f"1 to {MOST_PINS}")
    return int(text)
