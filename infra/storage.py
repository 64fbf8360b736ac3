"""What is kept in buckets, in both regions: uploads of users, and backups."""

from typing import Any, cast

import pulumi
import pulumi_aws as aws

from bicoastal import (
    BackupRepository,
    BackupRepositoryArgs,
    RegionalBucket,
    RegionalBucketArgs,
    ReplicatedBucket,
    ReplicatedBucketArgs,
    RetentionMode,
)

from .bucket_names import BACKUPS, LOGS, UPLOADS, bucket_name
from .cloud import NAME, tags_of
from .groups import Cloud
from .settings import Environment


def add_storage(
    environment: Environment, cloud: Cloud, provider: aws.Provider
) -> tuple[ReplicatedBucket, BackupRepository]:
    """The bucket of the uploads, and the repository of the backups."""
    options = pulumi.ResourceOptions(providers=[provider])
    sizes = environment.groups.sizes
    bucket = {
        **_common(environment, cloud, UPLOADS),
        "lifecycle": [{"noncurrent_days": sizes.upload_days}],
    }
    uploads = ReplicatedBucket(f"{NAME}-uploads", cast(ReplicatedBucketArgs, bucket), options)
    repository = {
        **_common(environment, cloud, BACKUPS),
        "stanzas": [environment.stack.database.name],
        "retention_days": sizes.backup_days,
    }
    if sizes.backup_lock_days:
        repository["object_lock"] = {"mode": RetentionMode.GOVERNANCE, "days": sizes.backup_lock_days}
    backups = BackupRepository(f"{NAME}-backups", cast(BackupRepositoryArgs, repository), options)
    return uploads, backups


def add_log_buckets(environment: Environment, cloud: Cloud, provider: aws.Provider) -> None:
    """A bucket in each region, for its own Loki alone: what a region logs dies with it, and is no data of
    users."""
    for place in environment.stack.topology.regions:
        bucket: RegionalBucketArgs = {
            "account_id": cloud.account_id,
            "region": place.region,
            "bucket_name": bucket_name(environment.name, LOGS, cloud, place.region),
            # Loki itself deletes what is too old.
            "lifecycle": [{"noncurrent_days": 1}],
            "protect": environment.groups.sizes.protect,
            "tags": tags_of(environment),
        }
        RegionalBucket(f"{NAME}-{place.name}-logs", bucket, pulumi.ResourceOptions(providers=[provider]))


def _common(environment: Environment, cloud: Cloud, use: str) -> dict[str, Any]:
    regions = [region.region for region in environment.stack.topology.regions]
    return {
        "account_id": cloud.account_id,
        "sides": [
            {
                "region": region,
                "bucket_name": bucket_name(environment.name, use, cloud, region),
            }
            for region in regions
        ],
        "alarm_topics": cloud.alarm_topics,
        "protect": environment.groups.sizes.protect,
        "tags": tags_of(environment),
    }
