"""What passes in a network is kept."""

import json
import re

import pytest

from bicoastal import NetworkFlowLogs
from tests.library.network_plans import (
    FLOW_LOG,
    KEY,
    LOG_GROUP,
    ROLE,
    ROLE_POLICY,
    inputs,
)


def test_flow_logs_hold_all_traffic_in_an_encrypted_group(network):
    plan = network()
    log = inputs(plan, FLOW_LOG)["flow-logs-log"]
    group = inputs(plan, LOG_GROUP)["flow-logs-group"]
    assert (log["vpcId"], log["trafficType"]) == ("<it-vpc.id>", "ALL")
    assert log["logDestination"] == "<it-flow-logs-group.arn>"
    assert group["name"] == "/production/east/flow"
    assert group["kmsKeyId"] == "<it-flow-logs-key.arn>"
    assert group["retentionInDays"] == 365
    assert inputs(plan, KEY)["flow-logs-key"]["enableKeyRotation"] is True


def test_the_key_serves_the_account_and_the_log_service_for_this_group_alone(network):
    policy = json.loads(inputs(network(), KEY)["flow-logs-key"]["policy"])
    account, service = policy["Statement"]
    assert account["Principal"] == {"AWS": "arn:aws:iam::<it-vpc.owner_id>:root"}
    assert service["Principal"] == {"Service": "logs.us-east-1.amazonaws.com"}
    assert service["Condition"] == {
        "ArnEquals": {
            "kms:EncryptionContext:aws:logs:arn": (
                "arn:aws:logs:us-east-1:<it-vpc.owner_id>:log-group:/production/east/flow"
            )
        }
    }


def test_the_role_of_flow_logs_writes_to_their_group_and_nowhere_else(network):
    plan = network()
    (statement,) = json.loads(inputs(plan, ROLE_POLICY)["flow-logs-policy"]["policy"])["Statement"]
    assert statement["Resource"] == ["<it-flow-logs-group.arn>", "<it-flow-logs-group.arn>:*"]
    assert all(re.fullmatch(r"logs:(Create|Put|Describe)\w+", action) for action in statement["Action"])
    assert "logs:CreateLogGroup" not in statement["Action"]
    (trust,) = json.loads(inputs(plan, ROLE)["flow-logs-role"]["assumeRolePolicy"])["Statement"]
    assert trust["Principal"] == {"Service": "vpc-flow-logs.amazonaws.com"}
    assert trust["Condition"] == {
        "StringEquals": {"aws:SourceAccount": "<it-vpc.owner_id>"},
        "ArnLike": {"aws:SourceArn": "arn:aws:ec2:us-east-1:<it-vpc.owner_id>:vpc-flow-log/*"},
    }


def test_the_flow_log_is_made_once_its_role_may_write(network):
    plan = network()
    assert plan.of_type(ROLE_POLICY)[0].urn in plan.of_type(FLOW_LOG)[0].dependencies


@pytest.mark.parametrize("protect", [True, False])
def test_flow_logs_and_their_key_are_protected_unless_said_otherwise(network, protect):
    plan = network() if protect else network(flow_logs={"protect": False})
    group = plan.of_type(LOG_GROUP)[0]
    assert group.protect is protect
    assert group.inputs["deletionProtectionEnabled"] is protect
    assert plan.of_type(KEY)[0].protect is protect


def test_a_key_of_ones_own_takes_the_place_of_ours(network):
    arn = "arn:aws:kms:us-east-1:123456789012:key/0b1c"
    plan = network(flow_logs={"key_arn": arn, "retention_days": 30})
    assert plan.of_type(KEY) == []
    assert plan.of_type(LOG_GROUP)[0].inputs["kmsKeyId"] == arn
    assert plan.of_type(LOG_GROUP)[0].inputs["retentionInDays"] == 30


def test_names_in_a_region_of_another_partition_say_so(pulumi_mocks):
    args = {"region": "us-gov-west-1", "vpc_id": "vpc-1", "account_id": "123456789012"}
    plan = pulumi_mocks.run(lambda: NetworkFlowLogs("it", args), stack="production")
    policy = inputs(plan, KEY)["key"]["policy"]
    assert "arn:aws-us-gov:iam::123456789012:root" in policy
    assert "arn:aws-us-gov:logs:us-gov-west-1:123456789012:log-group:/production/it" in policy
