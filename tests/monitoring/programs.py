"""Programs that a machine may have: a test that needs one which is not there is skipped, and says so."""

import os
import shutil
import socket
import subprocess
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import pytest


def program(name: str) -> str:
    """The program of this name, from PATH or `<NAME>_BIN`."""
    return found(name) or pytest.skip(f"needs {name} on PATH, or {_variable(name)}")


def found(name: str) -> str | None:
    """The same, or nothing."""
    return os.environ.get(_variable(name)) or shutil.which(name)


def _variable(name: str) -> str:
    return f"{name.upper()}_BIN"


def free_port() -> int:
    """A port of this machine that nobody listens on."""
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


@contextmanager
def running(
    command: list[str],
    log: Path,
    ready: Callable[[], bool],
    limit_s: float = 60,
    environment: Mapping[str, str] | None = None,
) -> Iterator[None]:
    """The program while it runs, from when it is ready on; `environment` stands in for this process's."""
    with (
        log.open("wb") as said,
        subprocess.Popen(command, stdout=said, stderr=said, env=environment) as process,
    ):
        try:
            wait_until(lambda: process.poll() is not None or ready(), limit_s, log)
            assert process.poll() is None, log.read_text()
            yield
        finally:
            process.terminate()
            try:
                process.wait(20)
            except subprocess.TimeoutExpired:
                process.kill()


def wait_until(holds: Callable[[], bool], limit_s: float, log: Path | None = None) -> None:
    """Wait until it holds; what the program has said is shown where it never does."""
    until = time.monotonic() + limit_s
    while not holds():
        assert time.monotonic() < until, log.read_text() if log else f"not within {limit_s} s"
        time.sleep(0.1)
