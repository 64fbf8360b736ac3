"""A real Loki on loopback, with the configuration of the component: only its paths and ports are others."""

import json
import os
import shutil
import socket
import ssl
import subprocess
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from http.client import HTTPSConnection
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import yaml

from bicoastal.monitoring.logs.ingestion import Ingestion
from bicoastal.monitoring.logs.loki_configuration import DATA, loki_configuration
from bicoastal.monitoring.logs.object_storage import ObjectStorage
from bicoastal.monitoring.serving.identity import CA, CERTIFICATE, KEY, NAME
from bicoastal.twin import certificates

NANOSECONDS = 1_000_000_000
BUILT = Path(__file__).parents[3] / ".loki" / "loki"
"""By `make loki`."""
STARTS_S = 60.0
GRACE_S = 10.0


def program() -> str | None:
    """Loki, where there is one: on Debian another program has its name."""
    found = os.environ.get("LOKI_BIN") or (str(BUILT) if BUILT.is_file() else shutil.which("loki"))
    if found is None:
        return None
    told = subprocess.run([found, "-version"], capture_output=True, text=True, check=False)
    return found if "loki, version" in told.stdout else None


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        return int(server.getsockname()[1])


@dataclass
class Server:
    """A Loki in a folder of its own, which can be started again and again."""

    program: str
    folder: Path
    retention_days: int = 30
    ingestion: Ingestion = field(default_factory=Ingestion)
    storage: ObjectStorage | None = None
    memory_mb: int = 512
    environment: Mapping[str, str] = field(default_factory=dict)
    changed: Callable[[dict[str, Any]], None] = lambda _: None
    """What is made quicker, for a test that would wait for hours."""

    def __post_init__(self) -> None:
        self.port, self.inner_port = free_port(), free_port()
        self.data = self.folder / "data"
        self.authority = certificates.new_authority()
        self.certified = self._certificate(self.authority, "watcher")
        self._stranger = self._certificate(certificates.new_authority(), "stranger")
        (self.folder / "ca.pem").write_text(self.authority.cert_pem)
        self.configuration = self.folder / "loki.yaml"
        self.configuration.write_text(self._configuration())
        self._process: subprocess.Popen[bytes] | None = None

    def _certificate(self, authority: certificates.Certificate, name: str) -> tuple[Path, Path]:
        made = certificates.new_member(authority, name, ["127.0.0.1", "localhost", NAME])
        paths = self.folder / f"{name}.pem", self.folder / f"{name}.key"
        for path, text in zip(paths, (made.cert_pem, made.key_pem), strict=True):
            path.write_text(text)
        return paths

    def _configuration(self) -> str:
        told = loki_configuration(self.retention_days, self.ingestion, self.storage, self.memory_mb)
        told["server"] |= {
            "http_listen_address": "127.0.0.1",
            "http_listen_port": self.port,
            "grpc_listen_port": free_port(),
        }
        told["internal_server"]["http_listen_port"] = self.inner_port
        self.changed(told)
        text = yaml.safe_dump(told)
        certificate, key = self.certified
        moved = {CA: self.folder / "ca.pem", CERTIFICATE: certificate, KEY: key}
        for path, there in moved.items():
            text = text.replace(path, str(there))
        return text.replace(f": {DATA}", f": {self.data}")

    def verified(self) -> subprocess.CompletedProcess[str]:
        """What Loki says of the configuration."""
        command = [self.program, "-verify-config", f"-config.file={self.configuration}"]
        return subprocess.run(command, capture_output=True, text=True, check=False, env=self._environment)

    @property
    def _environment(self) -> dict[str, str]:
        return {"PATH": os.environ["PATH"], "AWS_EC2_METADATA_DISABLED": "true", **self.environment}

    def __enter__(self) -> "Server":
        self.data.mkdir(exist_ok=True)
        with (self.folder / "log").open("ab") as log:
            command = [self.program, f"-config.file={self.configuration}"]
            self._process = subprocess.Popen(command, stdout=log, stderr=log, env=self._environment)
        try:
            self.until(lambda: self.asked("/ready")[0] == 200)
        except AssertionError:
            self._process.kill()
            self._process.wait()
            raise
        return self

    def __exit__(self, *_: object) -> None:
        """As Swarm ends a task: it may bring to its store what it has, and then is killed."""
        assert self._process is not None
        self._process.terminate()
        try:
            self._process.wait(GRACE_S)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()

    def until(self, holds: Callable[[], bool], limit_s: float = STARTS_S) -> None:
        """Wait until it holds."""
        end = time.monotonic() + limit_s
        while time.monotonic() < end:
            assert self._process is None or self._process.poll() is None, self.log[-3000:]
            try:
                if holds():
                    return
            except OSError:
                pass
            time.sleep(0.2)
        raise AssertionError(f"not within {limit_s} s: {self.log[-3000:]}")

    @property
    def log(self) -> str:
        """What it has said."""
        return (self.folder / "log").read_text()

    @property
    def healthy(self) -> bool:
        """What its own health check says."""
        command = [self.program, "-health", f"-health.url=http://127.0.0.1:{self.inner_port}/ready"]
        return subprocess.run(command, capture_output=True, check=False).returncode == 0

    def asked(
        self, path: str, body: Any = None, *, shows: str | None = "watcher", **parameters: Any
    ) -> tuple[int, str]:
        """The status and the text of its answer to whoever shows this certificate."""
        context = ssl.create_default_context(cafile=str(self.folder / "ca.pem"))
        if shows is not None:
            context.load_cert_chain(*(self.certified if shows == "watcher" else self._stranger))
        connection = HTTPSConnection("127.0.0.1", self.port, timeout=10, context=context)
        query = f"?{urlencode(parameters)}" if parameters else ""
        try:
            if body is None:
                connection.request("GET", path + query)
            else:
                connection.request("POST", path, json.dumps(body), {"Content-Type": "application/json"})
            answer = connection.getresponse()
            return answer.status, answer.read().decode()
        finally:
            connection.close()

    def push(self, *lines: str, age_s: float = 0, labels: Mapping[str, str] | None = None) -> tuple[int, str]:
        """Send lines, as a collector would."""
        begun = time.time_ns() - int(age_s * NANOSECONDS)
        values = [[str(begun + number), line, {"container": "api.1.x"}] for number, line in enumerate(lines)]
        stream = {"place": "east", "service": "api-blue"} if labels is None else labels
        return self.asked("/loki/api/v1/push", {"streams": [{"stream": dict(stream), "values": values}]})

    def found(self, query: str = '{service="api-blue"}', since: str = "1h") -> list[dict[str, Any]]:
        """The streams that a question finds, with their lines."""
        status, text = self.asked("/loki/api/v1/query_range", query=query, since=since, limit=1000)
        assert status == 200, text
        streams: list[dict[str, Any]] = json.loads(text)["data"]["result"]
        return streams

    def lines(self, query: str = '{service="api-blue"}', since: str = "1h") -> list[str]:
        """The lines alone."""
        return sorted(value[1] for stream in self.found(query, since) for value in stream["values"])
