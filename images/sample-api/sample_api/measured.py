"""A store whose answers are timed."""

from collections.abc import Iterator
from contextlib import contextmanager

from .metrics import Metrics
from .pins import Box, NewPin, Pin, Store
from .region import PrimaryIs
from .tracing import calling


class MeasuredStore:
    """A store that notes how long each query took, with the wait for a connection and for the commit; in a
    trace each is a span, by its name."""

    def __init__(self, store: Store, metrics: Metrics) -> None:
        self._store, self._metrics = store, metrics

    async def open(self) -> None:
        """See `Store`."""
        await self._store.open()

    async def close(self) -> None:
        """See `Store`."""
        await self._store.close()

    async def add(self, pin: NewPin) -> tuple[int, bool]:
        """See `Store`."""
        with self._querying("add"):
            return await self._store.add(pin)

    async def get(self, number: int) -> Pin | None:
        """See `Store`."""
        with self._querying("get"):
            return await self._store.get(number)

    async def within(self, box: Box, limit: int) -> list[Pin]:
        """See `Store`."""
        with self._querying("within"):
            return await self._store.within(box, limit)

    async def primary_is(self, region: str) -> PrimaryIs:
        """See `Store`; asked by machines, and not timed."""
        return await self._store.primary_is(region)

    @contextmanager
    def _querying(self, query: str) -> Iterator[None]:
        attributes = {"db.system.name": "postgresql", "db.query.summary": query}
        with calling(f"database {query}", attributes), self._metrics.querying(query):
            yield
