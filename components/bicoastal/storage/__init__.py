"""Buckets that are replicated across regions, and what is kept in them."""

from .lifecycle import LifecycleArgs, StorageClass, TransitionArgs
from .object_lock import ObjectLockArgs, RetentionMode
from .regional import RegionalBucket, RegionalBucketArgs
from .replicated import ReplicatedBucket, ReplicatedBucketArgs
from .repository import BackupRepository, BackupRepositoryArgs
from .side import BucketSideArgs

__all__ = [
    "BackupRepository",
    "BackupRepositoryArgs",
    "BucketSideArgs",
    "LifecycleArgs",
    "ObjectLockArgs",
    "RegionalBucket",
    "RegionalBucketArgs",
    "ReplicatedBucket",
    "ReplicatedBucketArgs",
    "RetentionMode",
    "StorageClass",
    "TransitionArgs",
]
