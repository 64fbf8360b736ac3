"""One bucket's place and name, and what buckets that replicate each other agree on."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, NotRequired, TypedDict

import pulumi

from ..checks import storage as checks
from ..checks.problem import Problem
from ..checks.rules import CLOUD_REGION, between
from ..settings import setting
from .lifecycle import Lifecycle, LifecycleArgs
from .object_lock import ObjectLock, ObjectLockArgs

KEPT_DAYS = 30


class BucketSideArgs(TypedDict):
    """One bucket's place and name."""

    region: str
    """Its AWS region. A change replaces the bucket and its key."""
    bucket_name: NotRequired[pulumi.Input[str]]
    """The name of a bucket to make: 3 to 63 lower-case letters, digits, hyphens and dots, unique in the
    world. A change replaces the bucket: it is not copied, and what it holds is lost with it."""
    existing_bucket: NotRequired[pulumi.Input[str]]
    """Instead of that, the name of a bucket that is there: it is not made, but configured. Its own bucket
    policy, lifecycle, default encryption and replication are replaced by ours."""
    access_log_bucket: NotRequired[pulumi.Input[str]]
    """Where S3 writes who asked for what: another bucket of the region, without a lock, encrypted with S3's
    own keys, whose policy lets `logging.s3.amazonaws.com` write. Default: no access log."""
    access_log_prefix: NotRequired[pulumi.Input[str]]
    """The beginning of the log's keys. Default: the bucket's name and '/'."""
    policy_statements: NotRequired[list[dict[str, Any]]]
    """Statements for the bucket policy beside ours, which refuse whoever comes without TLS 1.2. Default:
    none."""


class BucketRulesArgs(TypedDict):
    """What holds for a bucket, and for both where they replicate each other."""

    account_id: pulumi.Input[str]
    """The 12 digits of the AWS account that owns bucket and key: the key's policy names it."""
    lifecycle: NotRequired[list[LifecycleArgs]]
    """How long versions are kept, for prefixes of which none begins with another. Default: 30 days for
    all."""
    incomplete_upload_days: NotRequired[int]
    """Days after which an upload in parts that nobody finished is removed, 1 to 365. Default: 7."""
    object_lock: NotRequired[ObjectLockArgs]
    """Every new version is locked. A bucket that is made has it from the beginning; it cannot be taken back.
    Default: no lock."""
    key_deletion_days: NotRequired[int]
    """Days in which the deletion of a key can be called off, 7 to 30. Default: 30."""
    protect: NotRequired[bool]
    """Whether Pulumi refuses to delete or replace bucket, versioning and key. Default: true."""


@dataclass(frozen=True, kw_only=True)
class BucketSide:
    """One bucket's place and name, checked."""

    region: str = setting(CLOUD_REGION)
    bucket_name: pulumi.Input[str] | None = setting(checks.BUCKET_NAME, default=None)
    existing_bucket: pulumi.Input[str] | None = setting(checks.BUCKET_NAME, default=None)
    access_log_bucket: pulumi.Input[str] | None = setting(checks.BUCKET_NAME, default=None)
    access_log_prefix: pulumi.Input[str] | None = setting(checks.KEY_PREFIX, default=None)
    policy_statements: list[dict[str, Any]] = setting(factory=list)

    @property
    def adopted(self) -> bool:
        """Whether the bucket is there already."""
        return self.existing_bucket is not None

    @property
    def name(self) -> pulumi.Input[str]:
        """The bucket's name, made or adopted."""
        name = self.existing_bucket if self.bucket_name is None else self.bucket_name
        assert name is not None
        return name

    def problems(self) -> Iterator[Problem]:
        """What is wrong between the fields."""
        yield from checks.one_name(self.bucket_name, self.existing_bucket)
        for name in (self.bucket_name, self.existing_bucket):
            yield from checks.log_is_elsewhere(name, self.access_log_bucket)


@dataclass(frozen=True, kw_only=True)
class BucketRules:
    """What holds for a bucket, checked."""

    account_id: pulumi.Input[str] = setting(checks.ACCOUNT_ID)
    lifecycle: list[Lifecycle] = setting(factory=lambda: [Lifecycle()])
    incomplete_upload_days: int = setting(between(1, 365, "days"), default=7)
    object_lock: ObjectLock | None = setting(default=None)
    key_deletion_days: int = setting(between(7, 30, "days"), default=30)
    protect: bool = setting(default=True)

    @property
    def locked_days(self) -> int | None:
        """The days of Object Lock, where there is one."""
        return self.object_lock.days if self.object_lock else None

    def kept_days(self, lifecycle: Lifecycle) -> int:
        """The days that a version is kept when it is no more current."""
        return lifecycle.noncurrent_days or max(KEPT_DAYS, self.locked_days or 0)

    def problems(self) -> Iterator[Problem]:
        """What is wrong between the fields."""
        yield from checks.no_overlapping_prefixes([lifecycle.prefix for lifecycle in self.lifecycle])
        for number, lifecycle in enumerate(self.lifecycle):
            yield from checks.locked_no_longer_than_kept(
                f"lifecycle[{number}].noncurrent_days", self.locked_days, lifecycle.noncurrent_days
            )
