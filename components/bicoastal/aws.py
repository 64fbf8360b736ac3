"""AWS' SDK, as every component uses it; a module of it is loaded when it is first asked for.

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
    "rds",
    "s3",
    "ssm",
    "vpc",
]


def __getattr__(name: str) -> ModuleType:
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    module = import_module(f"pulumi_aws.{name}")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)
        hasattr(module, "anything")  # the SDK imports a module when something in it is first named
    return module
