"""A Docker engine on a socket of its own that tells of one service as a test says."""

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from socketserver import ThreadingUnixStreamServer
from tempfile import TemporaryDirectory
from typing import Any
from urllib.parse import parse_qs, urlsplit

NEW, OLD = "app:2", "app:1"


class FakeEngine:
    """A manager's engine, with a service that runs on every worker."""

    def __init__(self, docker_host: str = "", service: str = "blue_app") -> None:
        self.docker_host = docker_host
        self.name = service
        self.constraints = ["engine.labels.role==worker"]
        self.update: dict[str, str] = {}
        self.nodes: list[dict[str, Any]] = []
        self.tasks: list[dict[str, Any]] = []
        self.asked: list[str] = []

    def add_host(
        self, name: str, *, role: str = "worker", state: str = "ready", takes: str = "active"
    ) -> None:
        """A host of the Swarm; a manager has a number, and a worker is labelled so."""
        label = {"role": "worker"} if role == "worker" else {"host": "0"}
        self.nodes.append(
            {
                "ID": f"id-of-{name}",
                "Description": {
                    "Hostname": name,
                    "Engine": {"Labels": label},
                    "Platform": {"OS": "linux", "Architecture": "x86_64"},
                },
                "Spec": {"Role": role, "Availability": takes, "Labels": {"place": "east"}},
                "Status": {"State": state},
            }
        )

    def add_task(self, host: str, state: str = "running", error: str = "", image: str = NEW) -> None:
        """A task on a host, newer than all before it; Swarm wants those that ended no more."""
        ended = state in ("failed", "rejected", "shutdown")
        made = f"2026-01-01T00:00:{len(self.tasks):02}Z"
        self.tasks.append(
            {
                "NodeID": f"id-of-{host}",
                "Spec": {"ContainerSpec": {"Image": image}},
                "DesiredState": "shutdown" if ended else "running",
                "Status": {"State": state, "Timestamp": made, "Err": error},
            }
        )

    @property
    def service(self) -> dict[str, Any]:
        """The service as it is declared now."""
        template = {"ContainerSpec": {"Image": NEW}, "Placement": {"Constraints": self.constraints}}
        spec = {"Name": self.name, "TaskTemplate": template, "Mode": {"Global": {}}}
        return {"Spec": spec, **({"UpdateStatus": self.update} if self.update else {})}

    def answer(self, target: str) -> tuple[int, Any]:
        """The status and what is told."""
        self.asked.append(target)
        where = urlsplit(target)
        if where.path == "/nodes":
            return 200, self.nodes
        if where.path == f"/services/{self.name}":
            return 200, self.service
        if where.path == "/tasks":
            (filters,) = parse_qs(where.query)["filters"]
            return 200, self.tasks if json.loads(filters) == {"service": [self.name]} else []
        return 404, {"message": f"{where.path.rpartition('/')[2]} not found"}


@contextmanager
def fake_engine(**own: str) -> Iterator[FakeEngine]:
    """The engine, while the block lasts."""
    with TemporaryDirectory(dir="/tmp") as folder:
        path = Path(folder) / "docker.sock"
        engine = FakeEngine(path.as_uri().replace("file:", "unix:"), **own)

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                status, told = engine.answer(self.path)
                body = json.dumps(told).encode()
                self.send_response(status)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def address_string(self) -> str:
                return "unix"

            def log_message(self, *_: object) -> None:
                """The test's output is its own."""

        with ThreadingUnixStreamServer(str(path), Handler) as server:
            server.daemon_threads = True
            serving = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
            serving.start()
            try:
                yield engine
            finally:
                server.shutdown()
                serving.join()
