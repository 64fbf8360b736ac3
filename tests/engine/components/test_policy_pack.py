"""The policy pack on the real engine: what it finds is what the plan finds."""

import json
from collections import Counter
from pathlib import Path

import pulumi
import pulumi_aws as aws
import pulumi_docker as docker
import pytest
from pulumi import automation

import bicoastal
from bicoastal.plan import record
from bicoastal.plan.findings import findings
from tests.engine.components.engine import PROJECT, STACK

pytestmark = [pytest.mark.engine, pytest.mark.timeout(300)]

PACK = Path(bicoastal.__file__).parent / "policy"
PASSWORD = "correct-horse-battery"
REGION = {"region": "us-east-1"}
TAGS = {"team": "maps"}
PINNED = f"nginx@sha256:{'ab' * 32}"


def planted():
    """A public bucket, a database that is not encrypted, a container that is root and not pinned, and a secret
    of the configuration that is unwrapped."""
    bucket = aws.s3.Bucket("media", **REGION, tags=TAGS)
    aws.s3.BucketPublicAccessBlock("media-open", bucket=bucket.id, block_public_acls=False, **REGION)
    config = pulumi.Config()
    aws.rds.Instance(
        "orders",
        **REGION,
        instance_class="db.t4g.micro",
        engine="postgres",
        allocated_storage=20,
        username="orders",
        password=config.require_secret("password"),
        skip_final_snapshot=True,
    )
    docker.Service(
        "web", name="shop_web", task_spec={"container_spec": {"image": "nginx:latest", "user": "root"}}
    )
    docker.Network("told", driver="overlay", options={"key": config.require("password")})
    pulumi.export("media", bucket.id)


def clean():
    """What may be made as it is."""
    docker.Service(
        "web",
        name="shop_web",
        mode={"replicated": {"replicas": 1}},
        converge_config={"delay": "1s", "timeout": "60s"},
        endpoint_spec={"mode": "dnsrr"},
        update_config={"failure_action": "rollback", "order": "start-first"},
        task_spec={
            "container_spec": {
                "image": PINNED,
                "user": "65532:65532",
                "read_only": True,
                "cap_drops": ["ALL"],
                "healthcheck": {"tests": ["CMD", "true"]},
                "stop_grace_period": "10s",
            },
            "log_driver": {"name": "json-file", "options": {"max-size": "10m", "max-file": "3"}},
            "resources": {"limits": {"memory_bytes": 64 * 1024 * 1024, "nano_cpus": 100_000_000}},
        },
    )
    aws.iam.RolePolicyAttachment("reader", role="reader", policy_arn="arn:aws:iam::aws:policy/SupportUser")


def planned(program):
    """The plan's findings."""
    config = {f"{PROJECT}:password": f"[secret {PROJECT}:password]"}
    plan = record(program, project=PROJECT, stack=STACK, config=config, secret_keys=list(config))
    return findings(plan, config, list(config))


def violated(engine, program, *, run="preview"):
    """Whether the engine refuses, the pack's violations, and all that was said."""
    found, said, stack = [], [], engine.stack(program)
    try:
        getattr(stack, run)(
            policy_packs=[str(PACK)],
            on_event=lambda event: found.append(event.policy_event) if event.policy_event else None,
            on_output=said.append,
        )
    except automation.CommandError as refusal:
        said.append(str(refusal))
        return True, found, "\n".join(said)
    return False, found, "\n".join(said)


@pytest.fixture
def engine(start):
    return start("aws", "docker", secrets={"password": PASSWORD})


def test_the_pack_finds_what_the_plan_finds_and_the_engine_refuses_it(engine):
    refused, found, said = violated(engine, planted)
    assert refused
    expected = Counter((one.check.id, one.resource.urn) for one in planned(planted))
    assert Counter((one.policy_name, one.resource_urn) for one in found) == expected
    checks = {check for check, _ in expected}
    assert checks >= {
        "aws-s3-public-access",
        "aws-rds-encrypted",
        "docker-image-pinned",
        "docker-user",
        "configured-secret-shown",
    }
    assert PASSWORD not in said
    assert {one.enforcement_level for one in found if one.policy_name == "aws-rds-encrypted"} == {"mandatory"}
    assert {one.enforcement_level for one in found if one.policy_name == "data-protected"} == {"advisory"}


def test_what_is_clean_is_made_and_stays_so(engine):
    assert planned(clean) == []
    for run in ("preview", "up", "preview"):
        assert violated(engine, clean, run=run)[:2] == (False, [])


def test_what_someone_answers_for_passes_and_an_answer_to_nothing_does_not(engine):
    worst = {(one.check.id, one.resource.name) for one in planned(planted) if one.check.severity.fails}
    entries = [{"check": check, "resource": name, "reason": "A trial."} for check, name in sorted(worst)]
    answered = [one for one in entries if one["check"] not in ("docker-user", "configured-secret-shown")]
    file = engine.folder / "bicoastal-suppressions.yaml"
    file.write_text(json.dumps(answered))
    refused, found, _ = violated(engine, planted)
    mandatory = [one.policy_name for one in found if one.enforcement_level == "mandatory"]
    assert (refused, mandatory) == (True, ["docker-user", "configured-secret-shown"])

    file.write_text(json.dumps([{**entries[0], "resource": "gone"}]))
    refused, found, _ = violated(engine, clean)
    assert (refused, [one.policy_name for one in found]) == (True, ["suppression-unused"])
    assert "gone" in found[0].message
