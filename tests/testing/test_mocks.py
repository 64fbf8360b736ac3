"""What a program on mocks is told of its resources."""

import subprocess
import sys

import pulumi
import pulumi_aws as aws
import pulumi_vault as vault
import pytest

BUCKET = "aws:s3/bucket:Bucket"


def program():
    """Takes an ARN and an endpoint apart, as programs do."""
    bucket = aws.s3.Bucket("assets", region="us-west-2")
    pulumi.export("id", bucket.id)
    pulumi.export("arn", bucket.arn)
    pulumi.export("name", bucket.bucket)
    pulumi.export(
        "account", aws.kms.Key("key", region="us-west-2").arn.apply(lambda arn: arn.split(":")[4:5])
    )
    pulumi.export("accessor", vault.Mount("kv", path="kv", type="kv").accessor)


def test_an_output_is_a_stand_in_that_names_where_it_comes_from(pulumi_mocks):
    exports = pulumi_mocks.run(program).exports
    assert (exports["arn"], exports["id"], exports["account"]) == ("<assets.arn>", "<assets.id>", [])


def test_realistic_outputs_have_the_form_that_the_clouds_give_them(pulumi_mocks):
    exports = pulumi_mocks.run(program, realistic=True).exports
    name = exports["name"]
    assert name.startswith("assets-")
    assert (exports["id"], exports["arn"]) == (name, f"arn:aws:s3:::{name}")
    assert exports["account"] == ["123456789012"]


def test_what_no_table_knows_stays_a_stand_in(pulumi_mocks):
    assert pulumi_mocks.run(program, realistic=True).exports["accessor"] == "<kv.accessor>"


def test_they_are_the_same_from_run_to_run(pulumi_mocks):
    first, second = (pulumi_mocks.run(program, realistic=True).exports for _ in range(2))
    assert first == second


@pytest.mark.parametrize("realistic", [False, True])
def test_what_is_chosen_for_a_type_wins(pulumi_mocks, realistic):
    chosen = {BUCKET: {"id": "mine", "arn": "arn:mine"}}
    exports = pulumi_mocks.run(program, realistic=realistic, outputs=chosen).exports
    assert (exports["id"], exports["arn"]) == ("mine", "arn:mine")


def test_what_is_chosen_may_follow_from_name_and_inputs(pulumi_mocks):
    chosen = {BUCKET: lambda name, inputs: {"arn": f"{name} in {inputs['region']}"}}
    assert pulumi_mocks.run(program, outputs=chosen).exports["arn"] == "assets in us-west-2"


def test_the_kit_is_there_without_moto():
    without = "import sys; sys.modules['moto'] = sys.modules['boto3'] = None; import bicoastal.testing as t; "
    told = subprocess.run(
        [sys.executable, "-c", f"{without}t.PulumiMocks().run(lambda: None, realistic=True); print('there')"],
        capture_output=True,
        text=True,
        check=False,
    )
    assert told.stdout.strip() == "there", told.stderr
