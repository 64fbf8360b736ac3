"""Users at work: clients that write and read through the edge and note what they were told.

Only what was acknowledged is noted, in a file outside the stack. A write that failed is sent again under the
same client id and sequence, as a careful client does, so a lost acknowledgement makes no second row.
"""

import json
import random
import time
from dataclasses import dataclass, field
from itertools import cycle, pairwise
from pathlib import Path
from typing import TextIO

import httpx

from .clients import Clients

REQUEST_TIMEOUT_S = 3.0
RETRY_AFTER_S = 0.1


@dataclass(frozen=True)
class Answer:
    """One request that succeeded: when it was answered, and by which region."""

    at: float
    region: str
    took_s: float = 0.0
    """From the first attempt on, its retries included."""


@dataclass
class Load(Clients):
    """Writers and readers through the edge at `url`, until `stop`.

    `writers` and `readers` each send `rate` requests per second while all is well. A reader asks for a pin
    and for a part of the map by turns.
    """

    url: str
    journal: Path
    run: str
    writers: int = 4
    readers: int = 2
    rate: float = 10.0
    writes: list[Answer] = field(default_factory=list)
    reads: list[Answer] = field(default_factory=list)
    acknowledged: set[tuple[str, int]] = field(default_factory=set)
    _ids: list[int] = field(default_factory=list)

    def wait_for_acknowledgements(self, count: int, limit_s: float) -> None:
        """Wait until `count` more writes have been acknowledged. Raises TimeoutError."""
        _wait_for(self.writes, count, "writes not acknowledged", limit_s)

    def wait_for_reads(self, count: int, limit_s: float) -> None:
        """Wait until `count` more reads have been answered. Raises TimeoutError."""
        _wait_for(self.reads, count, "reads not answered", limit_s)

    def _begin(self) -> None:
        self.journal.parent.mkdir(parents=True, exist_ok=True)
        for number in range(self.writers):
            self._start(self._write, f"{self.run}-{number}")
        for _ in range(self.readers):
            self._start(self._read)

    def _write(self, client: str) -> None:
        with self._http() as http, self.journal.open("a") as journal:
            sequence = 0
            while not self._stopping.is_set():
                sequence += 1
                self._write_until_acknowledged(http, client, sequence, journal)
                self._stopping.wait(1 / self.rate)

    def _write_until_acknowledged(
        self, http: httpx.Client, client: str, sequence: int, journal: TextIO
    ) -> None:
        pin = {
            "client": client,
            "sequence": sequence,
            "latitude": random.uniform(-90, 90),  # noqa: S311 no secret
            "longitude": random.uniform(-180, 180),  # noqa: S311 no secret
            "label": "drill",
        }
        began = time.monotonic()
        while not self._stopping.is_set():
            try:
                answer = http.post("/api/pins", json=pin)
                if answer.status_code in (200, 201):
                    told = answer.json()
                    self._note(client, sequence, told, began, journal)
                    return
            except (httpx.HTTPError, ValueError):
                pass
            self._stopping.wait(RETRY_AFTER_S)

    def _note(
        self, client: str, sequence: int, told: dict[str, object], began: float, journal: TextIO
    ) -> None:
        at, region = time.monotonic(), str(told["region"])
        with self._lock:
            journal.write(json.dumps([client, sequence, told["id"], region, at]) + "\n")
            journal.flush()
            self.writes.append(Answer(at, region, at - began))
            self.acknowledged.add((client, sequence))
            self._ids.append(int(str(told["id"])))

    def _read(self) -> None:
        with self._http() as http:
            for ask in cycle((self._a_pin, _a_part_of_the_map)):
                if self._stopping.wait(1 / self.rate):
                    return
                if not self._ids:
                    continue
                try:
                    answer = http.get(ask())
                except httpx.HTTPError:
                    continue
                if answer.status_code == 200:
                    with self._lock:
                        self.reads.append(Answer(time.monotonic(), answer.headers["x-region"]))

    def _a_pin(self) -> str:
        return f"/api/pins/{random.choice(self._ids)}"  # noqa: S311 no secret

    def _http(self) -> httpx.Client:
        return httpx.Client(base_url=self.url, timeout=REQUEST_TIMEOUT_S, trust_env=False)


def _a_part_of_the_map() -> str:
    west, south = random.uniform(-180, 179), random.uniform(-90, 89)  # noqa: S311 no secret
    return f"/api/pins?bbox={west:.3f},{south:.3f},{west + 1:.3f},{south + 1:.3f}"


def longest_gap(answers: list[Answer], fault_at: float, until: float) -> float:
    """The longest time in which nobody was answered, from the last answer before the fault on, or from the
    fault itself where there was none."""
    last_before = max((answer.at for answer in answers if answer.at <= fault_at), default=fault_at)
    after = [answer.at for answer in answers if fault_at < answer.at <= until]
    return max(later - earlier for earlier, later in pairwise([last_before, *after, until]))


def _wait_for(answers: list[Answer], count: int, missing: str, limit_s: float) -> None:
    goal, deadline = len(answers) + count, time.monotonic() + limit_s
    while len(answers) < goal:
        if time.monotonic() > deadline:
            raise TimeoutError(f"{goal - len(answers)} of {count} {missing} in {limit_s} s")
        time.sleep(0.05)
