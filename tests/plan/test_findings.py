"""What the checks find in a plan."""

import pulumi
import pulumi_aws as aws
import pulumi_docker as docker

from bicoastal.plan import record
from bicoastal.plan.findings import findings

CONFIG = {"project:plain": "text", "project:key": "[secret project:key]", "project:open": "open"}
SECRET = {"project:key"}
TOLD = {"aws-region-named", "provider-named", "configured-secret-shown", "docker-port-taken-twice"}
"""What is spoken of here: the bare resources have other faults."""


def found(program, config=CONFIG):
    plan = record(program, project="project", stack="stack", config=config, secret_keys=SECRET)
    return [str(one) for one in findings(plan, config, SECRET) if one.check.id in TOLD]


def named(texts):
    return [text.partition(":")[0] for text in texts]


def test_a_regional_resource_without_a_region_is_found_and_a_global_one_is_not():
    def program():
        aws.ec2.Vpc("lost")
        aws.ec2.Vpc("placed", region="us-east-1")
        aws.iam.User("person")

    assert named(found(program)) == ["aws-region-named lost.region"]


def test_where_default_providers_are_disabled_one_must_be_given():
    def program():
        docker.Network("lost")
        east = docker.Provider("east")
        docker.Network("placed", opts=pulumi.ResourceOptions(provider=east))

    assert found(program) == []
    for disabled in ('["*"]', '["docker", "aws"]'):
        texts = found(program, {**CONFIG, "pulumi:disable-default-providers": disabled})
        assert named(texts) == ["provider-named lost.provider"]


def test_a_secret_of_the_configuration_in_a_plain_property_is_found_and_not_shown():
    def program():
        docker.Network("net", name=pulumi.Config().require("key"))
        docker.Network("told", options={"a": pulumi.Config().require("plain")})
        docker.Secret("kept", data=pulumi.Config().require_secret("key"))

    (text,) = found(program)
    assert text.startswith(
        "configured-secret-shown net.name: the secret project:key stands in a plain property"
    )
    assert "[secret" not in text


def test_a_secret_that_is_exported_plainly_is_found():
    (text,) = found(lambda: pulumi.export("told", f"key={pulumi.Config().require('key')}"))
    assert text.startswith("configured-secret-shown exports.told: the secret project:key")


def test_two_services_on_one_host_port_are_found():
    def program():
        for name in ("one", "two"):
            docker.Service(
                name,
                name=f"s_{name}",
                task_spec={"container_spec": {"image": "i:1"}},
                endpoint_spec={"ports": [{"target_port": 1, "published_port": 80, "publish_mode": "host"}]},
            )

    assert len(found(program)) == 1
    assert "80 by" in found(program)[0]


def test_what_is_secret_and_what_a_provider_must_say_first_is_judged_as_such():
    def program():
        key = aws.kms.Key("key", region="us-east-1")
        aws.secretsmanager.SecretVersion(
            "hidden", secret_id="s", secret_string=pulumi.Output.secret("planted"), region="us-east-1"
        )
        aws.secretsmanager.SecretVersion("later", secret_id="s", secret_string=key.arn, region="us-east-1")
        aws.ssm.Parameter("plain", name="a", type="String", value="text", region="us-east-1")
        docker.Service("s", task_spec={"container_spec": {"image": "i", "env": {"API_TOKEN": "planted"}}})

    plan = record(program, project="project", stack="stack", config=CONFIG)
    found = [one for one in findings(plan, CONFIG, ()) if "secret" in one.check.id]
    assert [str(one).partition(":")[0] for one in found] == [
        "docker-secret-in-env s.taskSpec.containerSpec.env.API_TOKEN"
    ]
    assert "planted" not in str(found)


def test_a_bucket_is_judged_with_what_belongs_to_it():
    def program():
        for name in ("closed", "open"):
            bucket = aws.s3.Bucket(name, region="us-east-1")
            if name == "closed":
                aws.s3.BucketPublicAccessBlock(
                    "block",
                    bucket=bucket.id,
                    block_public_acls=True,
                    block_public_policy=True,
                    ignore_public_acls=True,
                    restrict_public_buckets=True,
                    region="us-east-1",
                )

    plan = record(program, project="project", stack="stack", config=CONFIG)
    found = [one for one in findings(plan, CONFIG, ()) if one.check.id == "aws-s3-public-access"]
    assert [one.resource.name for one in found] == ["open"]
