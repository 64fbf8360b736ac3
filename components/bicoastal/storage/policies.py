"""Who may do what with a bucket and its key: IAM's documents, from plain values."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from ..aws import partition
from .names import bucket_arn, s3_address

Statement = Mapping[str, Any]


@dataclass(frozen=True, kw_only=True)
class BucketIdentity:
    """One bucket with its key, as policies name them."""

    region: str
    name: str
    key_arn: str

    @property
    def arn(self) -> str:
        """The bucket's ARN."""
        return bucket_arn(self.region, self.name)


def document(*statements: Statement) -> str:
    """The policy made of these statements, as JSON."""
    return json.dumps({"Version": "2012-10-17", "Statement": statements})


def key_policy(region: str, bucket: str, account_id: str) -> str:
    """Of a bucket's key: IAM's policies of the account say who administers it; who uses it does so through S3
    and for this one bucket only, and needs leave by IAM as well."""
    account = {"AWS": f"arn:{partition(region)}:iam::{account_id}:root"}
    return document(
        {
            "Sid": "AdministeredByTheAccount",
            "Effect": "Allow",
            "Principal": account,
            "Action": [
                *("kms:Describe*", "kms:Get*", "kms:List*", "kms:Put*", "kms:Update*"),
                *("kms:EnableKey", "kms:EnableKeyRotation", "kms:DisableKey", "kms:DisableKeyRotation"),
                *("kms:RotateKeyOnDemand", "kms:CreateAlias", "kms:DeleteAlias"),
                *("kms:TagResource", "kms:UntagResource", "kms:ScheduleKeyDeletion", "kms:CancelKeyDeletion"),
            ],
            "Resource": "*",
        },
        {
            "Sid": "UsedThroughS3ForThisBucket",
            "Effect": "Allow",
            "Principal": account,
            "Action": ["kms:Encrypt", "kms:Decrypt", "kms:GenerateDataKey"],
            "Resource": "*",
            "Condition": {
                "StringEquals": {"kms:ViaService": s3_address(region), "kms:CallerAccount": account_id},
                "StringLike": _context(bucket_arn(region, bucket)),
            },
        },
    )


def bucket_policy(region: str, bucket: str, further: Sequence[Statement]) -> str:
    """Of a bucket: nobody comes without TLS 1.2; then what its owner adds."""
    arn = bucket_arn(region, bucket)
    refused = {
        "Effect": "Deny",
        "Principal": "*",
        "Action": "s3:*",
        "Resource": [arn, f"{arn}/*"],
    }
    return document(
        {"Sid": "OnlyTls", **refused, "Condition": {"Bool": {"aws:SecureTransport": "false"}}},
        {"Sid": "OnlyTls12", **refused, "Condition": {"NumericLessThan": {"s3:TlsVersion": "1.2"}}},
        *further,
    )


def replication_trust() -> str:
    """Of a replication role: S3 assumes it. S3's guide knows no condition that narrows this."""
    return document(
        {
            "Effect": "Allow",
            "Principal": {"Service": "s3.amazonaws.com"},
            "Action": "sts:AssumeRole",
        }
    )


def replication_policy(
    source: BucketIdentity, destination: BucketIdentity, *, delete_markers: bool, locked: bool
) -> str:
    """What S3 may do for replication in one direction."""
    lock = ["s3:GetObjectRetention", "s3:GetObjectLegalHold"] if locked else []
    deletion = ["s3:ReplicateDelete"] if delete_markers else []
    return document(
        {
            "Sid": "ReadTheConfiguration",
            "Effect": "Allow",
            "Action": ["s3:GetReplicationConfiguration", "s3:ListBucket"],
            "Resource": source.arn,
        },
        {
            "Sid": "ReadVersions",
            "Effect": "Allow",
            "Action": [
                "s3:GetObjectVersionForReplication",
                "s3:GetObjectVersionAcl",
                "s3:GetObjectVersionTagging",
                *lock,
            ],
            "Resource": f"{source.arn}/*",
        },
        {
            "Sid": "WriteReplicas",
            "Effect": "Allow",
            "Action": ["s3:ReplicateObject", *deletion, "s3:ReplicateTags"],
            "Resource": f"{destination.arn}/*",
        },
        _use_of_key("DecryptTheSource", source, "kms:Decrypt"),
        # Encrypt alone does for single objects. A bucket key is verified by Decrypt, and what came without
        # KMS is encrypted by the bucket's default, with GenerateDataKey.
        _use_of_key("EncryptReplicas", destination, "kms:Encrypt", "kms:Decrypt", "kms:GenerateDataKey"),
    )


def prefix_policy(
    bucket: BucketIdentity, *, managed: Sequence[str], written: Sequence[str] = (), delimiter: str = "/"
) -> str:
    """What a host may do under some prefixes, each ending in the delimiter: under `managed` everything but
    removing a version for good, under `written` only reading and writing."""
    prefixes = [*managed, *written]
    return document(
        {
            "Sid": "ListPrefixes",
            "Effect": "Allow",
            "Action": ["s3:ListBucket", "s3:ListBucketVersions"],
            "Resource": bucket.arn,
            "Condition": {
                "StringLike": {
                    "s3:prefix": [
                        pattern
                        for prefix in prefixes
                        for pattern in (prefix.removesuffix(delimiter), f"{prefix}*")
                    ]
                }
            },
        },
        {
            "Sid": "ReadAndWrite",
            "Effect": "Allow",
            "Action": ["s3:GetObject", "s3:GetObjectVersion", "s3:PutObject", "s3:AbortMultipartUpload"],
            "Resource": [f"{bucket.arn}/{prefix}*" for prefix in prefixes],
        },
        {
            # Leaves a delete marker. A version is removed by the lifecycle alone: s3:DeleteObjectVersion is
            # nobody's here.
            "Sid": "Expire",
            "Effect": "Allow",
            "Action": "s3:DeleteObject",
            "Resource": [f"{bucket.arn}/{prefix}*" for prefix in managed],
        },
        _use_of_key("UseTheKey", bucket, "kms:Decrypt", "kms:GenerateDataKey"),
    )


def _use_of_key(sid: str, bucket: BucketIdentity, *actions: str) -> Statement:
    return {
        "Sid": sid,
        "Effect": "Allow",
        "Action": list(actions),
        "Resource": bucket.key_arn,
        "Condition": {
            "StringEquals": {"kms:ViaService": s3_address(bucket.region)},
            "StringLike": _context(bucket.arn),
        },
    }


def _context(arn: str) -> dict[str, list[str]]:
    """With a bucket key the context is the bucket, without one the object."""
    return {"kms:EncryptionContext:aws:s3:arn": [arn, f"{arn}/*"]}
