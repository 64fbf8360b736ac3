"""AWS' SDK, as every component uses it, and the partition that ARNs begin with; a module of the SDK is loaded
when it is first asked for.

At its first use such a module warns of its own deprecated names, of which nothing here uses any. A program
that turns warnings into errors could not use it; so that first use is here. Hushed in more places than one,
the warnings of what we do use would be hushed too.
"""

import warnings
from importlib import import_module
from types import ModuleType
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pulumi_aws import (
        autoscaling,
        budgets,
        cloudwatch,
        costexplorer,
        dlm,
        ebs,
        ec2,
        iam,
        kms,
        rds,
        s3,
        ssm,
        vpc,
    )

__all__ = [
    "autoscaling",
    "budgets",
    "cloudwatch",
    "costexplorer",
    "dlm",
    "ebs",
    "ec2",
    "iam",
    "kms",
    "partition",
    "rds",
    "s3",
    "service_policy",
    "ssm",
    "vpc",
]


def partition(region: str) -> str:
    """The separate cloud that a region belongs to."""
    if region.startswith("cn-"):
        return "aws-cn"
    return "aws-us-gov" if region.startswith("us-gov-") else "aws"


def service_policy(region: str, name: str) -> str:
    """The ARN of a policy that AWS itself keeps for a service's role."""
    return f"arn:{partition(region)}:iam::aws:policy/service-role/{name}"


def __getattr__(name: str) -> ModuleType:
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    module = import_module(f"pulumi_aws.{name}")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)
        hasattr(module, "anything")  # the SDK imports a module when something in it is first named
    return module
