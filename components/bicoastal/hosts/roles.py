"""What the hosts may do in AWS, as policies."""

from typing import Any

from ..aws import partition
from .ssh import parameters_of

Policy = dict[str, Any]

_SESSIONS = (
    "ssm:UpdateInstanceInformation",
    "ssmmessages:CreateControlChannel",
    "ssmmessages:CreateDataChannel",
    "ssmmessages:OpenControlChannel",
    "ssmmessages:OpenDataChannel",
)
"""What Session Manager needs of AmazonSSMManagedInstanceCore, which would also let every host read every
parameter of the account: a worker the managers' join token."""
_OWN_ACCOUNT = {"StringEquals": {"aws:ResourceAccount": "${aws:PrincipalAccount}"}}
"""An account's number is in no input: it is the host's own."""


def trust(service: str) -> Policy:
    """Who may take a role: this service of AWS."""
    allow = {"Effect": "Allow", "Principal": {"Service": service}, "Action": "sts:AssumeRole"}
    return {"Version": "2012-10-17", "Statement": [allow]}


def manager_policy(stack: str, place: str, region: str, key: str | None) -> Policy:
    """A manager opens sessions, and reads and writes the parameters of its own Swarm."""
    own = [_parameter(region, f"{parameters_of(stack, place)}/{name}") for name in ("join/*", "hosts/*")]
    return _host_policy(
        _allow(["ssm:GetParameter", "ssm:PutParameter"], own, _OWN_ACCOUNT),
        *_key(key, region, ["kms:Decrypt", "kms:Encrypt", "kms:GenerateDataKey"]),
    )


def worker_policy(stack: str, place: str, region: str, key: str | None) -> Policy:
    """A worker opens sessions, and reads the workers' join token and nothing else."""
    token = _parameter(region, f"{parameters_of(stack, place)}/join/worker")
    return _host_policy(
        _allow(["ssm:GetParameter"], [token], _OWN_ACCOUNT), *_key(key, region, ["kms:Decrypt"])
    )


def _host_policy(*own: Policy) -> Policy:
    return {"Version": "2012-10-17", "Statement": [_allow(list(_SESSIONS), ["*"]), *own]}


def _key(key: str | None, region: str, actions: list[str]) -> list[Policy]:
    """Use of the key, and only through the parameter store."""
    through = {"StringEquals": {"kms:ViaService": f"ssm.{region}.amazonaws.com"}}
    return [_allow(actions, [key], through)] if key else []


def _parameter(region: str, path: str) -> str:
    return f"arn:{partition(region)}:ssm:{region}:*:parameter{path}"


def _allow(actions: list[str], resources: list[str], condition: Policy | None = None) -> Policy:
    allow: Policy = {"Effect": "Allow", "Action": actions, "Resource": resources}
    return {**allow, "Condition": condition} if condition else allow
