"""What is wrong with a plan as a whole."""

import pulumi
import pulumi_aws as aws
import pulumi_docker as docker

from bicoastal.plan import record
from bicoastal.plan.findings import findings

CONFIG = {"project:plain": "text", "project:key": "[secret project:key]", "project:open": "open"}
SECRET = {"project:key"}


def found(program, config=CONFIG):
    plan = record(program, project="project", stack="stack", config=config, secret_keys=SECRET)
    return [str(problem) for problem in findings(plan, config, SECRET)]


def test_a_regional_resource_without_a_region_is_found_and_a_global_one_is_not():
    def program():
        aws.ec2.Vpc("lost")
        aws.ec2.Vpc("placed", region="us-east-1")
        aws.iam.User("person")

    assert [text.partition(":")[0] for text in found(program)] == ["lost.region"]


def test_where_default_providers_are_disabled_one_must_be_given():
    def program():
        docker.Network("lost")
        east = docker.Provider("east")
        docker.Network("placed", opts=pulumi.ResourceOptions(provider=east))

    assert found(program) == []
    for disabled in ('["*"]', '["docker", "aws"]'):
        texts = found(program, {**CONFIG, "pulumi:disable-default-providers": disabled})
        assert [text.partition(":")[0] for text in texts] == ["lost.provider"]


def test_a_secret_of_the_configuration_in_a_plain_property_is_found_and_not_shown():
    def program():
        docker.Network("net", name=pulumi.Config().require("key"))
        docker.Network("told", options={"a": pulumi.Config().require("plain")})
        docker.Secret("kept", data=pulumi.Config().require_secret("key"))

    (text,) = found(program)
    assert text.startswith("net.name: the secret project:key stands in a plain property")
    assert "[secret" not in text


def test_a_secret_that_is_exported_plainly_is_found():
    (text,) = found(lambda: pulumi.export("told", f"key={pulumi.Config().require('key')}"))
    assert text.startswith("exports.told: the secret project:key")


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
