"""Buckets and what is configured of them."""

from collections.abc import Callable
from typing import Any

from botocore.exceptions import ClientError

from .aws_calls import Given, Judge

HOME = "us-east-1"
"""The region that S3 takes for granted, and does not want to be named."""


def _make_bucket(given: Given) -> str:
    region = given.get("region", HOME)
    place: dict[str, Any] = {}
    if region != HOME:
        place["CreateBucketConfiguration"] = {"LocationConstraint": region}
    locked = given.get("objectLockEnabled", False)
    given.call("s3", "CreateBucket", Bucket=given["bucket"], ObjectLockEnabledForBucket=locked, **place)
    return str(given["bucket"])


def _replicates(given: Given) -> dict[str, Any]:
    """S3 looks at the destination too, which moto does not."""
    for rule in given["rules"]:
        name = rule["destination"]["bucket"].rpartition(":")[2]
        status = given.call("s3", "GetBucketVersioning", Bucket=name).get("Status")
        if status != "Enabled":
            message = "Destination bucket must have versioning enabled."
            raise ClientError(
                {"Error": {"Code": "InvalidRequest", "Message": message}}, "PutBucketReplication"
            )
    return {"Role": given["role"], "Rules": given["rules"]}


def _configures(
    kind: str, operation: str, member: str, what: Callable[[Given], Any], undo: str | None = None
) -> Judge:
    """A part of a bucket's configuration, which a put sets and sets anew."""

    def put(given: Given, *_: Any) -> str:
        given.call("s3", operation, Bucket=given["bucket"], **{member: what(given)})
        return str(given["bucket"])

    def remove(given: Given, _: Any) -> None:
        if undo is not None:
            given.call("s3", undo, Bucket=given["bucket"])

    return Judge(f"aws:s3/{kind[0].lower()}{kind[1:]}:{kind}", put, remove, put)


def _without_place(given: Given) -> dict[str, Any]:
    own = ("bucket", "region", "skipDestroy", "expectedBucketOwner")
    return {name: value for name, value in given.properties.items() if name not in own}


def _rules(given: Given) -> dict[str, Any]:
    return {"Rules": given["rules"]}


JUDGES = [
    Judge(
        "aws:s3/bucket:Bucket", _make_bucket, lambda given, it: given.call("s3", "DeleteBucket", Bucket=it.id)
    ),
    _configures(
        "BucketVersioning",
        "PutBucketVersioning",
        "VersioningConfiguration",
        lambda given: given["versioningConfiguration"],
    ),
    _configures(
        "BucketServerSideEncryptionConfiguration",
        "PutBucketEncryption",
        "ServerSideEncryptionConfiguration",
        _rules,
        "DeleteBucketEncryption",
    ),
    _configures(
        "BucketPublicAccessBlock",
        "PutPublicAccessBlock",
        "PublicAccessBlockConfiguration",
        _without_place,
        "DeletePublicAccessBlock",
    ),
    _configures(
        "BucketOwnershipControls",
        "PutBucketOwnershipControls",
        "OwnershipControls",
        lambda given: {"Rules": given["rule"]},
        "DeleteBucketOwnershipControls",
    ),
    _configures(
        "BucketPolicy", "PutBucketPolicy", "Policy", lambda given: given["policy"], "DeleteBucketPolicy"
    ),
    _configures(
        "BucketLifecycleConfiguration",
        "PutBucketLifecycleConfiguration",
        "LifecycleConfiguration",
        _rules,
        "DeleteBucketLifecycle",
    ),
    _configures(
        "BucketReplicationConfig",
        "PutBucketReplication",
        "ReplicationConfiguration",
        _replicates,
        "DeleteBucketReplication",
    ),
    _configures(
        "BucketObjectLockConfiguration",
        "PutObjectLockConfiguration",
        "ObjectLockConfiguration",
        _without_place,
    ),
    _configures(
        "BucketLogging",
        "PutBucketLogging",
        "BucketLoggingStatus",
        lambda given: {"LoggingEnabled": _without_place(given)},
    ),
]
