"""Finding the project that a twin is of, and what the twin adds to its settings."""

import json
from pathlib import Path

import pulumi
import pytest

from bicoastal.stack.configuration import PASSWORDS
from bicoastal.twin.alert_receiver import SECRETS
from bicoastal.twin.credentials import Credentials
from bicoastal.twin.environment import MADE_KEYS, Environment
from bicoastal.twin.layout import TwinLayout
from bicoastal.twin.project import NoProject, Project

ROOT = Path(__file__).parents[2]


def test_the_project_is_found_from_a_folder_inside_it():
    project = Project.find(ROOT / "components" / "bicoastal")
    assert project.folder == ROOT
    assert project.main == ROOT / "infra"


def test_outside_of_a_project_the_message_says_what_to_do(tmp_path):
    with pytest.raises(NoProject, match=r"no Pulumi\.yaml here or above.*change to the project's folder"):
        Project.find(tmp_path)


@pytest.fixture
def environment():
    project = Project.find(ROOT)
    layout = TwinLayout.named("local", ROOT)
    return Environment(project, layout, {"database": {"mode": "async"}})


def test_a_twins_choice_wins_over_the_tracked_settings_and_leaves_their_file(environment):
    before = environment.project.stack_file.read_text()
    assert environment.database.mode.value == "async"
    assert environment.monitor.interval_s == 15
    assert environment.project.stack_file.read_text() == before


def test_members_certificates_name_their_address_and_what_clients_dial(environment):
    names = environment.members["west-postgres-2"]
    assert environment.layout.place("west").address in names
    assert {"localhost", "postgres"} <= set(names)


def test_every_secret_of_the_configuration_is_marked_as_one(environment):
    credentials = Credentials(
        passwords={name: f"password-of-{name}" for name in (*PASSWORDS, *MADE_KEYS, *SECRETS)},
        rotation_key="the-rotation-key",
        ca_pem="authority",
        certificates={},
    )
    config, secret = environment.config(credentials, [])
    plain = json.dumps({key: value for key, value in config.items() if key not in secret})
    assert "password-of" not in plain
    assert "the-rotation-key" not in plain
    assert json.loads(config["smellpin:images"])["api"].startswith("bicoastal/sample-api:")


def test_a_wrong_choice_is_refused_before_anything_is_made():
    project = Project.find(ROOT)
    environment = Environment.of(project, "never-made", ["monitor.interval_s=0"])
    with pytest.raises(pulumi.InputPropertiesError, match=r"monitor\.interval_s"):
        environment.check()
    assert not environment.layout.folder.exists()


@pytest.mark.parametrize(
    ("choice", "named"),
    [
        ("topology.witness.voters=3", "topology.witness"),
        ("images.api=x:1", "images.api"),
        ("credentials.rotation_key=abc", "credentials.rotation_key"),
    ],
)
def test_what_a_twin_computes_cannot_be_chosen(choice, named):
    environment = Environment.of(Project.find(ROOT), "never-made", [choice])
    with pytest.raises(pulumi.InputPropertiesError, match=rf"{named}: computed for each twin"):
        environment.check()


def test_a_retry_that_the_twins_edge_cannot_do_is_refused():
    environment = Environment.of(Project.find(ROOT), "never-made", ["monitor.retries=1"])
    with pytest.raises(pulumi.InputPropertiesError, match=r"monitor\.retries.*allowed: 0 in a twin"):
        environment.check()


def test_the_region_that_is_first_the_primary_can_be_chosen():
    environment = Environment.of(Project.find(ROOT), "never-made", ["topology.primary=west"])
    environment.check()
    assert environment.topology.primary_region.name == "west"


def test_an_unknown_group_of_settings_is_refused_with_the_valid_ones():
    environment = Environment.of(Project.find(ROOT), "never-made", ["databse.mode=async"])
    with pytest.raises(pulumi.InputPropertiesError, match=r"did you mean 'database'"):
        environment.check()


def test_the_tracked_settings_are_valid():
    Environment.of(Project.find(ROOT), "never-made").check()


def test_where_requests_are_traced_jaeger_and_the_api_get_certificates() -> None:
    of_tracing = {"east-jaeger", "west-jaeger", "east-api", "west-api"}
    plain = Environment.of(Project.find(ROOT), "never-made")
    traced = Environment.of(Project.find(ROOT), "never-made", ["monitoring.tracing.sample_ratio=0.5"])
    assert of_tracing <= set(traced.members)
    declared = (plain.settings.get("monitoring") or {}).get("tracing") is not None
    assert (of_tracing <= set(plain.members)) is declared
    address = traced.topology.place("east").address()
    assert traced.members["east-jaeger"] == [address, "127.0.0.1", "localhost", "jaeger"]
    assert traced.members["east-api"] == ["api"]
