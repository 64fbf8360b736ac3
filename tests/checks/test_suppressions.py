"""Findings that someone answers for."""

import pytest
import yaml

from bicoastal.checks.resources import CHECKS, Severity, judge
from bicoastal.checks.resources.suppressions import FAULTS, FILE, judged, parsed, read

from .sample import aws

BUCKETS = [aws("aws:ec2/eip:Eip", name, {"tags": {}}) for name in ("shop-a", "shop-b")]
RIGHT = {"check": "aws-tags-present", "resource": "shop-*", "reason": "A trial, gone by Friday."}


def applied(*entries, environment="staging"):
    return judged(judge(BUCKETS), parsed(list(entries)), environment, CHECKS)


def faults(*entries, environment="staging"):
    return [finding.check.id for finding in applied(*entries, environment=environment).findings]


def test_what_is_suppressed_does_not_count_and_is_told_with_its_reason():
    result = applied(RIGHT)
    assert result.findings == []
    assert {finding.resource.name for finding, _ in result.suppressed} == {"shop-a", "shop-b"}
    assert {one.reason for _, one in result.suppressed} == {"A trial, gone by Friday."}


def test_a_name_is_for_that_resource_alone():
    (left,) = applied({**RIGHT, "resource": "shop-a"}).findings
    assert left.resource.name == "shop-b"


def test_one_of_another_environment_does_not_count_and_is_not_missed():
    mine = {**RIGHT, "environment": "staging"}
    assert faults(mine) == []
    assert faults(mine, environment="production") == ["aws-tags-present"] * 2
    assert faults({**RIGHT, "environment": "production", "resource": "gone"}, RIGHT) == []


@pytest.mark.parametrize(
    ("change", "fault"),
    [
        ({"reason": ""}, "suppression-without-reason"),
        ({"reason": None}, "suppression-without-reason"),
        ({"reason": "  "}, "suppression-without-reason"),
        ({"check": "aws-no-such-check"}, "suppression-of-no-check"),
        ({"resource": "another-*"}, "suppression-unused"),
        ({"check": "aws-region-named"}, "suppression-unused"),
        ({"resource": ""}, "suppression-malformed"),
        ({"enviroment": "staging"}, "suppression-malformed"),
    ],
)
def test_a_suppression_that_says_too_little_or_too_much_is_a_finding(change, fault):
    found = [f for f in applied(RIGHT, {**RIGHT, **change}).findings if f.resource.name == FILE]
    assert [finding.check.id for finding in found] == [fault]
    assert found[0].check.severity is Severity.HIGH
    assert found[0].problem.input == "2"


def test_what_is_wrong_names_the_file_that_it_stands_in(tmp_path):
    file = tmp_path / "others.yaml"
    file.write_text(yaml.safe_dump([{**RIGHT, "reason": ""}]))
    result = judged([], read(file), "staging", CHECKS)
    assert [finding.resource.name for finding in result.findings] == ["others.yaml"]


def test_one_without_a_reason_hides_nothing():
    assert faults({**RIGHT, "reason": ""}).count("aws-tags-present") == 2


def test_what_is_wrong_with_the_file_cannot_be_suppressed():
    for fault in FAULTS:
        entry = {"check": fault.id, "resource": FILE, "reason": "It is in the way."}
        assert "suppression-of-no-check" in faults(entry)


@pytest.mark.parametrize("content", ["words", 5, {"check": "aws-tags-present"}, [5], ["words"]])
def test_a_file_that_is_no_list_of_entries_is_a_finding(content):
    assert "suppression-malformed" in {
        f.check.id for f in judged([], parsed(content), "staging", CHECKS).findings
    }


@pytest.mark.parametrize(
    ("environment", "faults_"), [("staging", []), ("stagin", ["suppression-of-no-environment"]), ("", [])]
)
def test_one_for_an_environment_that_there_is_not_is_a_finding(tmp_path, environment, faults_):
    for name in ("Pulumi.staging.yaml", "Pulumi.production.yaml", "Pulumi.yaml"):
        (tmp_path / name).write_text("")
    (tmp_path / FILE).write_text(yaml.safe_dump([RIGHT, {**RIGHT, "environment": environment}]))
    found = judged(judge(BUCKETS), read(tmp_path / FILE), "staging", CHECKS).findings
    assert [finding.check.id for finding in found] == faults_
    assert all("production, staging" in str(finding) for finding in found)


def test_where_one_environment_has_settings_nobody_can_say_which_others_there_are(tmp_path):
    (tmp_path / "Pulumi.staging.yaml").write_text("")
    (tmp_path / FILE).write_text(yaml.safe_dump([RIGHT, {**RIGHT, "environment": "production"}]))
    assert judged(judge(BUCKETS), read(tmp_path / FILE), "staging", CHECKS).findings == []


def test_the_file_is_read_and_none_suppresses_nothing(tmp_path):
    assert read(tmp_path / FILE) == []
    (tmp_path / FILE).write_text("# nothing yet\n")
    assert read(tmp_path / FILE) == []
    (tmp_path / FILE).write_text(yaml.safe_dump([RIGHT]))
    assert [one.check for one in read(tmp_path / FILE)] == ["aws-tags-present"]
