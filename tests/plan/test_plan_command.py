"""`bicoastal plan`: what a project declares for an environment, in four formats, without making anything."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
import yaml
from typer.testing import CliRunner

from bicoastal.cli.app import app
from bicoastal.cli.planned import planned
from bicoastal.twin.project import Project

from .another_process import by_another_process, in_every_format
from .sample import ENCODED, PLANTED, make_project

ROOT = Path(__file__).parents[2]
FORMATS = ("tree", "json", "tfplan", "stack")


@pytest.fixture
def project(tmp_path, monkeypatch):
    """The sample project, as the folder that commands run in."""
    folder = make_project(tmp_path / "shop")
    monkeypatch.chdir(folder)
    monkeypatch.delitem(sys.modules, "network", raising=False)
    yield folder
    sys.modules.pop("network", None)


def plan(*words):
    return CliRunner().invoke(app, ["plan", *words], catch_exceptions=False)


def shown(*words):
    """The plan of the sample, in which much is found: exit code 1."""
    told = plan("staging", *words)
    assert told.exit_code < 2, told.stderr
    return told.stdout


def resource(name, kind=None):
    found = json.loads(shown("--format", "json"))["resources"]
    return next(r for r in found if r["name"] == name and r["type"] == (kind or r["type"]))


def test_the_tree_shows_places_components_and_what_matters_of_each_resource(project):
    tree = shown()
    east, west = tree[tree.index("\neast\n") :], tree[tree.index("\nus-west-2\n") :]
    assert "shop-api  docker.Service  image api:1  tasks 2" in east
    assert "shop-hosts  aws.autoscaling.Group  minSize 1  maxSize 3" in west
    assert "└── shop-east-network  shop.Network" in tree or "├── shop-east-network  shop.Network" in tree
    assert "shop-east-network-vpc  aws.ec2.Vpc  cidrBlock 10.1.0.0/16" in tree
    assert "shop-key  docker.Secret  name shop_key-1  data (secret)" in tree


def test_the_tree_tells_what_is_protected_and_what_holds_data_and_is_not(project):
    lines = shown().splitlines()
    assert next(line for line in lines if "aws.rds.Instance" in line).endswith("  protected")
    assert next(line for line in lines if "aws.s3.Bucket " in line).endswith("holds data, not protected")


def test_json_has_every_registration_with_its_options(project):
    database = resource("shop-database")
    assert database["inputs"]["instanceClass"] == "db.t4g.small"
    assert database["inputs"]["password"] == "(secret)"
    assert database["protect"] is True
    assert database["place"] == "us-east-1"
    assert database["property_dependencies"]["vpcSecurityGroupIds"] == [
        resource("shop-east-network-group")["urn"]
    ]
    assert resource("shop-east-network")["component"] is True


def test_what_the_program_exports_is_in_json_with_its_secrets_hidden(project):
    exports = json.loads(shown("--format", "json"))["exports"]
    assert exports == {"database": "<shop-database.endpoint>", "token": "(secret)"}


@pytest.mark.parametrize("form", FORMATS)
def test_no_format_shows_a_secret(project, form):
    told = plan("staging", "--format", form)
    assert told.exit_code == 1, told.stderr
    assert PLANTED not in told.output
    assert ENCODED not in told.output
    assert "[secret" not in told.output
    assert "v1:not-to-be-read" not in told.output


def test_the_same_settings_give_the_same_bytes_in_another_process(project):
    told = by_another_process(project, "staging")
    assert "aws_s3_bucket.shop-media" in told
    assert told == in_every_format(planned(Project.find(project), "staging"))


def test_a_file_gets_what_standard_output_would(project, tmp_path):
    told = plan("staging", "--format", "json", "--out", str(tmp_path / "plan.json"))
    assert (told.exit_code, told.stdout) == (1, "")
    assert (tmp_path / "plan.json").read_text() == shown("--format", "json")


def test_what_the_program_prints_is_not_in_the_plan(project):
    told = plan("staging", "--format", "json")
    assert "a line that the program prints" not in told.stdout
    assert "a line that the program prints" in told.stderr


def test_the_stack_format_is_the_stack_files_one_after_the_other(project):
    text = shown("--format", "stack")
    assert "# shop-docker-east: stack shop on ssh://ops@10.1.0.10" in text
    (file,) = yaml.safe_load_all(text)
    assert file["services"]["api"]["deploy"]["replicas"] == 2
    assert file["services"]["api"]["image"] == "api:1"


def test_without_an_engine_there_is_no_stack_file(project):
    (project / "program" / "__main__.py").write_text("")
    told = plan("staging", "--format", "stack")
    assert told.exit_code == 2
    assert "no Docker provider is declared" in told.stderr


def test_an_unknown_environment_is_refused_with_the_known_ones(project):
    told = plan("nowhere")
    assert told.exit_code == 2
    assert "no Pulumi.nowhere.yaml" in told.stderr
    assert "allowed: production, staging" in told.stderr


def test_a_project_without_a_program_is_refused(project):
    (project / "program" / "__main__.py").unlink()
    told = plan("staging")
    assert told.exit_code == 2
    assert "no program" in told.stderr


def test_outside_of_a_project_there_is_nothing_to_plan(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    told = plan("staging")
    assert told.exit_code == 2
    assert "no Pulumi.yaml here or above" in told.stderr


@pytest.mark.parametrize(
    ("program", "said"),
    [
        (
            "import pulumi\nraise pulumi.InputPropertiesError('this is wrong', [])",
            "this is wrong",
        ),
        ("import pulumi\npulumi.Config().require('absent')", "absent"),
        (
            "import pulumi_docker as docker\ndocker.get_network_output(name='one')",
            "a plan has no account to ask",
        ),
    ],
)
def test_a_program_that_refuses_its_settings_ends_with_one_message(project, program, said):
    (project / "program" / "__main__.py").write_text(program)
    told = plan("staging")
    assert told.exit_code == 2
    assert said in told.stderr
    assert "Traceback" not in told.output


@pytest.mark.parametrize(
    "program",
    [
        "import pulumi\ns = pulumi.StackReference('a/b/c')\npulumi.export('x', s.get_output('y'))",
        (
            "import pulumi\nimport pulumi_docker as docker\nn = docker.Network('n')\n"
            "def no(_):\n    raise pulumi.InputPropertiesError('no', [])\n"
            "docker.Network('m', name=n.id.apply(no))\ndocker.Network('o', name=n.id.apply(no))"
        ),
    ],
)
def test_an_error_that_comes_late_is_one_message_too(project, program):
    (project / "program" / "__main__.py").write_text(program)
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    command = [sys.executable, "-m", "bicoastal.cli", "plan", "staging"]
    told = subprocess.run(command, env=environment, capture_output=True, text=True)
    assert told.returncode == 2
    assert told.stdout == ""
    assert len(told.stderr.splitlines()) == 1, told.stderr
    assert told.stderr.startswith("refused ")


BUDGET = """
import pulumi
pulumi.export(
    "failover_budget",
    {
        "detection_s": 48,
        "promotion_s": 20,
        "total_average_s": 49,
        "total_s": 58.0,
        "other_way_total_s": 50,
        "limit_s": %s,
    },
)
"""


def test_a_budget_is_shown_with_its_terms(project):
    (project / "program" / "__main__.py").write_text(BUDGET % 120)
    tree = shown()
    assert [word in tree for word in ("detection        │ 48", "total            │ 58")] == [True, True]
    assert json.loads(shown("--format", "json"))["failover_budgets"]["failover_budget"]["total_s"] == 58


def test_a_budget_over_its_limit_fails_the_plan_and_names_the_term(project):
    (project / "program" / "__main__.py").write_text(BUDGET % 50)
    told = plan("staging")
    assert told.exit_code == 2
    assert "the largest term is detection (48 s)" in told.stderr
    assert "worst case 58 s, limit 50 s" in told.stderr


FOUND = """
import pulumi_aws as aws
aws.ec2.Eip("lost", tags={"Name": "lost"})
aws.kms.Key("key", enable_key_rotation=True, region="us-east-1", tags={"Name": "key"})
"""


@pytest.fixture
def found(project):
    """A project in which one thing is high and one is medium."""
    (project / "program" / "__main__.py").write_text(FOUND)
    return project


def answer(project, *entries):
    (project / "bicoastal-suppressions.yaml").write_text(yaml.safe_dump(list(entries)))


LOST = {"check": "aws-region-named", "resource": "lost", "reason": "It is in one region alone."}


def test_what_the_checks_find_is_told_by_severity_the_worst_first(found):
    tree = plan("staging").stdout
    assert "findings: 1 high, 1 medium\n  high\n    aws-region-named lost.region: not named for" in tree
    assert "\n  medium\n    data-protected key.protect: a change may delete it" in tree


def test_what_is_high_gives_exit_code_1_in_every_format_and_what_is_medium_does_not(found):
    for form in ("tree", "json", "tfplan"):
        assert plan("staging", "--format", form).exit_code == 1
    answer(found, LOST)
    told = plan("staging")
    assert told.exit_code == 0
    assert "findings: 1 medium; suppressed: 1\n  medium\n    data-protected" in told.stdout


def test_where_the_plan_is_no_tree_the_findings_are_told_beside_it(found):
    told = plan("staging", "--format", "json")
    assert "high aws-region-named lost.region: not named for aws:ec2/eip:Eip" in told.stderr
    assert "medium data-protected key.protect" in told.stderr


def test_json_has_what_is_found_and_what_someone_answers_for(found):
    told = json.loads(plan("staging", "--format", "json").stdout)
    assert told["suppressed"] == []
    lost, _ = told["findings"]
    assert lost == {
        "check": "aws-region-named",
        "severity": "high",
        "resource": "lost",
        "type": "aws:ec2/eip:Eip",
        "urn": "urn:pulumi:staging::shop::aws:ec2/eip:Eip::lost",
        "property": "region",
        "wrong": "not named for aws:ec2/eip:Eip",
        "given": "nothing",
        "allowed": "a region such as 'us-east-1'",
        "fix": "give region=: else the provider's default decides",
    }
    answer(found, LOST)
    told = json.loads(plan("staging", "--format", "json").stdout)
    assert [finding["check"] for finding in told["findings"]] == ["data-protected"]
    assert told["suppressed"] == [{**lost, "reason": LOST["reason"]}]


def test_a_suppression_without_a_reason_or_use_fails_the_plan(found):
    protected = {"check": "data-protected", "resource": "key", "reason": "A trial."}
    answer(found, LOST, protected)
    assert plan("staging").exit_code == 0
    answer(found, LOST, {**protected, "reason": ""})
    told = plan("staging")
    assert told.exit_code == 1
    assert "suppression-without-reason bicoastal-suppressions.yaml.2: data-protected for key" in told.stdout
    answer(found, LOST, protected, {**protected, "resource": "gone"})
    assert (
        "suppression-unused bicoastal-suppressions.yaml.3: data-protected for gone" in plan("staging").stdout
    )


def test_a_file_of_suppressions_that_cannot_be_read_is_refused(found):
    (found / "bicoastal-suppressions.yaml").write_text("- check: [")
    assert plan("staging").exit_code == 2


def test_environment_local_is_planned_without_a_twin_and_makes_no_file(monkeypatch):
    monkeypatch.chdir(ROOT)
    before = sorted(ROOT.iterdir())
    told = plan("local")
    assert told.exit_code == 0, told.stderr
    assert "smellpin-east-postgres-1-member-service  docker.Service" in told.stdout
    assert "failover budget of smellpin" in told.stdout
    assert "findings: none" in told.stdout
    assert sorted(ROOT.iterdir()) == before


def test_the_term_that_breaks_the_limit_of_environment_local_is_named(tmp_path, monkeypatch):
    for name in ("Pulumi.yaml", "infra", "images"):
        (tmp_path / name).symlink_to(ROOT / name)
    settings = yaml.safe_load((ROOT / "Pulumi.local.yaml").read_text())
    settings["config"]["smellpin:settings"]["failover_limit_s"] = 30
    (tmp_path / "Pulumi.local.yaml").write_text(yaml.safe_dump(settings))
    monkeypatch.chdir(tmp_path)
    told = plan("local")
    assert told.exit_code == 2
    assert "failover_limit_s: the worst case is over the limit; the largest term is" in told.stderr
