"""A client inside a place: one session with the primary, open before a fault and left open."""

import json
import threading
import time
from dataclasses import dataclass, field
from typing import Self

from ...database import Member
from ...templates import render
from ..twin import Twin
from .members import service_label

PAUSE_S = 0.05
LONGEST_S = 600
START_LIMIT_S = 20.0


@dataclass
class OpenSession:
    """A session with `member`, from a container in `place`, over no network but the place's own.

    It inserts rows of client `<run>-inside`, twenty a second, straight into the member and past any balancer,
    and never connects again.
    """

    twin: Twin
    member: Member
    beside: Member
    """In whose container the client runs."""
    run: str
    told: list[tuple[int, float]] = field(default_factory=list)
    """What it was told of: number, and the moment on the monotonic clock."""
    asked: int = 0
    ended: tuple[float, str] | None = None
    """When and by which error the session ended."""
    _thread: threading.Thread | None = None

    @property
    def client(self) -> str:
        """The client of its rows."""
        return f"{self.run}-inside"

    @property
    def acknowledged(self) -> set[tuple[str, int]]:
        """Client and sequence of what it was told of."""
        return {(self.client, number) for number, _ in self.told}

    def told_after(self, moment: float) -> int:
        """How many writes it was told of after the moment."""
        return sum(at > moment for _, at in self.told)

    def __enter__(self) -> Self:
        self._thread = threading.Thread(target=self._listen, daemon=True)
        self._thread.start()
        deadline = time.monotonic() + START_LIMIT_S
        while len(self.told) < 3:
            if time.monotonic() > deadline or not self._thread.is_alive():
                raise RuntimeError(f"no session with {self.member.name}: {self.ended or 'no answer'}")
            time.sleep(0.05)
        return self

    def __exit__(self, *_: object) -> None:
        """It ends by itself: with its primary, or after ten minutes."""

    def wait_for_its_end(self, limit_s: float) -> bool:
        """Whether the session was cut within the limit."""
        assert self._thread is not None
        self._thread.join(limit_s)
        return self.ended is not None

    def _listen(self) -> None:
        database = self.twin.environment.database
        script = render(
            "bicoastal.twin",
            "open_session.py.j2",
            address=self.member.address,
            port=self.member.port,
            database=database.database,
            role=database.role,
            client=self.client,
            pause_s=PAUSE_S,
        )
        with self.twin.engines([self.beside.place]) as engines:
            engine = engines[self.beside.place]
            (container,) = engine.containers.list(filters={"label": service_label(self.beside)})
            command = ["timeout", str(LONGEST_S), "python3", "-c", script]
            _, parts = container.exec_run(command, stream=True)
            rest = ""
            for part in parts:
                assert isinstance(part, bytes)
                *lines, rest = (rest + part.decode(errors="replace")).split("\n")
                for line in lines:
                    self._note(line)

    def _note(self, line: str) -> None:
        try:
            what, text, at = json.loads(line)
        except ValueError:
            self.ended = (time.monotonic(), line)
            return
        if what == "asked":
            self.asked = int(text)
        elif what == "told":
            self.told.append((int(text), float(at)))
        else:
            self.ended = (float(at), str(text))
