"""A bucket and a database, sound or with faults of the worst kind."""

import pulumi
import pulumi_aws as aws

REGION = {"region": "us-east-1", "tags": {"project": "shop"}}


def sound() -> None:
    """The program of a shop that keeps pictures and orders as it should."""
    _shop(public=False)


def faulty() -> None:
    """The same shop, with its bucket open to everyone, and a plain database on the internet."""
    _shop(public=True)


def _shop(*, public: bool) -> None:
    key = aws.kms.Key("data", enable_key_rotation=True, **REGION)
    _pictures(key.arn, public)
    _orders(key.arn, public)


def _pictures(key: pulumi.Input[str], public: bool) -> None:
    bucket = aws.s3.Bucket("pictures", bucket="shop-pictures", **REGION)
    here = {"bucket": bucket.id, "region": "us-east-1"}
    aws.s3.BucketPublicAccessBlock(
        "pictures",
        **here,
        block_public_acls=not public,
        block_public_policy=not public,
        ignore_public_acls=not public,
        restrict_public_buckets=not public,
    )
    aws.s3.BucketAcl("pictures", **here, acl="public-read" if public else "private")
    by_default = {"sse_algorithm": "aws:kms", "kms_master_key_id": key}
    aws.s3.BucketServerSideEncryptionConfiguration(
        "pictures", **here, rules=[{"apply_server_side_encryption_by_default": by_default}]
    )


def _orders(key: pulumi.Input[str], public: bool) -> None:
    aws.rds.Instance(
        "orders",
        engine="postgres",
        instance_class="db.t4g.small",
        allocated_storage=20,
        username="shop",
        manage_master_user_password=True,
        publicly_accessible=public,
        storage_encrypted=not public,
        kms_key_id=None if public else key,
        **REGION,
    )
