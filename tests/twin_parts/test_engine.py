"""Finding, installing and starting the machine's Docker engine."""

import socket
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import docker
import pytest
from docker.errors import DockerException

from bicoastal.twin import engine
from bicoastal.twin.engine import EngineUnavailable, connect, refusal

NO_ANSWER = "No such file or directory"
FORBIDDEN = "Permission denied"


class Client:
    def ping(self) -> bool:
        return True

    def close(self) -> None:
        """Nothing is open."""


class Machine:
    """A machine whose engine answers after so many commands; faked at the socket, the SDK and subprocess."""

    def __init__(self, answers_after: int, error: str = NO_ANSWER) -> None:
        self.answers_after = answers_after
        self.error = error
        self.commands: list[list[str]] = []
        self.failing = ""

    def refusal(self, _: Path) -> str:
        return self.error if len(self.commands) < self.answers_after else ""

    def from_env(self, **_: Any) -> Client:
        if len(self.commands) < self.answers_after:
            raise DockerException(self.error)
        return Client()

    def run(self, command: list[str], **_: Any) -> subprocess.CompletedProcess[str]:
        self.commands.append(command)
        failed = bool(self.failing) and self.failing in command
        return subprocess.CompletedProcess(command, int(failed), "", "E: no such package" if failed else "")


@pytest.fixture
def machine(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Callable[..., Machine]:
    def make(answers_after: int, *, installed: bool = True, root: bool = True, **options: Any) -> Machine:
        machine = Machine(answers_after, **options)
        release = tmp_path / "os-release"
        release.write_text('ID=ubuntu\nID_LIKE="debian"\n')
        monkeypatch.delenv("DOCKER_HOST", raising=False)
        monkeypatch.setattr(engine, "OS_RELEASE", release)
        monkeypatch.setattr(engine, "SYSTEMD", tmp_path / "no-systemd")
        monkeypatch.setattr(engine, "LOG", tmp_path / "dockerd.log")
        monkeypatch.setattr(engine, "START_LIMIT", 0.0)
        monkeypatch.setattr("shutil.which", lambda name: f"/usr/sbin/{name}" if installed else None)
        monkeypatch.setattr("os.getuid", lambda: 0 if root else 1000)
        monkeypatch.setattr(engine, "refusal", machine.refusal)
        monkeypatch.setattr(docker.DockerClient, "from_env", machine.from_env)
        monkeypatch.setattr(subprocess, "run", machine.run)
        monkeypatch.setattr(subprocess, "Popen", no_real_process)
        return machine

    return make


def no_real_process(*command: object, **_: object) -> None:
    pytest.fail(f"a real process was to be started: {command}")


def never(_question: str) -> bool:
    pytest.fail("nothing was to be asked")


def quiet(_text: str) -> None:
    """Nobody listens."""


def test_an_engine_that_answers_is_used_as_it_is(machine: Callable[..., Machine]) -> None:
    found = machine(0)
    connect(never, quiet)
    assert found.commands == []


def test_an_installed_engine_is_started_without_asking(machine: Callable[..., Machine]) -> None:
    found = machine(1)
    connect(never, quiet)
    assert found.commands == [["setsid", "--fork", "dockerd"]]


def test_systemd_starts_the_engine_where_it_rules(
    machine: Callable[..., Machine], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    found = machine(1)
    monkeypatch.setattr(engine, "SYSTEMD", tmp_path)
    connect(never, quiet)
    assert found.commands == [["systemctl", "start", "docker"]]


def test_a_missing_engine_is_installed_after_a_yes(machine: Callable[..., Machine]) -> None:
    found = machine(3, installed=False)
    said: list[str] = []
    connect(lambda _question: True, said.append)
    assert [command[:2] for command in found.commands[:2]] == [["apt-get", "update"], ["apt-get", "install"]]
    assert said[0] == "Docker is not installed on this machine."


def test_after_a_no_nothing_is_touched(machine: Callable[..., Machine]) -> None:
    found = machine(3, installed=False)
    with pytest.raises(EngineUnavailable, match="was not to be"):
        connect(lambda _question: False, quiet)
    assert found.commands == []


def test_a_failing_installation_says_why(machine: Callable[..., Machine]) -> None:
    found = machine(3, installed=False)
    found.failing = "install"
    with pytest.raises(EngineUnavailable, match=r"(?s)failed.*no such package"):
        connect(lambda _question: True, quiet)


def test_a_forbidden_socket_is_told_from_a_missing_engine(machine: Callable[..., Machine]) -> None:
    machine(9, error=FORBIDDEN)
    with pytest.raises(EngineUnavailable, match="group docker"):
        connect(never, quiet)


def test_a_user_without_an_engine_is_told_to_install_one(machine: Callable[..., Machine]) -> None:
    machine(9, root=False)
    with pytest.raises(EngineUnavailable, match="Install Docker"):
        connect(never, quiet)


def test_an_engine_elsewhere_is_not_replaced_by_one_here(
    machine: Callable[..., Machine], monkeypatch: pytest.MonkeyPatch
) -> None:
    found = machine(9)
    monkeypatch.setenv("DOCKER_HOST", "tcp://127.0.0.1:1")
    with pytest.raises(EngineUnavailable, match=r"DOCKER_HOST=tcp://127.0.0.1:1"):
        connect(never, quiet)
    assert found.commands == []


def test_an_engine_that_never_answers_is_given_up_with_its_log_named(machine: Callable[..., Machine]) -> None:
    machine(9)
    with pytest.raises(EngineUnavailable, match=r"does not answer.*dockerd\.log"):
        connect(never, quiet)


def test_whether_a_socket_is_listened_to_is_told_without_leaving_one_open(tmp_path: Path) -> None:
    path = tmp_path / "docker.sock"
    assert refusal(path) == "No such file or directory"
    with socket.socket(socket.AF_UNIX) as listening:
        listening.bind(str(path))
        assert refusal(path) == "Connection refused"
        listening.listen()
        assert refusal(path) == ""
