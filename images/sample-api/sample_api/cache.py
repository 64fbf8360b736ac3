"""Parts of the map in Redis, reached through the balancer that knows the master.

A part that was read is answered from here for `TTL_S`: a pin shows on the map at most so much later than it
was stored. Without Redis everything is answered by the store, slower. No request waits for a Redis that is
known to be gone: once it has failed, it is asked again only in the background.
"""

import asyncio
import json
import logging
from collections.abc import Awaitable, Iterator
from contextlib import contextmanager, suppress
from typing import TypeVar

from redis.asyncio import Redis
from redis.asyncio.retry import Retry
from redis.backoff import NoBackoff
from redis.exceptions import RedisError

from .metrics import Metrics
from .pins import Box, NewPin, Pin, Store
from .region import PrimaryIs
from .settings import CacheSettings
from .tracing import calling

log = logging.getLogger("sample_api")

TTL_S = 2
REQUEST_LIMIT_S = 0.2
LOOK_EVERY_S = 1.0
CONNECT_LIMIT_S = 1.0
CONNECTIONS = 4
"""Opened before the first request is sent to it: a connection takes several round trips."""

T = TypeVar("T")


class Cache:
    """Redis, or nothing while it does not answer."""

    def __init__(self, settings: CacheSettings) -> None:
        self._redis = Redis(
            host=settings.host,
            port=settings.port,
            username=settings.user,
            password=settings.password,
            ssl=True,
            ssl_ca_certs=settings.ca_file,
            ssl_check_hostname=True,
            socket_timeout=CONNECT_LIMIT_S,
            socket_connect_timeout=CONNECT_LIMIT_S,
            socket_keepalive=True,
            retry=Retry(NoBackoff(), 0),
            max_connections=20,
            decode_responses=True,
        )
        self._watch: asyncio.Task[None] | None = None
        self.up = False
        """Whether it answered when it was last asked."""

    async def open(self) -> None:
        """Begin to look for Redis; returns at once."""
        self._watch = asyncio.create_task(self._look_for_it())

    async def close(self) -> None:
        """Give the connections back."""
        self.up = False
        if self._watch is not None:
            self._watch.cancel()
            with suppress(asyncio.CancelledError):
                await self._watch
        await self._redis.aclose()

    async def get(self, key: str) -> str | None:
        """The text under this key, if there is one. Raises `RedisError` within 0.2 s."""
        found: str | None = await self._in_time(self._redis.get(key))
        return found

    async def put(self, key: str, text: str) -> None:
        """Keep the text for `TTL_S`. Raises `RedisError` within 0.2 s."""
        await self._in_time(self._redis.set(key, text, ex=TTL_S))

    async def _in_time(self, answer: Awaitable[T]) -> T:
        try:
            async with asyncio.timeout(REQUEST_LIMIT_S):
                return await answer
        except (RedisError, OSError, TimeoutError) as error:
            if self.up:
                log.warning("going on without the cache: %s", type(error).__name__)
            self.up = False
            raise RedisError(type(error).__name__) from None

    async def _look_for_it(self) -> None:
        while True:
            if not self.up:
                self.up = await self._answers()
            await asyncio.sleep(LOOK_EVERY_S)

    async def _answers(self) -> bool:
        # A connection that is left may lead to a node that is no longer the master.
        with suppress(RedisError, OSError):
            await self._redis.connection_pool.disconnect(inuse_connections=False)
        try:
            async with asyncio.timeout(CONNECT_LIMIT_S):
                await asyncio.gather(*(self._redis.ping() for _ in range(CONNECTIONS)))
        except (RedisError, OSError, TimeoutError):
            return False
        return True


class CachedStore:
    """A store whose parts of the map are cached."""

    def __init__(self, store: Store, cache: Cache, metrics: Metrics) -> None:
        self._store, self._cache, self._metrics = store, cache, metrics

    async def open(self) -> None:
        """Begin to connect; returns at once."""
        await self._store.open()
        await self._cache.open()

    async def close(self) -> None:
        """Give the connections back."""
        await self._cache.close()
        await self._store.close()

    async def add(self, pin: NewPin) -> tuple[int, bool]:
        """See `Store`."""
        return await self._store.add(pin)

    async def get(self, number: int) -> Pin | None:
        """See `Store`."""
        return await self._store.get(number)

    async def primary_is(self, region: str) -> PrimaryIs:
        """See `Store`."""
        return await self._store.primary_is(region)

    async def within(self, box: Box, limit: int) -> list[Pin]:
        """Pins in the box, the newest first; at most `TTL_S` old."""
        if not self._cache.up:
            self._metrics.cache_asked("off")
            return await self._store.within(box, limit)
        key = f"pins:{box.west!r},{box.south!r},{box.east!r},{box.north!r}:{limit}"
        try:
            with self._commanding("get"):
                kept = await self._cache.get(key)
        except RedisError:
            self._metrics.cache_asked("error")
            return await self._store.within(box, limit)
        if kept is not None:
            self._metrics.cache_asked("hit")
            return [Pin(**pin) for pin in json.loads(kept)]
        self._metrics.cache_asked("miss")
        pins = await self._store.within(box, limit)
        try:
            with self._commanding("set"):
                await self._cache.put(key, json.dumps([pin.as_json() for pin in pins]))
        except RedisError:
            self._metrics.cache_asked("error")
        return pins

    @contextmanager
    def _commanding(self, command: str) -> Iterator[None]:
        attributes = {"db.system.name": "redis", "db.operation.name": command.upper()}
        with calling(f"cache {command}", attributes), self._metrics.commanding(command):
            yield
