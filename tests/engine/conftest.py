"""A twin of the tests' own, applied in one way and then, with the same credentials, in the other."""

import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import docker
import pytest

from bicoastal.twin.apply import Way, find_pulumi
from bicoastal.twin.environment import Environment
from bicoastal.twin.layout import TwinLayout
from bicoastal.twin.project import Project
from bicoastal.twin.twin import Twin
from tests.twin.conftest import PROJECT, QUICK_PROBES, Command, bicoastal, client, free_name

__all__ = ["bicoastal", "client"]

CREDENTIALS = "credentials"


@dataclass
class Applied:
    """The twin as it is applied now, and what the command said when it was made."""

    name: str
    way: Way
    said: list[str]
    run: Command

    def bicoastal(self, command: str, *arguments: str) -> str:
        """What the command says, which must succeed; `arguments` come after the twin's name."""
        place = [arguments[0]] if command in ("kill", "revive") else []
        result = self.run(command, *place, self.name, *arguments[len(place) :])
        self.said.append(result.output)
        assert result.exit_code == 0, result.output
        return result.output

    @property
    def twin(self) -> Twin:
        """The twin, with its settings read anew."""
        return Twin(docker.from_env(), Environment.of(Project.find(PROJECT), self.name))


@pytest.fixture(scope="session")
def kept(client: docker.DockerClient, tmp_path_factory: pytest.TempPathFactory) -> tuple[str, Path]:
    """The twin's name, and where its credentials are kept from one way to the other: the names of secrets
    follow from them."""
    if find_pulumi() is None:
        pytest.skip("needs `pulumi` on PATH or named by PULUMI_BIN")
    return free_name(client), tmp_path_factory.mktemp("kept") / CREDENTIALS


@pytest.fixture(scope="session", params=[Way.STACK_FILES, Way.PULUMI], ids=str)
def applied(request: pytest.FixtureRequest, kept: tuple[str, Path], bicoastal: Command) -> Iterator[Applied]:
    """The twin, applied in each way in turn, and removed at the end, after a failure too."""
    name, credentials = kept
    folder = TwinLayout.named(name, PROJECT).folder
    it = Applied(name, request.param, [], bicoastal)
    try:
        if credentials.exists():
            shutil.copytree(credentials, folder / CREDENTIALS)
        it.bicoastal("up", "--by", it.way.value, *QUICK_PROBES)
        shutil.copytree(folder / CREDENTIALS, credentials, dirs_exist_ok=True)
        yield it
    finally:
        bicoastal("down", name)


@pytest.fixture
def by_pulumi(applied: Applied) -> Applied:
    """The twin when Pulumi applies it."""
    if applied.way is not Way.PULUMI:
        pytest.skip("is about Pulumi alone")
    return applied
