"""Files that are made of declarations: written, compared, and removed when they are made no more."""

import sys

import pytest
import yaml
from typer.testing import CliRunner

from bicoastal.cli.app import app
from bicoastal.monitoring.generated import Monitoring, differences, files, write
from tests.monitoring.test_rules import GROUP, RUNBOOKS

DECLARED = Monitoring(
    runbooks=RUNBOOKS,
    rules={"hosts": [GROUP]},
    dashboards={"all.json": '{"title": "All", "description": "All of it."}'},
    page_heads={"hosts": "# Machines\n"},
    overview="# All of them\n",
)


def test_each_file_of_rules_has_its_tests_and_each_part_its_page():
    made = files(DECLARED)
    assert list(made) == [
        "monitoring/rules/hosts.yaml",
        "monitoring/tests/hosts.yaml",
        "monitoring/dashboards/all.json",
        "docs/dashboards.md",
        "docs/alerts.md",
        "docs/runbooks/hosts.md",
    ]
    assert yaml.safe_load(made["monitoring/tests/hosts.yaml"])["rule_files"] == ["../rules/hosts.yaml"]
    assert made["docs/runbooks/hosts.md"].startswith("# Machines\n\n## HostDown\n")


def test_what_is_written_is_current(tmp_path):
    assert write(DECLARED, tmp_path) == list(files(DECLARED))
    assert list(differences(DECLARED, tmp_path)) == []


@pytest.mark.parametrize("path", ["monitoring/rules/hosts.yaml", "docs/runbooks/hosts.md"])
def test_a_file_that_was_changed_by_hand_is_found_and_written_again(tmp_path, path):
    write(DECLARED, tmp_path)
    (tmp_path / path).write_text("mine")
    assert list(differences(DECLARED, tmp_path)) == [path]
    assert write(DECLARED, tmp_path) == [path]
    assert (tmp_path / path).read_text() == files(DECLARED)[path]


def test_a_file_that_is_made_no_more_is_removed(tmp_path):
    write(DECLARED, tmp_path)
    old = tmp_path / "monitoring/rules/gone.yaml"
    old.write_text("")
    assert write(DECLARED, tmp_path) == ["monitoring/rules/gone.yaml"]
    assert not old.exists()


PROGRAM = """
from bicoastal.monitoring.generated import Monitoring

def monitoring():
    return Monitoring(runbooks="https://docs.example.com", rules={"none": []})
"""


@pytest.fixture
def project(tmp_path, monkeypatch):
    (tmp_path / "Pulumi.yaml").write_text("name: sample\nmain: programme/\n")
    (tmp_path / "programme").mkdir()
    (tmp_path / "programme/__init__.py").write_text("")
    monkeypatch.chdir(tmp_path)
    for loaded in ("programme", "programme.monitoring"):
        monkeypatch.delitem(sys.modules, loaded, raising=False)
    return tmp_path


def test_the_command_writes_what_the_project_declares_and_then_finds_no_difference(project):
    (project / "programme/monitoring.py").write_text(PROGRAM)
    run = CliRunner()
    assert run.invoke(app, ["monitoring", "--check"]).exit_code == 1
    assert not (project / "monitoring").exists()
    assert "monitoring/rules/none.yaml" in run.invoke(app, ["monitoring"]).output
    assert run.invoke(app, ["monitoring", "--check"]).exit_code == 0


def test_a_project_that_declares_none_is_told_how(project):
    told = CliRunner().invoke(app, ["monitoring"])
    assert told.exit_code == 2
    assert "monitoring.py with a function monitoring()" in " ".join(told.output.split())
