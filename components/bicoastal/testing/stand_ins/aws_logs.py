"""Groups of logs: a name is taken once in a region, by whoever comes first."""

from typing import Any

from .aws_calls import Given, Judge


def _make_group(given: Given) -> str:
    given.call("logs", "CreateLogGroup", logGroupName=given["name"], kmsKeyId=given.get("kmsKeyId"))
    _keep(given)
    return str(given["name"])


def _keep(given: Given, *_: Any) -> None:
    days = given.get("retentionInDays")
    if days:
        given.call("logs", "PutRetentionPolicy", logGroupName=given["name"], retentionInDays=days)


JUDGES = [
    Judge(
        "aws:cloudwatch/logGroup:LogGroup",
        _make_group,
        lambda given, it: given.call("logs", "DeleteLogGroup", logGroupName=given["name"]),
        _keep,
    )
]
