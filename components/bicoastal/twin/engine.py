"""The Docker engine of this machine: found, or on a Debian installed and started after asking."""

import os
import shutil
import socket
import subprocess
import time
from collections.abc import Callable
from pathlib import Path

import docker
from docker.errors import DockerException

START_LIMIT = 60.0
"""Seconds that an engine may take to answer after it was started."""
REQUEST_TIMEOUT = 600
"""Seconds for one request, such as saving an image."""
DEFAULT_HOST = "unix:///var/run/docker.sock"
LOG = Path("/var/log/bicoastal-dockerd.log")
OS_RELEASE = Path("/etc/os-release")
SYSTEMD = Path("/run/systemd/system")
"""Exists where systemd is PID 1."""
_INSTALL_IT = "Install Docker (https://docs.docker.com/engine/install/), start it, and run this again."


class EngineUnavailable(Exception):
    """No Docker engine answers; the text says what to do."""


def connect(confirm: Callable[[str], bool], say: Callable[[str], None]) -> docker.DockerClient:
    """A client of the engine that DOCKER_HOST names, or else of the default socket.

    Where none answers, one is installed (after `confirm` agrees) and started, given that this is a Debian or
    a child of it and we are root; what happens is told to `say`. Raises `EngineUnavailable`.
    """
    try:
        return _client()
    except DockerException as error:
        _refuse_what_we_cannot_mend(error)
    if shutil.which("dockerd") is None:
        _install(confirm, say)
    _start(say)
    return _awaited()


def _client() -> docker.DockerClient:
    _knock(os.environ.get("DOCKER_HOST") or DEFAULT_HOST)
    client = docker.DockerClient.from_env(timeout=REQUEST_TIMEOUT)
    try:
        client.ping()
    except BaseException:
        client.close()
        raise
    return client


def _knock(host: str) -> None:
    """Raise where nothing listens on a unix socket: Docker's SDK would leave its own open."""
    kind, _, path = host.partition("://")
    if kind == "unix" and (refused := refusal(Path(path))):
        raise DockerException(f"{host}: {refused}")


def refusal(path: Path) -> str:
    """Why a connection to the unix socket at `path` is refused; empty when it is not."""
    with socket.socket(socket.AF_UNIX) as trial:
        code = trial.connect_ex(str(path))
    return os.strerror(code) if code else ""


def _refuse_what_we_cannot_mend(error: DockerException) -> None:
    host = os.environ.get("DOCKER_HOST")
    if "Permission denied" in str(error):
        raise EngineUnavailable(
            "Docker runs, but this user may not use its socket. Add the user to the group docker "
            "(sudo usermod -aG docker $USER), log in again, and run this again."
        ) from error
    if host:
        raise EngineUnavailable(
            f"No Docker engine answers at DOCKER_HOST={host}. Start it, or unset DOCKER_HOST to use the "
            "one of this machine."
        ) from error
    if os.getuid() != 0 or not _is_debian():
        raise EngineUnavailable(f"No Docker engine answers on this machine. {_INSTALL_IT}") from error


def _is_debian() -> bool:
    if not OS_RELEASE.exists():
        return False
    pairs = (line.partition("=") for line in OS_RELEASE.read_text().splitlines())
    words = {
        word for key, _, value in pairs if key in ("ID", "ID_LIKE") for word in value.strip("\"'").split()
    }
    return "debian" in words


def _install(confirm: Callable[[str], bool], say: Callable[[str], None]) -> None:
    say("Docker is not installed on this machine.")
    if not confirm("Install Debian's package docker.io now?"):
        raise EngineUnavailable(f"Docker is not installed, and was not to be. {_INSTALL_IT}")
    for command in (["apt-get", "update"], ["apt-get", "install", "--yes", "docker.io"]):
        say(f"running {' '.join(command)}")
        environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
        done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
        if done.returncode:
            last = "\n".join((done.stdout + done.stderr).splitlines()[-20:])
            raise EngineUnavailable(f"{' '.join(command)} failed. {_INSTALL_IT}\n{last}")


def _start(say: Callable[[str], None]) -> None:
    if SYSTEMD.exists():
        say("starting Docker: systemctl start docker")
        subprocess.run(["systemctl", "start", "docker"], capture_output=True, check=False)
        return
    say(f"starting Docker: dockerd, with its log in {LOG}")
    with LOG.open("ab") as log:
        detached = ["setsid", "--fork", "dockerd"]
        subprocess.run(detached, stdin=subprocess.DEVNULL, stdout=log, stderr=log, check=False)


def _awaited() -> docker.DockerClient:
    limit = time.monotonic() + START_LIMIT
    while True:
        try:
            return _client()
        except DockerException as error:
            if time.monotonic() > limit:
                where = "journalctl -u docker" if SYSTEMD.exists() else str(LOG)
                raise EngineUnavailable(
                    f"Docker was started but does not answer after {START_LIMIT:.0f} s. See {where}."
                ) from error
        time.sleep(0.5)
