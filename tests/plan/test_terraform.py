"""A plan in the shape of Terraform's."""

import pulumi
import pulumi_aws as aws
import pulumi_docker as docker
import pytest

from bicoastal.plan import record
from bicoastal.plan.classes import CLASSES
from bicoastal.plan.terraform import UnmappedType, terraform_plan
from bicoastal.plan.terraform_names import snake_case, terraform_types


def plan_of(program):
    return terraform_plan(record(program, project="project", stack="stack", config={}))


def only(program):
    """Values, what changes, and what was written, of the last resource in the order of its address."""
    plan = plan_of(program)
    return (
        plan["planned_values"]["root_module"]["resources"][-1],
        plan["resource_changes"][-1]["change"],
        plan["configuration"]["root_module"]["resources"][-1],
    )


def test_a_resource_stands_under_its_type_and_name_in_terraform():
    planned, change, written = only(lambda: aws.ec2.Vpc("net", cidr_block="10.0.0.0/16"))
    assert planned["address"] == "aws_vpc.net"
    assert (planned["mode"], planned["type"], planned["name"]) == ("managed", "aws_vpc", "net")
    assert planned["provider_name"].endswith("hashicorp/aws")
    assert planned["values"] == {"cidr_block": "10.0.0.0/16"}
    assert change["actions"] == ["create"]
    assert change["after"] == planned["values"]
    assert written["expressions"] == {"cidr_block": {"constant_value": "10.0.0.0/16"}}


def test_blocks_stand_in_lists_under_the_names_of_terraform():
    planned, _, written = only(
        lambda: aws.s3.BucketServerSideEncryptionConfiguration(
            "it",
            bucket="b",
            rules=[{"apply_server_side_encryption_by_default": {"sse_algorithm": "AES256"}}],
        )
    )
    algorithm = {"sse_algorithm": "AES256"}
    assert planned["values"]["rule"] == [{"apply_server_side_encryption_by_default": [algorithm]}]
    (inner,) = written["expressions"]["rule"][0]["apply_server_side_encryption_by_default"]
    assert inner == {"sse_algorithm": {"constant_value": "AES256"}}


def test_the_keys_of_a_map_are_kept_and_renamed_properties_are_renamed():
    planned, _, _ = only(
        lambda: aws.cloudwatch.MetricAlarm(
            "it",
            name="cpu",
            comparison_operator="GreaterThanThreshold",
            evaluation_periods=1,
            dimensions={"InstanceId": "i-1"},
        )
    )
    assert planned["values"]["alarm_name"] == "cpu"
    assert planned["values"]["dimensions"] == {"InstanceId": "i-1"}


def test_what_only_a_provider_knows_is_unknown_and_a_reference():
    def program():
        bucket = aws.s3.Bucket("b")
        aws.s3.BucketPublicAccessBlock("p", bucket=bucket.id, block_public_acls=True)

    planned, change, written = only(program)
    assert planned["values"] == {"block_public_acls": True}
    assert change["after_unknown"] == {"bucket": True, "id": True}
    assert written["expressions"]["bucket"] == {"references": ["aws_s3_bucket.b.id", "aws_s3_bucket.b"]}


def test_what_only_a_provider_knows_is_named_within_a_block():
    def program():
        key = aws.kms.Key("k")
        default = {"sse_algorithm": "aws:kms", "kms_master_key_id": key.arn}
        rules = [{"apply_server_side_encryption_by_default": default}]
        aws.s3.BucketServerSideEncryptionConfiguration("z", bucket="b", rules=rules)

    planned, change, _ = only(program)
    (block,) = planned["values"]["rule"][0]["apply_server_side_encryption_by_default"]
    assert block == {"sse_algorithm": "aws:kms", "kms_master_key_id": "<k.arn>"}
    (block,) = change["after_unknown"]["rule"][0]["apply_server_side_encryption_by_default"]
    assert block == {"kms_master_key_id": True}


def test_a_number_that_only_a_provider_knows_is_left_out_of_a_block():
    def program():
        disk = aws.ebs.Volume("d", availability_zone="us-east-1a")
        aws.ec2.Instance("z", root_block_device={"volume_size": disk.size, "encrypted": True})

    planned, _, _ = only(program)
    assert planned["values"]["root_block_device"] == [{"encrypted": True}]


def launched(template, **instance):
    """What is planned for an instance with this template."""

    def program():
        made = aws.ec2.LaunchTemplate("t", **template)
        aws.ec2.Instance("z", launch_template={"id": made.id, "version": "$Latest"}, **instance)

    found = plan_of(program)["planned_values"]["root_module"]["resources"]
    return next(one["values"] for one in found if one["type"] == "aws_instance")


def test_an_instance_is_shown_with_what_its_launch_template_says():
    said = launched(
        {
            "metadata_options": {"http_tokens": "required"},
            "monitoring": {"enabled": True},
            "ebs_optimized": "true",
            "iam_instance_profile": {"name": "host"},
            "block_device_mappings": [
                {"device_name": "/dev/xvda", "ebs": {"encrypted": "true", "volume_size": 8}},
                {"device_name": "/dev/sdf", "ebs": {"encrypted": "false"}},
                {"device_name": "/dev/sdg", "no_device": "true"},
            ],
        }
    )
    assert said["metadata_options"] == [{"http_tokens": "required"}]
    assert (said["monitoring"], said["ebs_optimized"], said["iam_instance_profile"]) == (True, True, "host")
    assert said["root_block_device"] == [{"encrypted": True, "volume_size": 8}]
    assert said["ebs_block_device"] == [{"device_name": "/dev/sdf", "encrypted": False}]


def test_what_an_instance_says_itself_wins_over_its_launch_template():
    said = launched(
        {"metadata_options": {"http_tokens": "required"}, "monitoring": {"enabled": True}},
        metadata_options={"http_tokens": "optional"},
    )
    assert said["metadata_options"] == [{"http_tokens": "optional"}]
    assert said["monitoring"] is True
    assert "root_block_device" not in said


def test_an_instance_refers_to_the_profile_of_its_launch_template():
    def program():
        profile = aws.iam.InstanceProfile("host", name="host")
        aws.iam.Role("host", assume_role_policy="{}")
        template = aws.ec2.LaunchTemplate("t", iam_instance_profile={"arn": profile.arn})
        aws.ec2.Instance("z", launch_template={"id": template.id})

    found = plan_of(program)["configuration"]["root_module"]["resources"]
    written = next(one["expressions"] for one in found if one["type"] == "aws_instance")
    named = ["aws_iam_instance_profile.host.arn", "aws_iam_instance_profile.host"]
    assert written["iam_instance_profile"] == {"references": named}


def test_a_known_value_that_comes_from_a_resource_is_a_reference_too():
    def program():
        bucket = aws.s3.Bucket("b", bucket="shop-media")
        aws.s3.BucketPublicAccessBlock("p", bucket=bucket.bucket)

    planned, _, written = only(program)
    assert planned["values"] == {"bucket": "shop-media"}
    assert written["expressions"]["bucket"] == {"references": ["aws_s3_bucket.b.bucket", "aws_s3_bucket.b"]}


def test_a_text_with_an_unknown_part_is_shown_with_its_references():
    def program():
        bucket = aws.s3.Bucket("b")
        policy = pulumi.Output.json_dumps({"Resource": bucket.arn})
        aws.s3.BucketPolicy("p", bucket="b", policy=policy)

    planned, _, written = only(program)
    assert planned["values"]["policy"] == '{"Resource": "<b.arn>"}'
    assert written["expressions"]["policy"] == {"references": ["aws_s3_bucket.b.arn", "aws_s3_bucket.b"]}


def test_of_two_types_with_one_name_the_one_that_is_depended_on_is_meant():
    def program():
        key = aws.kms.Key("data")
        aws.kms.Alias("data", name="alias/data", target_key_id=key.key_id)
        aws.s3.BucketLogging("z", bucket="b", target_bucket=key.arn, target_prefix="")

    written = plan_of(program)["configuration"]["root_module"]["resources"]
    by_type = {one["type"]: one["expressions"] for one in written}
    assert "aws_kms_key.data" in by_type["aws_kms_alias"]["target_key_id"]["references"]
    assert by_type["aws_s3_bucket_logging"]["target_bucket"]["references"] == [
        "aws_kms_key.data.arn",
        "aws_kms_key.data",
    ]


def test_what_is_only_waited_for_is_in_depends_on():
    def program():
        first = aws.s3.Bucket("b")
        aws.ec2.Vpc("net", opts=pulumi.ResourceOptions(depends_on=[first]))

    configured = plan_of(program)["configuration"]["root_module"]["resources"]
    assert next(one for one in configured if one["name"] == "net")["depends_on"] == ["aws_s3_bucket.b"]


def test_two_resources_of_one_name_under_two_parents_have_addresses_of_their_own():
    def program():
        for parent in ("one", "two"):
            component = pulumi.ComponentResource(f"a:b:{parent.title()}", parent)
            aws.ec2.Vpc("net", opts=pulumi.ResourceOptions(parent=component))

    addresses = [one["address"] for one in plan_of(program)["planned_values"]["root_module"]["resources"]]
    assert addresses == ["aws_vpc.net", "aws_vpc.net_2"]


def test_a_name_that_terraform_does_not_take_is_made_one_that_it_does():
    planned, _, _ = only(lambda: aws.ec2.Vpc("1 net/a"))
    assert planned["address"] == "aws_vpc._1_net_a"


def test_a_secret_is_marked_and_not_shown():
    planned, change, written = only(
        lambda: aws.rds.Instance("d", instance_class="db.t4g.small", password="planted-secret")
    )
    assert planned["values"]["password"] == "(secret)"
    assert planned["sensitive_values"] == change["after_sensitive"] == {"password": True}
    assert written["expressions"]["password"] == {}


def test_a_type_of_aws_that_the_table_lacks_fails_and_is_named():
    def program():
        aws.dynamodb.Table("t", attributes=[{"name": "a", "type": "S"}], hash_key="a")
        aws.ec2.Vpc("net")

    with pytest.raises(UnmappedType, match=r"aws:dynamodb/table:Table; fix: add each to the table"):
        plan_of(program)


def test_resources_of_other_providers_are_left_out_and_counted():
    def program():
        docker.Network("one")
        docker.Network("two")
        docker.Provider("east")

    assert plan_of(program)["left_out"] == {"docker:index/network:Network": 2}


def test_what_is_exported_is_an_output():
    def program():
        pulumi.export("plain", 1)
        pulumi.export("hidden", pulumi.Output.secret("planted-secret"))

    assert plan_of(program)["planned_values"]["outputs"] == {
        "hidden": {"sensitive": True, "value": "(secret)"},
        "plain": {"sensitive": False, "value": 1},
    }


AWS = sorted(token for token in terraform_types() if token.startswith("aws:"))


@pytest.mark.parametrize("token", AWS)
def test_each_type_and_field_of_the_table_is_one_of_the_sdks(token):
    module = token.split(":")[1].partition("/")[0]
    getattr(getattr(aws, module), token.rpartition(":")[2])
    properties = {known.name for known in CLASSES.properties(token)}
    fields = {path.partition(".")[0] for path in terraform_types()[token].fields}
    assert properties
    assert fields <= properties


def test_a_name_is_spelled_as_terraform_does():
    names = ["ipv6CidrBlock", "cidrIpv4", "iops", "kmsKeyId"]
    assert [snake_case(name) for name in names] == ["ipv6_cidr_block", "cidr_ipv4", "iops", "kms_key_id"]
