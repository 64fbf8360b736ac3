"""Asking a Docker engine by its API, on the way that a Docker host's address names."""

import http.client
import json
import socket
import subprocess
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import IO, Any
from urllib.parse import urlencode, urlsplit

ANSWER_S = 90.0
"""Seconds for an answer: a session over ssh takes some of them."""
GOODBYE_S = 5.0
ENGINE_GROUP = 2375
"""The number of the group that may use the engine's socket, on hosts that the library makes. A service that
needs the socket runs as this group."""


class EngineSilent(Exception):
    """The engine did not answer, or refused; the text says why."""


@dataclass(frozen=True)
class EngineApi:
    """An engine: `ssh://user@host`, with options for ssh, `unix:///path` or `tcp://host:port`."""

    docker_host: str
    ssh_options: Sequence[str] = ()

    def ask(self, path: str, **filters: str) -> Any:
        """What it answers at this path, such as `/nodes`; `filters` are the API's own. Raises
        `EngineSilent`."""
        named = {name: [value] for name, value in filters.items()}
        query = f"?{urlencode({'filters': json.dumps(named)})}" if named else ""
        try:
            with self._stream() as stream:
                connection = http.client.HTTPConnection("docker")
                connection.sock = stream
                connection.request("GET", path + query)
                answer = connection.getresponse()
                told = json.loads(answer.read())
        except (OSError, http.client.HTTPException, ValueError) as error:
            raise EngineSilent(f"no answer: {error}") from error
        if answer.status != http.HTTPStatus.OK:
            raise EngineSilent(f"{path}: {told.get('message', answer.status)}")
        return told

    @contextmanager
    def _stream(self) -> Iterator[socket.socket]:
        where = urlsplit(self.docker_host)
        if where.scheme == "ssh":
            with self._through_ssh(where.netloc) as stream:
                yield stream
            return
        kind = socket.AF_UNIX if where.scheme == "unix" else socket.AF_INET
        with socket.socket(kind, socket.SOCK_STREAM) as stream:
            stream.settimeout(ANSWER_S)
            stream.connect(where.path if where.scheme == "unix" else (where.hostname, where.port))
            yield stream

    @contextmanager
    def _through_ssh(self, where: str) -> Iterator[socket.socket]:
        """The engine's stream, as Docker's own client has it over ssh."""
        host, _, port = where.partition(":")
        words = ["ssh", *self.ssh_options, *(["-p", port] if port else []), host]
        ours, theirs = socket.socketpair()
        ours.settimeout(ANSWER_S)
        with ours, theirs, tempfile.TemporaryFile() as beside:
            end = theirs.fileno()
            ssh = subprocess.Popen(
                [*words, "docker", "system", "dial-stdio"], stdin=end, stdout=end, stderr=beside
            )
            theirs.close()
            try:
                yield ours
            except (OSError, http.client.HTTPException) as error:
                raise OSError(_last_line(beside) or str(error)) from error
            finally:
                ours.close()
                _end(ssh)


def _end(ssh: subprocess.Popen[bytes]) -> None:
    try:
        ssh.wait(GOODBYE_S)
    except subprocess.TimeoutExpired:
        ssh.kill()
        ssh.wait()


def _last_line(told: IO[bytes]) -> str:
    told.seek(0)
    lines = told.read().decode(errors="replace").strip().splitlines()
    return lines[-1] if lines else ""
