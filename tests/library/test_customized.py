"""What `customize` makes of a child is held to the checks."""

import gc

import pulumi
import pulumi_docker as docker
import pytest

import bicoastal
from bicoastal.checks.resources import UNKNOWN
from bicoastal.customization import wire
from tests.library.arguments import ARGUMENTS

OPEN = {"public-access": {"block_public_acls": False}}
ROOT_FILES = docker.ServiceTaskSpecContainerSpecArgs(
    image=f"registry.example.com/app@sha256:{'ab' * 32}",
    user="1000:1000",
    read_only=False,
    cap_drops=["ALL"],
    healthcheck=docker.ServiceTaskSpecContainerSpecHealthcheckArgs(tests=["CMD", "true"]),
)
LIMITS = {"limits": {"memory_bytes": 64 * 1024 * 1024}}
SUPPRESSED = """
- check: aws-s3-public-access
  resource: "it*-public-access"
  environment: {environment}
  reason: A trial, gone by Friday.
"""


@pytest.fixture
def made(pulumi_mocks):
    """What is registered, by its type's last name, and the error that ended it."""

    def run(component, customize, **own):
        errors = []

        def program():
            try:
                getattr(bicoastal, component)("it", {**ARGUMENTS[component](), "customize": customize, **own})
            except pulumi.InputPropertiesError as error:
                errors.append(error)

        plan = pulumi_mocks.run(program)
        if errors:
            gc.collect()  # an abandoned run's futures complain now, and not in a later test
        return {it.type.rpartition(":")[2]: it for it in plan.resources}, errors

    return run


def reasons(errors):
    (error,) = errors
    return [detail["reason"] for detail in error.errors]


def test_what_opens_a_bucket_is_refused_by_id_before_it_is_registered(made):
    registered, errors = made("RegionalBucket", OPEN)
    (reason,) = reasons(errors)
    assert reason.startswith("customize.public-access.blockPublicAcls: aws-s3-public-access: ")
    assert "given: False; allowed: true; fix: " in reason
    assert "BucketPublicAccessBlock" not in registered


def test_what_opens_one_of_two_buckets_is_refused_too(made):
    _, errors = made("ReplicatedBucket", {"us-east-1": {"customize": OPEN}})
    assert "RegionalBucket 'it-us-east-1'" in str(errors[0])
    assert "aws-s3-public-access" in reasons(errors)[0]


@pytest.mark.parametrize(("algorithm", "lives"), [("aws:kms:dsse", True), ("AES256", False)])
def test_a_buckets_encryption_is_judged_by_what_is_said_though_its_sdk_has_two_classes_of_that_name(
    made, algorithm, lives
):
    rules = [{"apply_server_side_encryption_by_default": {"sse_algorithm": algorithm}}]
    registered, errors = made("RegionalBucket", {"encryption": {"rules": rules}})
    assert ("BucketServerSideEncryptionConfiguration" in registered) is lives
    assert lives or f"given: {algorithm!r}" in reasons(errors)[0]


@pytest.mark.parametrize(
    "task",
    [
        docker.ServiceTaskSpecArgs(container_spec=ROOT_FILES, resources=LIMITS),
        {"container_spec": ROOT_FILES, "resources": LIMITS},
        {"container_spec": vars(ROOT_FILES), "resources": LIMITS},
    ],
    ids=["typed", "mixed", "plain"],
)
def test_a_root_file_system_that_can_be_written_to_is_refused_however_it_is_written(made, task):
    registered, errors = made("ContainerService", {"service": {"task_spec": task}})
    (reason,) = reasons(errors)
    assert reason.startswith("customize.service.taskSpec.containerSpec.readOnly: docker-read-only: ")
    assert "Service" not in registered


def test_everything_that_is_refused_is_said_at_once(made):
    task = {"container_spec": {**vars(ROOT_FILES), "cap_drops": None}, "resources": LIMITS}
    _, errors = made("ContainerService", {"service": {"task_spec": task}})
    assert {reason.split(": ")[1] for reason in reasons(errors)} == {
        "docker-read-only",
        "docker-capabilities-dropped",
    }


def test_what_breaks_no_check_or_a_lesser_one_is_made(made):
    registered, errors = made("RegionalBucket", {"bucket": {"tags": {"team": "maps"}, "force_destroy": True}})
    assert errors == []
    assert registered["Bucket"].inputs["forceDestroy"] is True
    assert made("ContainerService", {"service": {"endpoint_spec": {"mode": "vip"}}})[1] == []


def test_what_our_own_properties_break_is_not_put_down_to_the_user(made):
    unpinned = {"image": "registry.example.com/app:1.2"}
    assert made("ContainerService", {"service": {"name": "blue_other"}}, **unpinned)[1] == []


def test_a_value_that_is_known_later_is_left_to_the_plan(made):
    later = pulumi.Output.from_input(False)
    assert made("RegionalBucket", {"public-access": {"block_public_acls": later}})[1] == []


@pytest.mark.parametrize(("environment", "lives"), [("stack", True), ("another", False)])
def test_what_someone_answers_for_is_made(made, environment, lives, tmp_path, monkeypatch):
    (tmp_path / "Pulumi.yaml").write_text("name: project")
    file = tmp_path / "bicoastal-suppressions.yaml"
    file.write_text(SUPPRESSED.format(environment=environment))
    (tmp_path / "program").mkdir()
    monkeypatch.chdir(tmp_path / "program")
    registered, errors = made("RegionalBucket", OPEN)
    assert (errors == []) is lives
    assert ("BucketPublicAccessBlock" in registered) is lives


def test_a_name_is_as_the_schema_has_it_and_a_key_of_the_users_own_is_kept():
    service = docker.ServiceArgs(
        task_spec={
            "container_spec": {
                "image": pulumi.Output.from_input("nginx"),
                "mounts": [{"type": "tmpfs", "target": "/tmp", "tmpfs_options": {"size_bytes": 1}}],
            },
            "log_driver": {"name": "json-file", "options": {"max_size": "10m"}},
        }
    )
    assert wire(service, None)["taskSpec"] == {
        "containerSpec": {
            "image": UNKNOWN,
            "mounts": [{"type": "tmpfs", "target": "/tmp", "tmpfsOptions": {"sizeBytes": 1}}],
        },
        "logDriver": {"name": "json-file", "options": {"max_size": "10m"}},
    }
