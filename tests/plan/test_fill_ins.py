"""What an environment's file leaves to fill in: a plan shows it and goes on."""

import json

import pytest
import yaml
from typer.testing import CliRunner

from bicoastal.checks.placeholders import everything_is_filled_in, placeholders
from bicoastal.checks.rules import PASSWORD, PEM
from bicoastal.checks.stand_ins import is_stand_in
from bicoastal.cli.app import app
from bicoastal.plan.fill_ins import with_stand_ins

from .sample import make_project

PROGRAM = """
import pulumi
import pulumi_docker as docker

config = pulumi.Config()
edge = config.require_object("edge")
network = docker.Network("n", name=edge["zones"][0]["id"])
docker.Secret("s", data=config.require_secret("password"))
pulumi.export("zone", network.name)
"""


@pytest.fixture
def project(tmp_path, monkeypatch):
    """A project two of whose values are to be filled in, one of them a secret."""
    folder = make_project(tmp_path / "shop")
    (folder / "program" / "__main__.py").write_text(PROGRAM)
    settings = {
        "shop:edge": {"zones": [{"id": "FILL-IN: the zone's id"}], "plan": "pro"},
        "shop:password": "FILL-IN: a password",
    }
    (folder / "Pulumi.staging.yaml").write_text(yaml.safe_dump({"config": settings}))
    monkeypatch.chdir(folder)
    return folder


def plan(*words):
    told = CliRunner().invoke(app, ["plan", "staging", *words], catch_exceptions=False)
    assert told.exit_code == 0, told.stderr
    return told.stdout


def test_the_tree_lists_what_is_to_be_filled_in_and_shows_where_it_goes(project):
    tree = plan()
    assert "to fill in before it can be made: 2" in tree
    assert "  shop:edge.zones[0].id: the zone's id\n" in tree
    assert "  shop:password: a password\n" in tree
    assert "n  docker.Network  name [fill-in shop:edge.zones[0].id]" in tree


def test_json_lists_what_is_to_be_filled_in(project):
    assert json.loads(plan("--format", "json"))["to_fill_in"] == {
        "shop:edge.zones[0].id": "the zone's id",
        "shop:password": "a password",
    }


def test_what_takes_the_place_of_a_secret_is_one(project):
    found = json.loads(plan("--format", "json"))["resources"]
    assert next(r for r in found if r["name"] == "s")["inputs"]["data"] == "(secret)"


def test_an_environment_with_nothing_to_fill_in_does_not_speak_of_it(project):
    settings = {"shop:edge": {"zones": [{"id": "z"}]}, "shop:password": "p"}
    (project / "Pulumi.staging.yaml").write_text(yaml.safe_dump({"config": settings}))
    assert "fill in" not in plan()
    assert "to_fill_in" not in json.loads(plan("--format", "json"))


def test_checks_of_form_skip_what_is_not_filled_in():
    config, _ = with_stand_ins({"shop:a": "FILL-IN: x", "shop:b": json.dumps({"c": ["FILL-IN: y"]})})
    mark = json.loads(config["shop:b"])["c"][0]
    for value in (config["shop:a"], mark, f"api.{mark}"):
        assert is_stand_in(value)
        assert PASSWORD.problem("it", value) is None
        assert PEM.problem("it", value) is None


def test_a_text_that_only_speaks_of_placeholders_is_none():
    text = {"shop:note": "write FILL-IN: and what belongs there", "shop:broken": "{FILL-IN: x"}
    assert with_stand_ins(text) == (text, {})


def test_every_placeholder_is_found_with_its_path():
    value = {"a": "FILL-IN: one", "b": [{"c": "FILL-IN: two"}, 3], "d": "there"}
    assert list(placeholders(value, "it")) == [("it.a", "one"), ("it.b[0].c", "two")]


@pytest.mark.parametrize(
    ("value", "secret", "fix"),
    [
        ({"id": "FILL-IN: the id"}, False, "pulumi config set --type string --path 'it.id'"),
        ("FILL-IN: the id", False, "pulumi config set --plaintext 'it'"),
        ("FILL-IN: the id", True, "pulumi config set --secret 'it'"),
    ],
)
def test_a_run_that_makes_something_is_told_how_to_fill_it_in(value, secret, fix):
    (problem,) = everything_is_filled_in(value, "it", secret=secret)
    assert problem.wrong == "not filled in"
    assert problem.allowed == "the id"
    assert fix in problem.fix
