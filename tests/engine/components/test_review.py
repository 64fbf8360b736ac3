"""A review of what the real engine says that it would do."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner

from bicoastal.cli.app import app

pytestmark = [pytest.mark.engine, pytest.mark.timeout(300)]

PLANTED = "planted-secret-8c1f"
PROGRAM = """
import pulumi
import pulumi_aws as aws

where = {"region": "us-east-1"}
there = aws.Provider("there", access_key="a", secret_key="b", skip_credentials_validation=True,
    skip_metadata_api_check=True, skip_region_validation=True, skip_requesting_account_id=True, **where)
opts = pulumi.ResourceOptions(provider=there)
key = aws.kms.Key("key", multi_region=False, opts=opts, **where)
aws.ebs.Volume("disk", availability_zone="us-east-1a", size=10, kms_key_id=key.arn, opts=opts, **where)
aws.s3.Bucket("old", bucket="old", opts=opts, **where)
aws.ssm.Parameter("token", type="SecureString", name="/token", opts=opts, **where,
    value=pulumi.Output.secret("planted-secret-8c1f"))
aws.cloudwatch.LogGroup("log", retention_in_days=7, opts=opts, **where)
guarded = pulumi.ResourceOptions(provider=there, protect=True)
aws.s3.Bucket("guarded", bucket="guarded", opts=guarded, **where)
"""
CHANGES = {
    "multi_region=False": "multi_region=True",
    'aws.s3.Bucket("old"': 'aws.s3.Bucket("other"',
    'bucket="old"': 'bucket="other"',
    "8c1f": "8c1f-and-more",
}


@pytest.fixture(scope="module")
def preview(start):
    """What the command prints for a program, on a stack that is as PROGRAM says."""
    engine = start("aws")
    engine.up(lambda: exec(PROGRAM, {}))  # noqa: S102 our own
    (engine.folder / "program").mkdir()
    (engine.folder / "Pulumi.yaml").write_text(f"name: {engine.project}\nruntime: python\nmain: program\n")
    path = os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]])

    def of(program):
        (engine.folder / "program" / "__main__.py").write_text(program)
        words = ["pulumi", "preview", "--json", "--stack", engine.name, "--non-interactive"]
        environment = {**os.environ, **engine.environment, "PATH": path}
        told = subprocess.run(words, cwd=engine.folder, env=environment, capture_output=True, text=True)
        file = engine.folder / "production.json"
        file.write_text(told.stdout)
        return file

    return of


def review(file):
    return CliRunner().invoke(app, ["review", str(file)], catch_exceptions=False)


def changed():
    program = PROGRAM
    for old, new in CHANGES.items():
        assert old in program
        program = program.replace(old, new)
    return program


def test_what_the_engine_would_do_is_what_the_review_says(preview):
    file = preview(changed())
    told = review(file)
    assert told.exit_code == 1
    assert "data would be lost: `old`, `disk`, `key` | 1 | 1 | 2 | 1 |" in told.stdout
    assert "- replaced `disk` `aws.ebs.Volume`: **it holds data**; `kmsKeyId` replaces it" in told.stdout
    assert "- changed `token` `aws.ssm.Parameter`\n  - `value`: is another one" in told.stdout
    assert PLANTED not in told.output
    assert json.loads(file.read_text())["changeSummary"]["replace"] == 2


def test_a_program_that_changes_nothing_is_told_as_that(preview):
    told = review(preview(PROGRAM))
    assert told.exit_code == 0
    assert "| `production` | **nothing changes** | it is declared as it was | 0 | 0 | 0 | 0 |" in told.stdout


def test_what_the_engine_refuses_to_remove_stops(preview):
    told = review(preview(PROGRAM.replace('bucket="guarded"', 'bucket="another"')))
    assert told.exit_code == 1
    assert 'the engine ended with an error: `unable to replace resource "guarded"' in told.stdout
    assert "the run would fail, as it is protected: `guarded`" in told.stdout
