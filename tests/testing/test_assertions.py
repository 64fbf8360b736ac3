"""What the kit says of plans that are not as they must be."""

import pulumi
import pulumi_aws as aws
import pytest

from bicoastal.testing import assert_budget_within, assert_no_findings, assert_protected, the

BUCKET = "aws:s3/bucket:Bucket"


def program(**options):
    """A bucket of which nothing is said, beside what names a region and carries a tag."""

    def declared():
        opts = pulumi.ResourceOptions(**options)
        aws.s3.Bucket("assets", region="us-east-1", tags={"team": "map"}, opts=opts)
        aws.s3.Bucket("logs", region="us-east-1", tags={"team": "map"}, opts=opts)

    return declared


@pytest.fixture
def plan(pulumi_mocks):
    return pulumi_mocks.run(program())


class Budgeted(pulumi.ComponentResource):
    def __init__(self, name, **budget):
        super().__init__("shop:index:Budgeted", name)
        self.register_outputs({"failover_budget": budget})


def test_the_one_of_a_type_is_found_by_its_name(plan):
    assert the(plan, BUCKET, "logs").inputs["region"] == "us-east-1"


def test_of_several_the_names_are_told(plan):
    with pytest.raises(AssertionError, match=r"2 resources are .*: assets, logs;"):
        the(plan, BUCKET)


def test_of_none_the_plans_types_are_told(plan):
    with pytest.raises(
        AssertionError, match=f"0 resources are .* there are: none; the plan's types: {BUCKET}"
    ):
        the(plan, "aws:s3/buckets:Buckets")


def test_what_holds_data_must_be_protected(plan, pulumi_mocks):
    with pytest.raises(AssertionError, match="assets"):
        assert_protected(plan)
    assert_protected(pulumi_mocks.run(program(protect=True)))


def test_what_shall_be_protected_must_be_there(plan):
    with pytest.raises(AssertionError, match="nothing in the plan"):
        assert_protected(plan, "aws:rds/instance:Instance")


def test_findings_are_told_from_the_severity_on_that_is_asked_for(plan):
    with pytest.raises(AssertionError) as told:
        assert_no_findings(plan, at_least="critical")
    assert "critical: aws-s3-public-access assets" in str(told.value)
    assert "high:" not in str(told.value)
    with pytest.raises(AssertionError, match=r"high: \S+ assets"):
        assert_no_findings(plan, at_least="low")


def test_a_finding_that_is_excepted_is_not_told(plan):
    with pytest.raises(AssertionError) as told:
        assert_no_findings(plan)
    ids = {line.split()[1] for line in str(told.value).splitlines()[1:] if line.startswith("  ")}
    assert_no_findings(plan, except_for=ids)


def test_an_exception_of_which_nothing_is_found_is_refused(plan):
    with pytest.raises(AssertionError, match="finds nothing; remove it:\n  docker-user"):
        assert_no_findings(plan, at_least="low", except_for=["docker-user"])


@pytest.mark.parametrize(("seconds", "holds"), [(90, True), (89, False)])
def test_a_budget_is_held_by_the_worse_of_its_two_ways(pulumi_mocks, seconds, holds):
    plan = pulumi_mocks.run(lambda: Budgeted("shop", total_s=60.0, other_way_total_s=90.0))
    if holds:
        assert_budget_within(plan, seconds)
    else:
        with pytest.raises(AssertionError, match="shop: 90 s at worst are more than 89 s"):
            assert_budget_within(plan, seconds)


def test_a_plan_without_a_budget_holds_none(plan):
    with pytest.raises(AssertionError, match="no component"):
        assert_budget_within(plan, 120)


def test_a_plan_that_holds_no_data_does_not_pass_for_protected(pulumi_mocks):
    with pytest.raises(AssertionError, match="nothing in the plan holds data"):
        assert_protected(pulumi_mocks.run(lambda: None))
