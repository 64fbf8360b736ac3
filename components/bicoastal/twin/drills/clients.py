"""Clients at work, each in a thread of its own, until they are stopped."""

import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Self


@dataclass
class Clients:
    """The base of every kind of load. What it does is begun by `_begin`, for a `with` block; a client ends
    when `_stopping` is set, and holds `_lock` while it notes what it was told."""

    _lock: threading.Lock = field(init=False, default_factory=threading.Lock)
    _stopping: threading.Event = field(init=False, default_factory=threading.Event)
    _threads: list[threading.Thread] = field(init=False, default_factory=list)

    def __enter__(self) -> Self:
        self._begin()
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    def stop(self) -> None:
        """No new requests; waits until the last ones are answered."""
        self._stopping.set()
        for thread in self._threads:
            thread.join()

    def _begin(self) -> None:
        """Start every client."""
        raise NotImplementedError

    def _start(self, work: Callable[..., None], *args: object) -> None:
        thread = threading.Thread(target=work, args=args, daemon=True)
        self._threads.append(thread)
        thread.start()
