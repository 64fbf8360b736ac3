"""Who spoke to whom in a network: its flow logs, encrypted."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, NotRequired, TypedDict

import pulumi

from ..aws import cloudwatch, ec2, iam, kms, partition
from ..checks.network import ACCOUNT, KMS_KEY_ARN, LOG_GROUP, RETENTION
from ..checks.rules import CLOUD_REGION
from ..component import Component, ComponentArgs
from ..inputs import json_text, mapped
from ..settings import setting


class FlowLogOptionsArgs(TypedDict):
    """How flow logs are kept."""

    retention_days: NotRequired[int]
    """Days until a record is deleted, one of those that CloudWatch has: 1 to 2922. Default: 365."""
    key_arn: NotRequired[pulumi.Input[str]]
    """The ARN of a KMS key of this region. Its policy must let `logs.<region>.amazonaws.com` use it for the
    log group. Default: a key of its own, rotated every year."""
    protect: NotRequired[bool]
    """Whether the log group and its key are kept from being deleted. Default: true."""


@dataclass(frozen=True, kw_only=True)
class FlowLogOptions:
    """How flow logs are kept, checked."""

    retention_days: int = setting(RETENTION, default=365)
    key_arn: pulumi.Input[str] | None = setting(KMS_KEY_ARN, default=None)
    protect: bool = setting(default=True)


class NetworkFlowLogsArgs(ComponentArgs):
    """What the flow logs of a network are made of."""

    region: str
    """The network's region, such as `us-east-1`."""
    vpc_id: pulumi.Input[str]
    """The network."""
    account_id: pulumi.Input[str]
    """The account that it belongs to: 12 digits."""
    log_group_name: NotRequired[str]
    """The log group, which must not be there yet. Default: `/<stack>/<the component's name>`. A change loses
    what the old one holds."""
    options: NotRequired[FlowLogOptionsArgs]
    """How they are kept. Default: a year, under a key of their own."""


@dataclass(frozen=True, kw_only=True)
class NetworkFlowLogsSettings:
    """What the flow logs of a network are made of, checked."""

    region: str = setting(CLOUD_REGION)
    vpc_id: pulumi.Input[str]
    account_id: pulumi.Input[str] = setting(ACCOUNT)
    log_group_name: str | None = setting(LOG_GROUP, default=None)
    options: FlowLogOptions = setting(factory=FlowLogOptions)


class NetworkFlowLogs(Component[NetworkFlowLogsSettings]):
    """The flow logs of a network, every record of accepted and of refused traffic, in a log group of
    CloudWatch that is encrypted by a key which serves nothing else. The role that writes them may write there
    and nowhere else, and only for this account's flow logs.

    A log group that is replaced loses its records, and without their key records are lost, too: both are
    protected.

    Raises `pulumi.InputPropertiesError` for any argument that breaks its rule.
    """

    log_group: pulumi.Output[str]
    """The log group's name."""

    def __init__(
        self, name: str, args: NetworkFlowLogsArgs, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        super().__init__(name, args, opts, NetworkFlowLogsSettings)
        self._group_name = self.settings.log_group_name or f"/{pulumi.get_stack()}/{name}"
        group = self._add_group(self.settings.options.key_arn or self._add_key())
        role = self._add_role(group)
        ec2.FlowLog(
            self.child_name("log"),
            **self.customized(
                "log",
                {
                    "region": self.settings.region,
                    "vpc_id": self.settings.vpc_id,
                    "traffic_type": "ALL",
                    "log_destination_type": "cloud-watch-logs",
                    "log_destination": group.arn,
                    "iam_role_arn": role.arn,
                    "tags": self.labels(Name=self.child_name("log")),
                },
            ),
            opts=self.child_opts("log", depends_on=[self._policy]),
        )
        self.log_group = group.name
        self.register_outputs({"log_group": self.log_group})

    @classmethod
    def children_of(cls, settings: NetworkFlowLogsSettings) -> Sequence[str]:
        own_key = ["key", "key-name"] if settings.options.key_arn is None else []
        return [*own_key, "group", "role", "policy", "log"]

    def _add_group(self, key_arn: pulumi.Input[str]) -> cloudwatch.LogGroup:
        options = self.settings.options
        return cloudwatch.LogGroup(
            self.child_name("group"),
            **self.customized(
                "group",
                {
                    "region": self.settings.region,
                    "name": self._group_name,
                    "retention_in_days": options.retention_days,
                    "kms_key_id": key_arn,
                    "deletion_protection_enabled": options.protect,
                    "tags": self.labels(Name=self._group_name),
                },
            ),
            opts=self.child_opts("group", protect=options.protect),
        )

    def _add_key(self) -> pulumi.Output[str]:
        key = kms.Key(
            self.child_name("key"),
            **self.customized(
                "key",
                {
                    "region": self.settings.region,
                    "description": f"Encrypts the log group {self._group_name}",
                    "enable_key_rotation": True,
                    "deletion_window_in_days": 30,
                    "policy": json_text(self._key_policy()),
                    "tags": self.labels(Name=self._group_name),
                },
            ),
            opts=self.child_opts("key", protect=self.settings.options.protect),
        )
        kms.Alias(
            self.child_name("key-name"),
            **self.customized(
                "key-name",
                {
                    "region": self.settings.region,
                    "name": f"alias/{self._group_name.strip('/')}",
                    "target_key_id": key.key_id,
                },
            ),
            opts=self.child_opts("key-name"),
        )
        return key.arn

    def _add_role(self, group: cloudwatch.LogGroup) -> iam.Role:
        role = iam.Role(
            self.child_name("role"),
            **self.customized(
                "role",
                {
                    "description": f"Writes flow logs to {self._group_name}",
                    "assume_role_policy": json_text(self._trust()),
                    "tags": self.labels(Name=self.child_name("role")),
                },
            ),
            opts=self.child_opts("role"),
        )
        self._policy = iam.RolePolicy(
            self.child_name("policy"),
            **self.customized("policy", {"role": role.name, "policy": json_text(_rights(group))}),
            opts=self.child_opts("policy"),
        )
        return role

    def _arn(self, service: str, what: str) -> pulumi.Input[str]:
        start = f"arn:{partition(self.settings.region)}:{service}:{self.settings.region}"
        return mapped(self.settings.account_id, lambda account: f"{start}:{account}:{what}")

    def _key_policy(self) -> dict[str, Any]:
        """The account's own policies decide who else may use the key; the log service may, for this group."""
        iam = f"arn:{partition(self.settings.region)}:iam"
        account = mapped(self.settings.account_id, lambda account: f"{iam}::{account}:root")
        group = self._arn("logs", f"log-group:{self._group_name}")
        return _policy(
            {"Sid": "Account", "Principal": {"AWS": account}, "Action": "kms:*", "Resource": "*"},
            {
                "Sid": "FlowLogs",
                "Principal": {"Service": f"logs.{self.settings.region}.amazonaws.com"},
                "Action": [
                    *("kms:Encrypt*", "kms:Decrypt*", "kms:ReEncrypt*"),
                    *("kms:GenerateDataKey*", "kms:Describe*"),
                ],
                "Resource": "*",
                "Condition": {"ArnEquals": {"kms:EncryptionContext:aws:logs:arn": group}},
            },
        )

    def _trust(self) -> dict[str, Any]:
        """Flow logs of this account and region, and nobody who gets their service to act for them."""
        return _policy(
            {
                "Principal": {"Service": "vpc-flow-logs.amazonaws.com"},
                "Action": "sts:AssumeRole",
                "Condition": {
                    "StringEquals": {"aws:SourceAccount": self.settings.account_id},
                    "ArnLike": {"aws:SourceArn": self._arn("ec2", "vpc-flow-log/*")},
                },
            }
        )


def _rights(group: cloudwatch.LogGroup) -> dict[str, Any]:
    return _policy(
        {
            "Action": [
                *("logs:CreateLogStream", "logs:PutLogEvents"),
                *("logs:DescribeLogGroups", "logs:DescribeLogStreams"),
            ],
            "Resource": [group.arn, group.arn.apply(lambda arn: f"{arn}:*")],
        }
    )


def _policy(*statements: dict[str, Any]) -> dict[str, Any]:
    return {
        "Version": "2012-10-17",
        "Statement": [{"Effect": "Allow", **statement} for statement in statements],
    }
