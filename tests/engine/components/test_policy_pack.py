"""The policy pack on the real engine, by the command: what it finds is what the plan finds."""

import json
from collections import Counter

import pytest

from bicoastal.plan import record
from bicoastal.plan.findings import findings
from bicoastal.testing.engine import PROJECT, STACK
from tests.engine.components.pack import police
from tests.engine.components.policed import clean, planted

pytestmark = [pytest.mark.engine, pytest.mark.timeout(300)]

PASSWORD = "correct-horse-battery"


def planned(program):
    """The plan's findings."""
    config = {f"{PROJECT}:password": f"[secret {PROJECT}:password]"}
    plan = record(program, project=PROJECT, stack=STACK, config=config, secret_keys=list(config))
    return findings(plan, config, list(config))


@pytest.fixture
def engine(start):
    made = start("aws", "docker", secrets={"password": PASSWORD})
    made.stack(lambda: None)
    return made


def test_the_pack_finds_what_the_plan_finds_and_the_engine_refuses_it(engine):
    answer = police(engine, planted)
    assert answer.refused
    expected = Counter((one.check.id, one.resource.urn) for one in planned(planted))
    assert answer.found == expected, answer.said
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
        answer = police(engine, clean, command)
        assert (answer.refused, answer.violations) == (False, []), answer.said


def test_what_someone_answers_for_passes_and_an_answer_to_nothing_does_not(engine):
    worst = {(one.check.id, one.resource.name) for one in planned(planted) if one.check.severity.fails}
    entries = [{"check": check, "resource": name, "reason": "A trial."} for check, name in sorted(worst)]
    answered = [one for one in entries if one["check"] not in ("docker-user", "configured-secret-shown")]
    file = engine.folder / "bicoastal-suppressions.yaml"
    file.write_text(json.dumps(answered))
    answer = police(engine, planted)
    assert answer.refused
    assert answer.named("mandatory") == ["docker-user", "configured-secret-shown"], answer.said

    file.write_text(json.dumps([{**entries[0], "resource": "gone"}]))
    answer = police(engine, clean)
    assert answer.refused
    assert [it["policyName"] for it in answer.violations] == ["suppression-unused"]
    assert "gone" in answer.violations[0]["message"]
