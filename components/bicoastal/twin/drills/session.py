"""A client inside a place: one session with the primary, open before a fault and left open."""

import json
import time
from contextlib import closing
from dataclasses import dataclass, field
from typing import Self

from ...database import Member
from ...templates import render
from ..twin import Twin
from .members import containers_of

PAUSE_S = 0.05
LONGEST_S = 600
START_LIMIT_S = 20.0
_START = 'echo $$ > "$1.pid"; exec timeout "$2" python3 -c "$3" > "$1" 2>&1'
_STOP = 'kill "$(cat "$1.pid")" 2> /dev/null; rm -f "$1" "$1.pid"'


@dataclass
class OpenSession:
    """A session with `member`, from a container in the same place, over no network but the place's own.

    It inserts rows of client `<run>-inside`, twenty a second, straight into the member and past any balancer,
    and never connects again. What it was told lies in its container until it is read: the way there is the
    engine's socket, which no cut of the network reaches.
    """

    twin: Twin
    member: Member
    beside: Member
    """In whose container the client runs; it must outlive the fault."""
    run: str
    told: list[tuple[int, float]] = field(default_factory=list)
    """What it was told of: number, and the moment on the monotonic clock."""
    ended: tuple[float, str] | None = None
    """When and by which error the session ended."""

    @property
    def client(self) -> str:
        """The client of its rows."""
        return f"{self.run}-inside"

    @property
    def acknowledged(self) -> set[tuple[str, int]]:
        """Client and sequence of what it was told of."""
        return {(self.client, number) for number, _ in self.told}

    def last_told(self, since: float) -> float:
        """When it was told of a write for the last time; `since` when never."""
        return max((at for _, at in self.told), default=since)

    def told_after(self, moment: float) -> int:
        """How many writes it was told of after the moment."""
        return sum(at > moment for _, at in self.told)

    def __enter__(self) -> Self:
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
        self._shell(_START, str(LONGEST_S), script, detach=True)
        deadline = time.monotonic() + START_LIMIT_S
        while len(self.told) < 3:
            self._read()
            if self.ended is not None or time.monotonic() > deadline:
                raise RuntimeError(f"no session with {self.member.name}: {self.ended or 'no answer'}")
            time.sleep(0.2)
        return self

    def __exit__(self, *_: object) -> None:
        self._read()
        self._shell(_STOP)

    def wait_for_its_end(self, limit_s: float) -> bool:
        """Whether the session was cut within the limit; what it was told of is known afterwards."""
        deadline = time.monotonic() + limit_s
        while True:
            self._read()
            if self.ended is not None or time.monotonic() > deadline:
                return self.ended is not None
            time.sleep(0.5)

    def _read(self) -> None:
        told, ended = [], None
        for line in self._shell('cat "$1" 2> /dev/null').splitlines():
            try:
                what, text, at = json.loads(line)
            except ValueError:  # half a line, or what Python says of an error of its own
                continue
            if what == "told":
                told.append((int(text), float(at)))
            elif what == "ended":
                ended = (float(at), str(text))
        self.told, self.ended = told, ended

    def _shell(self, script: str, *arguments: str, detach: bool = False) -> str:
        journal = f"/tmp/{self.client}"  # noqa: S108 a path in the container
        with closing(self.twin.places.engine(self.beside.place)) as engine:
            (container,) = engine.containers.list(filters=containers_of(self.beside))
            _, output = container.exec_run(["sh", "-c", script, "sh", journal, *arguments], detach=detach)
        return output.decode(errors="replace") if isinstance(output, bytes) else ""
