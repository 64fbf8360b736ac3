"""Alloy itself, where there is one: whether it takes the component's configuration, as it would write it."""

import subprocess

import pytest

from bicoastal.monitoring.logs.alloy_configuration import alloy_configuration
from tests.monitoring.programs import program

URL = "https://10.1.0.10:3100/loki/api/v1/push"


@pytest.fixture(scope="session")
def alloy_program():
    return program("alloy")


@pytest.fixture(params=[True, False], ids=["with containers", "without"])
def configuration(request, tmp_path):
    file = tmp_path / "config.alloy"
    text = alloy_configuration("shop", "east", URL, "/run/docker.sock", containers=request.param)
    file.write_text(text)
    return file


def told(program, *arguments):
    return subprocess.run([program, *arguments], capture_output=True, text=True, check=False)


def test_alloy_takes_the_configuration(alloy_program, configuration):
    said = told(alloy_program, "validate", configuration)
    assert said.returncode == 0, said.stderr


def test_alloy_would_write_it_the_same(alloy_program, configuration):
    said = told(alloy_program, "fmt", configuration)
    assert said.returncode == 0, said.stderr
    assert said.stdout == configuration.read_text()
