"""The services of the cloud that are reached without leaving its network."""

from collections.abc import Sequence
from enum import Enum
from typing import Any

import pulumi

from .nat import NatMode


class Endpoint(Enum):
    """A service with an endpoint in the network. All but `s3` have an address in each zone and an hourly
    price for each."""

    S3 = "s3"
    """Buckets, and the layers of images in ECR: a gateway in the route tables, free of charge. Hosts read by
    it what they may, and change nothing but the account's own buckets."""
    SSM = "ssm"
    """Systems Manager: how people reach hosts that have no public address and no open SSH port."""
    SSM_MESSAGES = "ssmmessages"
    """The channel of a session on a host, and of the agent's commands."""
    EC2_MESSAGES = "ec2messages"
    """The older channel of the agent's commands. Agents from 3.3.40 on use `ssmmessages`: not by default."""
    EC2 = "ec2"
    """What a host asks about itself and its volumes."""
    LOGS = "logs"
    """CloudWatch Logs, for what writes there from a host."""
    KMS = "kms"
    """Keys: Vault cannot unseal itself without."""
    STS = "sts"
    """Tokens of roles."""
    ECR_API = "ecr.api"
    """The registry of images: who may pull."""
    ECR_DKR = "ecr.dkr"
    """The registry of images: pulling."""


WITH_NAT = [Endpoint.S3, Endpoint.SSM, Endpoint.SSM_MESSAGES, Endpoint.KMS]
"""What must go on when a NAT gateway fails: people's way to the hosts, and keys; and S3, which is free
and spares the gateway its largest traffic, backups. The rest goes through the gateway."""
WITHOUT_NAT = [*WITH_NAT, Endpoint.EC2, Endpoint.STS, Endpoint.ECR_API, Endpoint.ECR_DKR]
"""What hosts need that have no other way out. Images must then come from ECR."""


def default_endpoints(nat: NatMode) -> Sequence[Endpoint]:
    """The endpoints of a new network."""
    return WITHOUT_NAT if nat is NatMode.NONE else WITH_NAT


def gateway_policy(account_id: pulumi.Input[str]) -> dict[str, Any]:
    """What hosts may do by the gateway: with buckets of the account all that their roles may, elsewhere only
    read an object. AWS keeps the layers of ECR's images, the SSM agent and the packages of its systems in
    buckets of its own, other registries theirs; each needs `s3:GetObject` and no more. But whoever is on a
    host with a key of another account cannot carry anything there."""
    everybody = {"Effect": "Allow", "Principal": "*", "Resource": "*"}
    return {
        "Version": "2012-10-17",
        "Statement": [
            {"Sid": "ReadAnywhere", **everybody, "Action": "s3:GetObject"},
            {
                "Sid": "OwnBuckets",
                **everybody,
                "Action": "s3:*",
                "Condition": {"StringEquals": {"aws:ResourceAccount": account_id}},
            },
        ],
    }
