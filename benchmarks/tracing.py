"""What tracing costs a request to the sample API.

    PYTHONPATH=images/sample-api python -m benchmarks.tracing

The store is in memory, so that nothing else takes time. Rounds of each kind take turns.
"""

import asyncio
import json
import os
import statistics
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, redirect_stdout
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from sample_api.app import create_app
from sample_api.pins import Box, NewPin, Pin
from sample_api.region import PrimaryIs
from sample_api.settings import Settings

ROUNDS, REQUESTS = 15, 1000
DEAD = "http://127.0.0.1:9"


class Store:
    """Pins that are nowhere."""

    async def open(self) -> None:
        """Nothing to open."""

    async def close(self) -> None:
        """Nothing to close."""

    async def add(self, _: NewPin) -> tuple[int, bool]:
        """Not kept."""
        return 1, True

    async def get(self, number: int) -> Pin | None:
        """Always the same."""
        return Pin(number, 40.7, -74.0, "a rose")

    async def within(self, _: Box, __: int) -> list[Pin]:
        """None."""
        return []

    async def primary_is(self, _: str) -> PrimaryIs:
        """Here."""
        return PrimaryIs.HERE


class Receiver(BaseHTTPRequestHandler):
    """Takes all spans."""

    protocol_version = "HTTP/1.1"

    def do_POST(self) -> None:
        """Take them."""
        self.rfile.read(int(self.headers["Content-Length"]))
        self.send_response(200)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *_: object) -> None:
        """Quiet."""


def main() -> None:
    """Print the seconds of each kind."""
    with tempfile.TemporaryDirectory() as folder, _receiver() as endpoint:
        kinds = {
            "tracing off": {},
            "one in ten, taken": _traced(endpoint, "0.1"),
            "one in ten, receiver gone": _traced(DEAD, "0.1"),
            "every request, taken": _traced(endpoint, "1"),
            "every request, receiver gone": _traced(DEAD, "1"),
        }
        apps = {kind: _app(Path(folder), own) for kind, own in kinds.items()}
        times = asyncio.run(_measured(apps))
    plain = statistics.median(times["tracing off"])
    for kind, rounds in times.items():
        median = statistics.median(rounds)
        sys.stdout.write(f"{kind:30} {median * 1e6:7.0f} us a request, {(median - plain) * 1e6:+5.0f} us\n")


def _traced(endpoint: str, share: str) -> dict[str, str]:
    sampler = {"OTEL_TRACES_SAMPLER": "parentbased_traceidratio", "OTEL_TRACES_SAMPLER_ARG": share}
    return {"OTEL_EXPORTER_OTLP_ENDPOINT": endpoint, **sampler}


def _app(folder: Path, own: dict[str, str]) -> Any:
    password = folder / "password"
    password.write_text("correct-horse")
    environment = {"REGION": "east", "COLOUR": "blue", "DATABASE_NAME": "pins", "DATABASE_USER": "pins"}
    environment |= {"DATABASE_PASSWORD_FILE": str(password), **own}
    return create_app(Settings.from_environment(environment), Store())


async def _measured(apps: dict[str, Any]) -> dict[str, list[float]]:
    times: dict[str, list[float]] = {kind: [] for kind in apps}
    with Path(os.devnull).open("w") as nowhere, redirect_stdout(nowhere):
        running = [app.router.lifespan_context(app) for app in apps.values()]
        for each in running:
            await each.__aenter__()
        for _ in range(ROUNDS):
            for kind, app in apps.items():
                began = time.perf_counter()
                for _ in range(REQUESTS):
                    await _ask(app)
                times[kind].append((time.perf_counter() - began) / REQUESTS)
        for each in running:
            await each.__aexit__(None, None, None)
    return times


async def _ask(app: Any) -> None:
    async def receive() -> dict[str, Any]:
        return {"type": "http.request", "body": b"", "more_body": False}

    async def send(message: dict[str, Any]) -> None:
        if message["type"] == "http.response.body":
            json.loads(message["body"])

    path = "/api/pins/7"
    scope = {"type": "http", "method": "GET", "path": path, "raw_path": path.encode(), "root_path": ""}
    scope |= {"query_string": b"", "headers": [], "scheme": "http", "server": ("127.0.0.1", 8000)}
    await app(scope, receive, send)


@contextmanager
def _receiver() -> Iterator[str]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), Receiver)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


if __name__ == "__main__":
    main()
