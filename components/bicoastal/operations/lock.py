"""One operation at a time on an environment."""

import fcntl
import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, datetime
from pathlib import Path

from ..checks.problem import Problem
from .refusal import Refused

FILE = "lock"
_HELD_FOR_PARTS: ContextVar[Path | None] = ContextVar("held_for_parts", default=None)
"""The environment's folder while an operation that is made of others is under way, in its own thread."""


@contextmanager
def exclusively(folder: Path, operation: str) -> Iterator[None]:
    """Hold the environment's lock, which lies in its folder, for a `with` block.

    The kernel gives a lock back when its process ends, however that happens: one of a dead process does not
    stand in anybody's way. Raises `Refused` with the owner and the time.
    """
    if folder == _HELD_FOR_PARTS.get():
        yield
        return
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    handle = os.open(folder / FILE, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise Refused(_taken(operation, os.pread(handle, 4096, 0))) from None
        owner = {"operation": operation, "process": os.getpid(), "since": datetime.now(UTC).isoformat()}
        os.ftruncate(handle, 0)
        os.pwrite(handle, json.dumps(owner).encode(), 0)
        yield
    finally:
        os.close(handle)


@contextmanager
def exclusively_with_parts(folder: Path, operation: str) -> Iterator[None]:
    """The same for an operation that is made of others, as a drill that deploys is: those that it does
    itself, in this thread, are let through. Raises `Refused` as `exclusively` does."""
    with exclusively(folder, operation):
        before = _HELD_FOR_PARTS.set(folder)
        try:
            yield
        finally:
            _HELD_FOR_PARTS.reset(before)


def _taken(operation: str, told: bytes) -> Problem:
    try:
        owner = json.loads(told)
    except ValueError:  # the owner has the lock and is about to say so
        owner = {"operation": "another operation", "process": "unknown", "since": "this moment"}
    return Problem(
        operation,
        "another operation is under way",
        f"{owner['operation']} of process {owner['process']} since {owner['since']}",
        "one operation at a time",
        "wait for it, or stop it with Ctrl-C; what it left is taken up by the next `up` or `deploy`",
    )
