"""The status, live."""

import threading
import time
from contextlib import closing, suppress
from dataclasses import dataclass, field

from rich.console import Console, Group, RenderableType
from rich.live import Live
from rich.text import Text

from ..twin.status import Status, look, status_table
from ..twin.twin import Twin

INTERVAL_S = 1.0


@dataclass
class _Looks:
    """Looks at a twin again and again in the background, so that one that takes long holds up no display."""

    twin: Twin
    seen: Status | None = None
    seen_at: float = 0.0
    last_error: str = ""
    _ended: threading.Event = field(default_factory=threading.Event)

    def begin(self) -> None:
        """Look until `end`. A look into a lost place may outlive the command, which does not wait for it."""
        threading.Thread(target=self._look, daemon=True).start()

    def end(self) -> None:
        """No further look."""
        self._ended.set()

    def shown(self) -> RenderableType:
        """The newest look, how old it is, and the last error."""
        if self.seen is None:
            return Text(self.last_error or "looking", "red" if self.last_error else "")
        age = time.monotonic() - self.seen_at
        lines = [Text(f"seen {age:.0f} s ago; Ctrl-C ends")]
        if self.last_error:
            lines.append(Text(f"last error: {self.last_error}", "red"))
        return Group(status_table(self.seen), *lines)

    def _look(self) -> None:
        with closing(self.twin.cluster()) as cluster:
            while not self._ended.is_set():
                try:
                    self.seen, self.seen_at = look(self.twin, cluster), time.monotonic()
                except Exception as error:
                    now = time.strftime("%H:%M:%S")
                    self.last_error = f"{now} {type(error).__name__}: {error}"
                self._ended.wait(INTERVAL_S)


def watch(twin: Twin) -> None:
    """Show the status until Ctrl-C, on standard output; on no terminal only the last look is printed."""
    looks = _Looks(twin)
    looks.begin()
    console = Console()
    try:
        with suppress(KeyboardInterrupt), Live(console=console, auto_refresh=False) as live:
            while True:
                live.update(looks.shown(), refresh=True)
                time.sleep(INTERVAL_S)
    finally:
        looks.end()
