"""What the twin's program makes of the declaration: everybody is told at the stand-in, secrets by file."""

import json

import pytest
import yaml

from bicoastal.monitoring.routing.receivers import SECRETS
from bicoastal.twin.environment import Environment
from bicoastal.twin.project import Project
from tests.twin.conftest import PROJECT


@pytest.fixture(scope="module")
def environment():
    return Environment.of(Project.find(PROJECT), "never-made")


def test_the_twins_alertmanagers_tell_the_stand_in_and_read_its_secrets_from_files(environment):
    address = environment.layout.receiver_address
    configs = [
        yaml.safe_load(resource.inputs["dataRaw"])
        for resource in environment.rehearsal.of_type("docker:index/serviceConfig:ServiceConfig")
        if resource.name.endswith("alertmanager-alertmanager-file-configuration")
    ]
    assert len(configs) == 2, "one for each region"
    for config in configs:
        text = json.dumps(config["receivers"])
        assert f"https://{address}:8443/v2/enqueue" in text
        assert f"{address}:2525" in text
        assert text.count(f"{SECRETS}/") == 4
        assert "secret twin:" not in json.dumps(config)
