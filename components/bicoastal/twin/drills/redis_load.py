"""Clients of Redis at work: outside through the balancer of a region, and inside on the master itself.

A write counts as acknowledged outside when the master has taken it and a replica has confirmed it
(`SET`, then `WAIT 1`), and as taken when the master alone has said OK. Each attempt is a key of its own, or a
later one would hide the loss of an earlier one. Only what was acknowledged is noted, outside the stack.
"""

import json
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Self, TextIO, cast

import redis
from redis.backoff import NoBackoff
from redis.retry import Retry

from ...cache import RedisNode
from ...operations.redis import client as direct
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
    taken: set[str] = field(default_factory=set)
    """What the master said OK to, whether or not a copy confirmed it."""

    def lost(self) -> set[str]:
        """The acknowledged writes that the master does not have."""
        return self._missing(self.acknowledged)

    def taken_and_lost(self) -> set[str]:
        """The writes that a master said OK to and that the master does not have."""
        return self._missing(self.taken)

    def _missing(self, wanted: set[str]) -> set[str]:
        keys = sorted(wanted)
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
                is_acknowledged = self._attempt(client, f"{self.run}:{number}:{sequence}", journal)
                self._stopping.wait(1 / self.rate if is_acknowledged else RETRY_AFTER_S)

    def _attempt(self, client: redis.Redis, key: str, journal: TextIO) -> bool:
        with suppress(redis.RedisError), client.client() as session:  # WAIT is about its own connection alone
            if session.set(key, "1", ex=KEPT_S):
                with self._lock:
                    self.taken.add(key)
                if session.execute_command("WAIT", 1, round(REQUEST_TIMEOUT_S * 500)) >= 1:
                    self._note(key, journal)
                    return True
        return False

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

    def heard_after(self, moment: float) -> bool:
        """Whether the node told it anything after the moment: who is not heard may be told of writes."""
        return any(at > moment for at in (*self.accepted_at[-1:], *self.refused_at[-1:]))

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


@dataclass
class DirectWriters(Clients):
    """A client for each of these places' nodes that writes to it alone, past every balancer: the node refuses
    until it is a master, and says OK from the moment on at which it takes writes."""

    twin: Twin
    places: Sequence[str]
    accepted_at: list[float] = field(default_factory=list)
    """When any of them said OK, on this machine's monotonic clock."""

    def first_accepted(self, since: float) -> float:
        """When one of them said OK for the first time after the moment; infinite when none did."""
        return min((at for at in self.accepted_at if at > since), default=float("inf"))

    def _begin(self) -> None:
        for node in self.twin.environment.redis_nodes:
            if node.place in self.places:
                self._start(self._write, node)

    def _write(self, node: RedisNode) -> None:
        credentials = self.twin.environment.credentials
        password = credentials.passwords["redis_application"]
        with direct(node.address, node.port, "application", password, credentials.ca_pem) as client:
            while not self._stopping.wait(RETRY_AFTER_S):
                with suppress(redis.RedisError):
                    client.set("drill:direct", "1", ex=KEPT_S)
                    self.accepted_at.append(time.monotonic())


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
