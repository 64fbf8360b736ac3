"""The store in Postgres, reached through the balancer that knows the primary."""

import asyncio
import logging
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import AsyncExitStack, asynccontextmanager, contextmanager, suppress

import psycopg
from psycopg.rows import tuple_row
from psycopg_pool import AsyncConnectionPool, PoolTimeout

from .pins import Box, NewPin, NoPrimary, Pin
from .region import PrimaryIs
from .settings import Settings

log = logging.getLogger("sample_api")

REQUEST_LIMIT_S = 3.0
REGION_LIMIT_S = 2.0
REGION_KEPT_S = 0.5
"""For which an answer about the region is good: anyone may ask, and each question costs a session."""
ATTEMPT_S = 0.25
"""After which a request that waits for a connection has a new one tried. The pool's own pauses between tries
begin with a second and double: after a failover they would go on for as long again."""
_TABLE_LOCK = 0x62636F6173  # one API at a time makes the table, over both regions

_CREATE = """
create table if not exists pins (
  id bigint generated always as identity primary key,
  client text not null,
  sequence bigint not null,
  latitude double precision not null,
  longitude double precision not null,
  label text not null,
  created_at timestamptz not null default now(),
  unique (client, sequence)
)
"""
# A write that is sent again writes again: a commit that changed nothing would wait for no copy, and so
# acknowledge a row whose first commit was given up waiting.
_ADD = """
insert into pins (client, sequence, latitude, longitude, label) values (%s, %s, %s, %s, %s)
on conflict (client, sequence) do update set sequence = excluded.sequence returning id, xmax = 0
"""
_WITHIN = """
select id, latitude, longitude, label from pins
where latitude between %s and %s
  and (longitude between %s and %s or (%s > %s and (longitude >= %s or longitude <= %s)))
order by id desc limit %s
"""


@contextmanager
def _copies_confirmed(connection: psycopg.AsyncConnection[tuple[object, ...]]) -> Iterator[None]:
    """Raise `NoPrimary` when a commit inside was given up waiting for its synchronous copies: Postgres
    reports success and a warning. Not acknowledged, the client asks again."""
    notices: list[str] = []

    def note(diagnostic: psycopg.errors.Diagnostic) -> None:
        notices.append(str(diagnostic.message_primary))

    connection.add_notice_handler(note)
    try:
        yield
    finally:
        connection.remove_notice_handler(note)
    if any("synchronous replication" in notice for notice in notices):
        raise NoPrimary


class Database:
    """Pins in Postgres."""

    def __init__(self, settings: Settings) -> None:
        self._arguments = {
            "host": settings.database_host,
            "port": settings.database_port,
            "dbname": settings.database_name,
            "user": settings.database_user,
            "password": settings.database_password,
            "sslmode": settings.database_sslmode,
            **({"sslrootcert": settings.database_ca_file} if settings.database_ca_file else {}),
            "connect_timeout": 2,
            "keepalives_idle": 2,
            "keepalives_interval": 1,
            "keepalives_count": 3,
            "tcp_user_timeout": 5000,
            "target_session_attrs": "read-write",
            "options": "-c statement_timeout=5000",
            "application_name": f"sample-api {settings.region}",
        }
        self._pool = AsyncConnectionPool(
            kwargs=self._arguments,
            min_size=1,
            max_size=10,
            open=False,
            # A session that the balancer has cut is found here and not by a user's request.
            check=AsyncConnectionPool.check_connection,
            reconnect_timeout=0,
            max_idle=60,
            num_workers=3,
        )
        self._table_exists = False
        self._asked: asyncio.Task[PrimaryIs] | None = None
        self._asked_at = 0.0
        logging.getLogger("psycopg.pool").setLevel(logging.ERROR)

    async def open(self) -> None:
        """Begin to connect; the API starts while there is no database."""
        await self._pool.open(wait=False)

    async def close(self) -> None:
        """Give the connections back."""
        await self._pool.close(timeout=2)

    async def add(self, pin: NewPin) -> tuple[int, bool]:
        """Store the pin and wait for the commit; the same client and sequence give the same pin."""
        values = (pin.client, pin.sequence, pin.latitude, pin.longitude, pin.label)
        async with self._connection() as connection:
            with _copies_confirmed(connection):
                async with connection.transaction():
                    row = await (await connection.execute(_ADD, values)).fetchone()
            assert row is not None
            return int(row[0]), bool(row[1])

    async def get(self, number: int) -> Pin | None:
        """The pin of this id."""
        query = "select id, latitude, longitude, label from pins where id = %s"
        async with self._connection() as connection:
            row = await (await connection.execute(query, [number])).fetchone()
        return Pin(*row) if row else None

    async def within(self, box: Box, limit: int) -> list[Pin]:
        """Pins in the box, the newest first; a box may cross the date line."""
        west, east = box.west, box.east
        values = (box.south, box.north, west, east, west, east, west, east, limit)
        async with self._connection() as connection:
            rows = await (await connection.execute(_WITHIN, values)).fetchall()
        return [Pin(*row) for row in rows]

    async def primary_is(self, region: str) -> PrimaryIs:
        """Where the primary is. One question at a time: who comes while it is asked, or right after, is told
        the same."""
        kept = time.monotonic() < self._asked_at + REGION_KEPT_S
        if self._asked is None or (self._asked.done() and not kept):
            self._asked, self._asked_at = asyncio.create_task(self._ask_primary(region)), time.monotonic()
        return await asyncio.shield(self._asked)

    async def _ask_primary(self, region: str) -> PrimaryIs:
        """Asked anew on a connection of its own: the pool may hold old ones."""
        query = "select pg_is_in_recovery(), current_setting('bicoastal.region', true)"
        with suppress(psycopg.Error, OSError, TimeoutError):
            async with asyncio.timeout(REGION_LIMIT_S):
                connection = await psycopg.AsyncConnection.connect(**self._arguments)
                async with connection:
                    row = await (await connection.execute(query)).fetchone()
            if row is not None and not row[0]:
                return PrimaryIs.HERE if row[1] == region else PrimaryIs.ELSEWHERE
        return PrimaryIs.NOWHERE

    @asynccontextmanager
    async def _connection(self) -> AsyncIterator[psycopg.AsyncConnection[tuple[object, ...]]]:
        try:
            async with asyncio.timeout(REQUEST_LIMIT_S), AsyncExitStack() as lent:
                connection = await self._lend(lent)
                connection.row_factory = tuple_row
                if not self._table_exists:
                    await self._create_table(connection)
                yield connection
        except (psycopg.Error, OSError, TimeoutError) as error:
            log.warning("no primary: %s", type(error).__name__)
            raise NoPrimary from None

    async def _lend(self, lent: AsyncExitStack) -> psycopg.AsyncConnection[tuple[object, ...]]:
        while True:
            with suppress(PoolTimeout):
                return await lent.enter_async_context(self._pool.connection(ATTEMPT_S))

    async def _create_table(self, connection: psycopg.AsyncConnection[tuple[object, ...]]) -> None:
        async with connection.transaction():
            await connection.execute("select pg_advisory_xact_lock(%s)", [_TABLE_LOCK])
            await connection.execute(_CREATE)
        self._table_exists = True
