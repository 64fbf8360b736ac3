"""The reference API with a cache that can die, over TLS as in production."""

import asyncio
import ssl
import statistics
import threading
import time
from contextlib import suppress

import pytest
from sample_api.app import create_app
from sample_api.cache import REQUEST_LIMIT_S, TTL_S
from sample_api.settings import Settings, SettingsError
from starlette.testclient import TestClient

from bicoastal.twin.certificates import new_authority, new_member
from tests.images.test_sample_api import ENVIRONMENT, PIN, MemoryStore

BOX = {"bbox": "-75,40,-73,41"}


class Redis:
    """What a client of the cache needs of Redis, in a thread of its own. It can hang and be killed."""

    def __init__(self, context):
        self.context, self.kept, self.hangs = context, {}, False
        self.port, self.asked = 0, 0
        self._loop = asyncio.new_event_loop()
        self._writers = set()
        self._thread = threading.Thread(target=self._loop.run_forever)
        self._thread.start()
        self.start()

    def start(self):
        self._server = self._run(asyncio.start_server(self._serve, "127.0.0.1", self.port, ssl=self.context))
        self.port = self._server.sockets[0].getsockname()[1]

    def kill(self):
        async def gone():
            self._server.close()
            for writer in self._writers:
                writer.transport.abort()
            while self._writers:
                await asyncio.sleep(0.01)

        self._run(gone())

    def stop(self):
        self.hangs = False
        self.kill()
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()

    def _run(self, coroutine):
        return asyncio.run_coroutine_threadsafe(coroutine, self._loop).result(5)

    async def _serve(self, reader, writer):
        self._writers.add(writer)
        with suppress(OSError, asyncio.IncompleteReadError):
            while not reader.at_eof():
                count = int((await reader.readline())[1:] or 0)
                if not count:
                    break
                words = []
                for _ in range(count):
                    size = int((await reader.readline())[1:])
                    words.append((await reader.readexactly(size + 2))[:-2].decode())
                while self.hangs:
                    await asyncio.sleep(0.01)
                writer.write(self._answer(*words))
        writer.close()
        with suppress(OSError):
            await writer.wait_closed()
        self._writers.discard(writer)

    def _answer(self, command, *words):
        if command == "GET":
            self.asked += 1
            text, until = self.kept.get(words[0], (None, 0))
            return b"$-1\r\n" if time.monotonic() > until else f"${len(text)}\r\n{text}\r\n".encode()
        if command == "SET":
            key, text, _, seconds = words
            self.kept[key] = (text, time.monotonic() + int(seconds))
        return b"+PONG\r\n" if command == "PING" else b"+OK\r\n"


@pytest.fixture(scope="module")
def tls(tmp_path_factory):
    folder = tmp_path_factory.mktemp("tls")
    authority = new_authority()
    member = new_member(authority, "redis", ["localhost"])
    (folder / "ca.pem").write_text(authority.cert_pem)
    (folder / "redis.pem").write_text(member.cert_pem + member.key_pem)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(folder / "redis.pem")
    return context, str(folder / "ca.pem")


@pytest.fixture
def redis(tls):
    server = Redis(tls[0])
    yield server
    server.stop()


@pytest.fixture
def environment(tls, redis, tmp_path):
    (tmp_path / "password").write_text("correct-horse\n")
    return {
        **ENVIRONMENT,
        "DATABASE_PASSWORD_FILE": str(tmp_path / "password"),
        "CACHE_HOST": "localhost",
        "CACHE_PORT": str(redis.port),
        "CACHE_USER": "application",
        "CACHE_PASSWORD_FILE": str(tmp_path / "password"),
        "CACHE_CA_FILE": tls[1],
    }


@pytest.fixture
def api(environment):
    with TestClient(create_app(Settings.from_environment(environment), MemoryStore())) as client:
        yield client


def results(api):
    """How often each result was counted."""
    lines = [
        line for line in api.get("/metrics").text.splitlines() if line.startswith("cache_requests_total")
    ]
    return {line.split('result="')[1].split('"')[0]: float(line.split()[-1]) for line in lines}


def since(before, after):
    """What was counted in between."""
    return {
        result: count - before.get(result, 0)
        for result, count in after.items()
        if count > before.get(result, 0)
    }


def read(api):
    answer = api.get("/api/pins", params=BOX)
    assert answer.status_code == 200
    return [pin["label"] for pin in answer.json()["pins"]]


def until_cached(api):
    """Read until the cache answers."""
    deadline = time.monotonic() + 10
    while not results(api).get("hit"):
        assert time.monotonic() < deadline
        read(api)
        time.sleep(0.05)


def test_a_part_of_the_map_is_read_once_and_then_comes_from_the_cache(api):
    api.post("/api/pins", json=PIN)
    until_cached(api)
    assert read(api) == ["a rose"]
    assert results(api)["miss"] >= 1


def commands(api):
    """How often each command was timed."""
    name = "cache_command_duration_seconds_count"
    lines = [line for line in api.get("/metrics").text.splitlines() if line.startswith(name)]
    return {line.split('command="')[1].split('"')[0]: float(line.split()[-1]) for line in lines}


def test_each_command_to_the_cache_is_timed(api):
    until_cached(api)
    asked, timed = results(api), commands(api)
    assert timed["get"] == asked["hit"] + asked["miss"] + asked.get("error", 0)
    assert timed["set"] == asked["miss"]


def test_a_command_that_is_not_answered_is_timed_too(api, redis):
    until_cached(api)
    before = commands(api)["get"]
    redis.hangs = True
    read(api)
    redis.hangs = False
    assert commands(api)["get"] == before + 1


def test_a_new_pin_shows_on_a_cached_part_within_the_documented_seconds(api):
    until_cached(api)
    api.post("/api/pins", json=PIN)
    began = time.monotonic()
    while read(api) != ["a rose"]:
        assert time.monotonic() - began < TTL_S + 3
        time.sleep(0.05)


def test_without_redis_everything_is_answered_by_the_store(api, redis):
    until_cached(api)
    redis.kill()
    before = results(api)
    for _ in range(20):
        read(api)
    assert since(before, results(api)) == {"error": 1, "off": 19}


def test_a_redis_that_hangs_costs_one_request_a_fifth_of_a_second_and_no_other_anything(api, redis):
    until_cached(api)
    redis.hangs = True
    before = results(api)
    took = []
    for _ in range(50):
        began = time.monotonic()
        read(api)
        took.append(time.monotonic() - began)
    redis.hangs = False
    assert since(before, results(api)) == {"error": 1, "off": 49}
    assert max(took) >= REQUEST_LIMIT_S
    assert statistics.median(took) < REQUEST_LIMIT_S


def test_a_redis_that_comes_back_is_found_again(api, redis):
    until_cached(api)
    redis.kill()
    read(api)
    redis.start()
    hits = results(api)["hit"]
    deadline = time.monotonic() + 10
    while results(api)["hit"] == hits:
        assert time.monotonic() < deadline
        read(api)
        time.sleep(0.05)


def test_an_api_starts_while_there_is_no_redis(environment, redis):
    redis.kill()
    with TestClient(create_app(Settings.from_environment(environment), MemoryStore())) as api:
        assert api.get("/ready").status_code == 200
        assert read(api) == []


def test_a_redis_of_another_authority_is_not_talked_to(environment, redis, tmp_path):
    (tmp_path / "other.pem").write_text(new_authority().cert_pem)
    settings = Settings.from_environment({**environment, "CACHE_CA_FILE": str(tmp_path / "other.pem")})
    with TestClient(create_app(settings, MemoryStore())) as api:
        time.sleep(0.5)
        read(api)
        assert results(api) == {"off": 1.0}
    assert redis.asked == 0


def test_the_caches_password_is_never_shown(environment):
    settings = Settings.from_environment(environment)
    assert settings.cache.password == "correct-horse"
    assert "correct-horse" not in repr(settings)


@pytest.mark.parametrize("missing", ["CACHE_USER", "CACHE_PASSWORD_FILE"])
def test_a_missing_setting_of_the_cache_is_named(environment, missing):
    del environment[missing]
    with pytest.raises(SettingsError, match=missing):
        Settings.from_environment(environment)
