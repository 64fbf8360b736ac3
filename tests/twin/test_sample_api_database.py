"""The reference API's store on a real Postgres whose synchronous copy is not there."""

import asyncio
import time
from collections.abc import Iterator
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
    address: str, tmp_path: Path
) -> None:
    password = tmp_path / "password"
    password.write_text("none")
    with connected(address) as administrator:
        administrator.execute("set synchronous_commit = local")
        administrator.execute("create database maps")
        settings = Settings.from_environment(
            {
                "REGION": "east",
                "DATABASE_HOST": address,
                "DATABASE_NAME": "maps",
                "DATABASE_USER": "pins",
                "DATABASE_PASSWORD_FILE": str(password),
                "DATABASE_SSLMODE": "disable",
            }
        )
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
