"""What the program declares: on mocks, without `pulumi`, an account or a network."""

import pytest
from shop import declare

from bicoastal.testing import assert_no_findings, assert_protected, assert_tree, the

BUCKET = "aws:s3/bucket:Bucket"
RECORD = "cloudflare:index/dnsRecord:DnsRecord"


@pytest.fixture
def plan(pulumi_mocks, config):
    return pulumi_mocks.run(declare, project="tested-project", stack="dev", config=config)


def test_the_records_and_the_two_buckets_are_all_that_there_is(plan):
    assert_tree(
        plan,
        """
        media bicoastal:index:ReplicatedBucket
          media-us-east-1 bicoastal:index:RegionalBucket
            media-us-east-1-bucket aws:s3/bucket:Bucket
            ...
          media-us-west-2 bicoastal:index:RegionalBucket
            media-us-west-2-bucket aws:s3/bucket:Bucket
            ...
          ...
        names bicoastal:index:DnsRecords
          names-www cloudflare:index/dnsRecord:DnsRecord
        """,
    )


def test_the_shop_is_found_by_its_name(plan):
    assert the(plan, RECORD).inputs["name"] == "www.example.com"


def test_no_run_removes_media(plan):
    assert_protected(plan, BUCKET)


def test_the_checks_find_nothing_worth_a_talk(plan, config):
    assert_no_findings(plan, at_least="medium", config=config)


def test_the_keys_ids_are_taken_out_of_their_arns(pulumi_mocks, config):
    run = {"project": "tested-project", "config": config, "realistic": True}
    plan = pulumi_mocks.run(
        declare,
        **run,
        outputs={
            "aws:kms/key:Key": lambda _name, inputs: {
                "arn": f"arn:aws:kms:{inputs['region']}:123456789012:key/key-of-{inputs['region']}"
            }
        },
    )
    assert plan.exports["key_ids"] == {
        "us-east-1": "key-of-us-east-1",
        "us-west-2": "key-of-us-west-2",
    }
