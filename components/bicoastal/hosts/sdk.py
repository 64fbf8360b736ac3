"""AWS' SDK, as this room's components use it.

At its first use `pulumi_aws.ec2` warns of one of its own deprecated classes, which nothing here uses. A
program that turns warnings into errors could not use it; so that first use is here, and hushed here only.
"""

import warnings

import pulumi_aws as aws

with warnings.catch_warnings():
    warnings.simplefilter("ignore", DeprecationWarning)
    aws.ec2.Instance  # noqa: B018 the SDK imports a module when something in it is first named

__all__ = ["aws"]
