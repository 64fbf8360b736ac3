"""Requests at a steady rate through the edge, none sent a second time: whatever fails is counted."""

import time
from collections import Counter
from dataclasses import dataclass, field

import httpx

from .clients import Clients
from .load import Answer

USERS = 20
TIMEOUT_S = 5.0
_SHOWN_FAILURES = 5


@dataclass
class Requests(Clients):
    """Users who read and write, together `rate` requests a second, until `stop`.

    One in five is a write. A request has failed when it is answered with a status of 400 or more, or not at
    all within five seconds.
    """

    url: str
    run: str
    rate: float = 100.0
    answers: Counter[str] = field(default_factory=Counter)
    """How many each colour answered well."""
    answered: list[Answer] = field(default_factory=list)
    """When each was answered well, and by which region."""
    failures: list[str] = field(default_factory=list)
    _began: float = 0.0
    _ended: float = 0.0

    def stop(self) -> None:
        """No new requests; waits until the last ones are answered."""
        super().stop()
        self._ended = self._ended or time.monotonic()

    @property
    def sent(self) -> int:
        """How many have been answered or have failed."""
        return sum(self.answers.values()) + len(self.failures)

    @property
    def rate_reached(self) -> float:
        """Requests a second, from start to stop, each answered or failed."""
        return self.sent / ((self._ended or time.monotonic()) - self._began)

    def told(self) -> dict[str, object]:
        """What else was seen, by name."""
        return {
            "requests": self.sent,
            "answered by": dict(self.answers),
            "failures": self.failures[:_SHOWN_FAILURES],
        }

    def _begin(self) -> None:
        self._began = time.monotonic()
        for user in range(USERS):
            self._start(self._ask, user)

    def _ask(self, user: int) -> None:
        pause = USERS / self.rate
        due, sequence = time.monotonic() + pause * user / USERS, 0
        with httpx.Client(base_url=self.url, timeout=TIMEOUT_S, trust_env=False) as http:
            while not self._stopping.wait(max(0.0, due - time.monotonic())):
                sequence += 1
                self._one(http, user, sequence)
                due = max(due + pause, time.monotonic() - 1)  # a late user catches up a second, not more

    def _one(self, http: httpx.Client, user: int, sequence: int) -> None:
        at = time.strftime("%H:%M:%S")
        try:
            if sequence % 5 == 0:
                pin = {"client": f"{self.run}-{user}", "sequence": sequence, "label": "drill"}
                answer = http.post("/api/pins", json={**pin, "latitude": 1, "longitude": 2})
            else:
                answer = http.get("/api/pins", params={"bbox": "0,0,3,3", "limit": "5"})
        except httpx.HTTPError as error:
            self._failed(f"{at} {type(error).__name__}")
            return
        if answer.status_code >= 400:
            self._failed(f"{at} {answer.status_code} {answer.text[:80]}")
            return
        noted = Answer(time.monotonic(), answer.headers.get("x-region", "none"))
        with self._lock:
            self.answers[answer.headers.get("x-colour", "none")] += 1
            self.answered.append(noted)

    def _failed(self, what: str) -> None:
        with self._lock:
            self.failures.append(what)
