"""The database's own word on what it holds, asked at the primary."""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager

import psycopg

from ..twin import Twin


@contextmanager
def primary(twin: Twin, place: str) -> Iterator[psycopg.Connection[tuple[object, ...]]]:
    """A connection to the primary through the balancer of `place`, verified as any client's."""
    with tempfile.NamedTemporaryFile("w", suffix=".pem") as authority:
        authority.write(twin.environment.credentials.ca_pem)
        authority.flush()
        database = twin.environment.database
        with psycopg.connect(
            host="postgres",
            hostaddr=twin.layout.place(place).address,
            port=5432,
            dbname=database.database,
            user=database.role,
            password=twin.environment.credentials.passwords["application"],
            sslmode="verify-full",
            sslrootcert=authority.name,
            connect_timeout=5,
            autocommit=True,
        ) as connection:
            yield connection


def rows_of(connection: psycopg.Connection[tuple[object, ...]], run: str) -> set[tuple[str, int]]:
    """Client and sequence of every row that the run's writers made."""
    found = connection.execute("select client, sequence from pins where client like %s", [f"{run}-%"])
    return {(str(client), int(str(sequence))) for client, sequence in found}


def wal_position(connection: psycopg.Connection[tuple[object, ...]]) -> int:
    """Bytes of WAL that the primary has written in its life."""
    row = connection.execute("select (pg_current_wal_lsn() - '0/0')::bigint").fetchone()
    assert row is not None
    return int(str(row[0]))
