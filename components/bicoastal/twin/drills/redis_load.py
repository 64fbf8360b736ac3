"""Clients of Redis at work: outside through the balancer of a region, and inside on the master itself.

A write counts as acknowledged outside when the master has taken it and a replica has confirmed it
(`SET`, then `WAIT 1`). It is sent again until then. Only what was acknowledged is noted, outside the stack.
"""

import json
import threading
import time
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Self, TextIO, cast

import redis
from redis.backoff import NoBackoff
from redis.retry import Retry

from ..twin import Twin
from .clients import Clients

REQUEST_TIMEOUT_S = 1.0
RETRY_AFTER_S = 0.05
INSIDE_LIMIT_S = 180
"""Seconds after which a writer inside ends by itself: from outside it cannot be stopped."""
KEPT_S = 3600
"""Seconds until a drill's keys go by themselves."""


@dataclass
class RedisLoad(Clients):
    """Writers outside, through the balancer of `region`, until `stop`; each writes `rate` keys a second."""

    twin: Twin
    region: str
    run: str
    journal: Path
    writers: int = 4
    rate: float = 20.0
    at: list[float] = field(default_factory=list)
    """When each write was acknowledged, on this machine's monotonic clock."""
    acknowledged: set[str] = field(default_factory=set)

    def lost(self) -> set[str]:
        """The acknowledged writes that the master does not have."""
        keys = sorted(self.acknowledged)
        with application(self.twin, self.region) as client:
            found = [value for begin in range(0, len(keys), 500) for value in client.mget(keys[begin:][:500])]
        return {key for key, value in zip(keys, found, strict=True) if value is None}

    def _begin(self) -> None:
        self.journal.parent.mkdir(parents=True, exist_ok=True)
        for number in range(self.writers):
            self._start(self._write, number)

    def _write(self, number: int) -> None:
        sequence = 0
        with application(self.twin, self.region) as client, self.journal.open("a") as journal:
            while not self._stopping.is_set():
                sequence += 1
                self._write_until_acknowledged(client, f"{self.run}:{number}:{sequence}", journal)
                self._stopping.wait(1 / self.rate)

    def _write_until_acknowledged(self, client: redis.Redis, key: str, journal: TextIO) -> None:
        while not self._stopping.is_set():
            with suppress(redis.RedisError):
                with client.pipeline(transaction=False) as both:
                    both.set(key, "1", ex=KEPT_S)
                    both.execute_command("WAIT", 1, round(REQUEST_TIMEOUT_S * 500))
                    taken, copies = both.execute()
                if taken and copies >= 1:
                    self._note(key, journal)
                    return
            self._stopping.wait(RETRY_AFTER_S)

    def _note(self, key: str, journal: TextIO) -> None:
        at = time.monotonic()
        with self._lock:
            journal.write(json.dumps([key, at]) + "\n")
            journal.flush()
            self.at.append(at)
            self.acknowledged.add(key)


@dataclass
class InsideWriter:
    """A client inside a place that was connected to its node before the fault, and stays so. It writes one
    key every 50 ms, asks for no copy, and knows no other way."""

    twin: Twin
    place: str
    accepted_at: list[float] = field(default_factory=list)
    """When the node said OK, on this machine's monotonic clock."""
    refused_at: list[float] = field(default_factory=list)
    """When it said anything else."""

    def __enter__(self) -> Self:
        node = next(n for n in self.twin.environment.redis_nodes if n.place == self.place)
        self._engines = self.twin.engines([self.place])
        engine = self._engines.__enter__()[self.place]
        container = next(c for c in engine.containers.list() if f"_{node.service}." in str(c.name))
        writes = ["redis-as", "application", "-r", "-1", "-i", "0.05", "SET", "drill:inside", "1"]
        command = ["timeout", str(INSIDE_LIMIT_S), *writes]
        self._answers = cast("Iterator[bytes]", container.exec_run(command, stream=True).output)
        threading.Thread(target=self._listen, daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self._engines.__exit__()

    def _listen(self) -> None:
        with suppress(Exception):  # the stream ends with the place, in one way or another
            for answer in self._answers:
                at = time.monotonic()
                for line in answer.decode(errors="replace").splitlines():
                    (self.accepted_at if line == "OK" else self.refused_at).append(at)


def application(twin: Twin, region: str) -> redis.Redis:
    """A client of the application's through the balancer of `region`. It passes on the certificate of
    whichever node is the master, which does not name the balancer's address: the authority is verified."""
    made: redis.Redis = redis.Redis(
        host=twin.layout.place(region).address,
        port=6379,
        username="application",
        password=twin.environment.credentials.passwords["redis_application"],
        ssl=True,
        ssl_ca_data=twin.environment.credentials.ca_pem,
        ssl_cert_reqs="required",
        ssl_check_hostname=False,
        socket_timeout=REQUEST_TIMEOUT_S,
        socket_connect_timeout=REQUEST_TIMEOUT_S,
        retry=Retry(NoBackoff(), 0),
        decode_responses=True,
    )
    return made
