"""One Docker engine and one twin for all tests that need them; both the tests' own."""

import secrets
import signal
from collections.abc import Callable, Iterator
from contextlib import closing, suppress
from pathlib import Path

import docker
import pytest
from typer.testing import CliRunner, Result

from bicoastal.cli.app import app
from bicoastal.twin.engine import connect
from bicoastal.twin.environment import Environment
from bicoastal.twin.layout import TwinLayout
from bicoastal.twin.occupancy import PortTaken, RangeTaken
from bicoastal.twin.places import Places
from bicoastal.twin.project import Project
from bicoastal.twin.twin import Twin

PROJECT = Path(__file__).parents[2]
QUICK_PROBES = ("--set", "monitor.interval_s=5", "--set", "monitor.timeout_s=2")
"""The edge's probes in the tests' twin: a region is found lost in 17 s instead of 48."""

Command = Callable[..., Result]


@pytest.fixture(scope="session")
def client() -> Iterator[docker.DockerClient]:
    """The Docker engine; installed and started where that is possible."""
    with closing(connect(lambda _: True, print)) as engine:
        yield engine


@pytest.fixture(scope="session")
def bicoastal() -> Command:
    """The command, run in this process, in the project's folder."""
    runner = CliRunner()

    def run(*arguments: str) -> Result:
        return runner.invoke(app, arguments, env={"COLUMNS": "160"}, catch_exceptions=False)

    return run


@pytest.fixture(scope="session")
def twin(client: docker.DockerClient, bicoastal: Command) -> Iterator[Twin]:
    """A twin of the tests' own, brought up by the command and removed at the end, after a failure too."""
    name = free_name(client)
    try:
        result = bicoastal("up", name, *QUICK_PROBES)
        assert result.exit_code == 0, result.output
        yield Twin(client, Environment.of(Project.find(PROJECT), name))
    finally:
        bicoastal("down", name)


def free_name(client: docker.DockerClient) -> str:
    """A name whose addresses and ports nobody has."""
    while True:
        name = f"test-{secrets.token_hex(3)}"
        with suppress(PortTaken, RangeTaken):
            Places(client, TwinLayout.named(name, PROJECT)).check_free()
            return name


def fresh(twin: Twin) -> Twin:
    """The same twin, with its settings read anew."""
    return Twin(twin.client, Environment.of(twin.environment.project, twin.layout.name))


def interruptible() -> None:
    """A process that was started in the background ignores Ctrl-C, and so would its children."""
    signal.signal(signal.SIGINT, signal.default_int_handler)
