"""The policy pack on the real engine, by the command: what it finds is what the plan finds."""

import json
import os
import subprocess
import sys
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import yaml

import bicoastal
from bicoastal.plan import record
from bicoastal.plan.findings import findings
from bicoastal.testing.engine import PROJECT, STACK
from tests.engine.components.policed import clean, planted

pytestmark = [pytest.mark.engine, pytest.mark.timeout(300)]

PACK = Path(bicoastal.__file__).parent / "policy"
ROOT = Path(__file__).parents[3]
PASSWORD = "correct-horse-battery"


def planned(program):
    """The plan's findings."""
    config = {f"{PROJECT}:password": f"[secret {PROJECT}:password]"}
    plan = record(program, project=PROJECT, stack=STACK, config=config, secret_keys=list(config))
    return findings(plan, config, list(config))


@dataclass(frozen=True)
class Answer:
    """What one run of the command with the pack comes to."""

    refused: bool
    violations: list[dict[str, Any]]
    said: str

    def named(self, level):
        return [it["policyName"] for it in self.violations if it["enforcementLevel"] == level]


def run(engine, program, command="preview"):
    """`pulumi preview` or `pulumi up` with the pack, by a stack whose program is this one."""
    settings = {"name": PROJECT, "runtime": "python", "main": "program.py"}
    (engine.folder / "Pulumi.yaml").write_text(yaml.safe_dump(settings))
    (engine.folder / "program.py").write_text(
        f"from {program.__module__} import {program.__name__}\n\n{program.__name__}()\n"
    )
    log = engine.folder / "events.json"
    log.unlink(missing_ok=True)
    options = ["--policy-pack", str(PACK), "--event-log", str(log), "--stack", STACK, "--non-interactive"]
    sources = [str(ROOT), *filter(None, [os.environ.get("PYTHONPATH")])]
    own = {
        "PULUMI_PYTHON_CMD": sys.executable,
        "PYTHONPATH": os.pathsep.join(sources),
        "PULUMI_DEBUG_COMMANDS": "true",  # for the log of events
    }
    done = subprocess.run(
        ["pulumi", command, *options, *(["--yes"] if command == "up" else [])],
        cwd=engine.folder,
        env={**os.environ, **engine.environment, **own},
        capture_output=True,
        text=True,
        check=False,
    )
    events = [json.loads(line) for line in log.read_text().splitlines()] if log.exists() else []
    violations = [event["policyEvent"] for event in events if "policyEvent" in event]
    return Answer(done.returncode != 0, violations, done.stdout + done.stderr)


@pytest.fixture
def engine(start):
    made = start("aws", "docker", secrets={"password": PASSWORD})
    made.stack(lambda: None)
    return made


def test_the_pack_finds_what_the_plan_finds_and_the_engine_refuses_it(engine):
    answer = run(engine, planted)
    assert answer.refused
    expected = Counter((one.check.id, one.resource.urn) for one in planned(planted))
    assert Counter((it["policyName"], it["resourceUrn"]) for it in answer.violations) == expected, answer.said
    assert {check for check, _ in expected} >= {
        "aws-s3-public-access",
        "aws-rds-encrypted",
        "docker-image-pinned",
        "docker-user",
        "configured-secret-shown",
    }
    assert PASSWORD not in answer.said
    assert "aws-rds-encrypted" in answer.named("mandatory")
    assert "data-protected" in answer.named("advisory")


def test_what_is_clean_is_made_and_stays_so(engine):
    assert planned(clean) == []
    for command in ("preview", "up", "preview"):
        answer = run(engine, clean, command)
        assert (answer.refused, answer.violations) == (False, []), answer.said


def test_what_someone_answers_for_passes_and_an_answer_to_nothing_does_not(engine):
    worst = {(one.check.id, one.resource.name) for one in planned(planted) if one.check.severity.fails}
    entries = [{"check": check, "resource": name, "reason": "A trial."} for check, name in sorted(worst)]
    answered = [one for one in entries if one["check"] not in ("docker-user", "configured-secret-shown")]
    file = engine.folder / "bicoastal-suppressions.yaml"
    file.write_text(json.dumps(answered))
    answer = run(engine, planted)
    assert answer.refused
    assert answer.named("mandatory") == ["docker-user", "configured-secret-shown"], answer.said

    file.write_text(json.dumps([{**entries[0], "resource": "gone"}]))
    answer = run(engine, clean)
    assert answer.refused
    assert [it["policyName"] for it in answer.violations] == ["suppression-unused"]
    assert "gone" in answer.violations[0]["message"]
