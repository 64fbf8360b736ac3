"""The reference API's store on a real Postgres whose synchronous copy is not there."""

import asyncio
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import docker
import psycopg
import pytest
from sample_api.database import Database
from sample_api.pins import NewPin, NoPrimary
from sample_api.settings import Settings

from bicoastal.twin.images import build
from tests.twin.conftest import PROJECT

pytestmark = [pytest.mark.twin, pytest.mark.timeout(300)]

SERVER = """
PATH=$PATH:/usr/lib/postgresql/17/bin
initdb --pgdata=/tmp/data --username=pins --auth=trust >/dev/null
echo 'host all all all trust' >> /tmp/data/pg_hba.conf
echo 'synchronous_standby_names = nobody' >> /tmp/data/postgresql.conf
exec postgres -D /tmp/data -k /tmp -c listen_addresses='*'
"""
PIN = NewPin(client="phone", sequence=7, latitude=40.7, longitude=-74.0, label="a rose")


@pytest.fixture
def address(client: docker.DockerClient) -> Iterator[str]:
    image = build(client, [PROJECT / "images" / "postgres"], lambda *_: None)["postgres"]
    container = client.containers.run(image, ["-c", SERVER], entrypoint="sh", detach=True)
    try:
        container.reload()
        yield container.attrs["NetworkSettings"]["Networks"]["bridge"]["IPAddress"]
    finally:
        container.remove(force=True, v=True)


def settings_for(host: str, password: Path, port: int = 5432) -> Settings:
    """What an API is told whose way to the database is this one."""
    return Settings.from_environment(
        {
            "REGION": "east",
            "DATABASE_HOST": host,
            "DATABASE_PORT": str(port),
            "DATABASE_NAME": "maps",
            "DATABASE_USER": "pins",
            "DATABASE_PASSWORD_FILE": str(password),
            "DATABASE_SSLMODE": "disable",
        }
    )


@pytest.fixture
def password(tmp_path: Path) -> Path:
    file = tmp_path / "password"
    file.write_text("none")
    return file


def connected(address: str) -> psycopg.Connection[tuple[object, ...]]:
    deadline = time.monotonic() + 30
    while True:
        try:
            return psycopg.connect(host=address, user="pins", dbname="postgres", autocommit=True)
        except psycopg.OperationalError:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.2)


def test_a_write_without_its_copy_is_not_acknowledged_however_often_it_is_sent(
    address: str, password: Path
) -> None:
    with connected(address) as administrator:
        administrator.execute("set synchronous_commit = local")
        administrator.execute("create database maps")
        settings = settings_for(address, password)
        given_up, acknowledged = asyncio.run(_send_again(settings, administrator))
    assert given_up == 2
    assert not acknowledged[1], "the write was stored by its first commit"


async def _send_again(
    settings: Settings, administrator: psycopg.Connection[tuple[object, ...]]
) -> tuple[int, tuple[int, bool]]:
    """How often the write was refused while the copy was away, and its answer afterwards."""
    await _make_table(settings, administrator)
    database = Database(settings)
    await database.open()
    given_up = 0
    try:
        for _ in range(2):
            try:
                await database.add(PIN)
            except NoPrimary:
                given_up += 1
        administrator.execute("alter system set synchronous_standby_names = ''")
        administrator.execute("select pg_reload_conf()")
        await asyncio.sleep(1)
        return given_up, await database.add(PIN)
    finally:
        await database.close()


async def _make_table(settings: Settings, administrator: psycopg.Connection[tuple[object, ...]]) -> None:
    """The table is made while no copy is asked for, so that the writes alone are tried."""
    administrator.execute("alter database maps set synchronous_commit = local")
    database = Database(settings)
    await database.open()
    await database.get(1)
    await database.close()
    administrator.execute("alter database maps reset synchronous_commit")


class Balancer:
    """In front of the database: passes connections on while a primary is there, and closes them while not."""

    def __init__(self, address: str) -> None:
        self._address = address
        self._open: set[asyncio.StreamWriter] = set()
        self.primary_is_there = True

    async def start(self) -> int:
        """The port that it listens on."""
        self._server = await asyncio.start_server(self._pass_on, "127.0.0.1", 0)
        return int(self._server.sockets[0].getsockname()[1])

    def lose_primary(self) -> None:
        self.primary_is_there = False
        for writer in list(self._open):
            writer.close()

    async def stop(self) -> None:
        self.lose_primary()
        await asyncio.sleep(0.1)
        self._server.close()
        await self._server.wait_closed()

    async def _pass_on(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        if not self.primary_is_there:
            writer.close()
            return
        behind, to_behind = await asyncio.open_connection(self._address, 5432)
        self._open |= {writer, to_behind}
        try:
            await asyncio.gather(_pump(reader, to_behind), _pump(behind, writer))
        finally:
            self._open -= {writer, to_behind}


async def _pump(source: asyncio.StreamReader, sink: asyncio.StreamWriter) -> None:
    with suppress(OSError):
        while data := await source.read(1 << 16):
            sink.write(data)
            await sink.drain()
    sink.close()


def test_after_a_primary_was_away_for_long_the_next_write_waits_for_no_pause_of_the_pool(
    address: str, password: Path
) -> None:
    with connected(address) as administrator:
        administrator.execute("alter system set synchronous_standby_names = ''")
        administrator.execute("select pg_reload_conf()")
        administrator.execute("create database maps")
    assert asyncio.run(_first_write_after_an_outage(address, password)) < 1.0


async def _first_write_after_an_outage(address: str, password: Path) -> float:
    """Seconds from a primary's return to the first write, for a client that sends again every 0.1 s."""
    balancer = Balancer(address)
    port = await balancer.start()
    database = Database(settings_for("127.0.0.1", password, port))
    await database.open()
    try:
        await _add_until_stored(database, 1)
        balancer.lose_primary()
        away = asyncio.create_task(_add_until_stored(database, 2))
        await asyncio.sleep(9)
        balancer.primary_is_there = True
        back_at = time.monotonic()
        await away
        return time.monotonic() - back_at
    finally:
        await database.close()
        await balancer.stop()


async def _add_until_stored(database: Database, sequence: int) -> None:
    while True:
        try:
            await database.add(
                NewPin(client="phone", sequence=sequence, latitude=0.0, longitude=0.0, label="a rose")
            )
        except NoPrimary:
            await asyncio.sleep(0.1)
        else:
            return
