"""One bucket in one region, with its key."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pulumi

from .. import aws
from ..checks.problem import Problem
from ..checks.storage import versioning_stays_on
from ..component import Component, ComponentArgs
from .lifecycle import Lifecycle
from .policies import BucketIdentity, bucket_policy, key_policy
from .side import BucketRules, BucketRulesArgs, BucketSide, BucketSideArgs


class RegionalBucketArgs(ComponentArgs, BucketSideArgs, BucketRulesArgs):
    """What a bucket is made of."""


@dataclass(frozen=True, kw_only=True)
class RegionalBucketSettings(BucketSide, BucketRules):
    """What a bucket is made of, checked."""

    def problems(self) -> Iterator[Problem]:
        """What is wrong between the fields."""
        yield from BucketSide.problems(self)
        yield from BucketRules.problems(self)


class RegionalBucket(Component[RegionalBucketSettings]):
    """A bucket that keeps versions, encrypted with a key of its own that turns every year, closed to the
    public and to whoever comes without TLS 1.2, owned whole by its account.

    It is never emptied to be deleted. Replacing it loses every object in it, replacing its key loses the way
    to read them: both are protected, as is versioning. Taking an adopted bucket out again removes the
    bucket's policy, its lifecycle and its default key, suspends its versioning, and leaves its objects.

    Raises `pulumi.InputPropertiesError` for any argument that breaks its rule, for settings that conflict,
    and for a `customize` that suspends versioning.
    """

    bucket_name: pulumi.Output[str]
    """The bucket's name."""
    key_arn: pulumi.Output[str]
    """The ARN of the key that encrypts it."""

    def __init__(
        self, name: str, args: RegionalBucketArgs, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        super().__init__(name, args, opts, RegionalBucketSettings)
        self.bucket_name = self._bucket()
        key = self._key()
        self.key_arn = key.arn
        self.versioning = aws.s3.BucketVersioning(
            self.child_name("versioning"),
            **self._about_bucket(
                "versioning",
                versioning_configuration=aws.s3.BucketVersioningVersioningConfigurationArgs(status="Enabled"),
            ),
            opts=self.child_opts("versioning", protect=self.settings.protect),
        )
        self.encryption = self._encryption(key)
        self._close()
        self._lifecycle()
        self.object_lock = self._object_lock()
        self._access_log()
        self.register_outputs({"bucket_name": self.bucket_name, "key_arn": self.key_arn})

    @classmethod
    def children_of(cls, settings: RegionalBucketSettings) -> Sequence[str]:
        return (
            *(() if settings.adopted else ("bucket",)),
            *(
                "key",
                "alias",
                "versioning",
                "encryption",
                "ownership",
                "public-access",
                "policy",
                "lifecycle",
            ),
            *(("object-lock",) if settings.object_lock else ()),
            *(("access-log",) if settings.access_log_bucket is not None else ()),
        )

    @property
    def identity(self) -> pulumi.Output[BucketIdentity]:
        """The bucket with its key, as policies name them."""
        return pulumi.Output.all(self.bucket_name, self.key_arn).apply(
            lambda known: BucketIdentity(region=self.settings.region, name=known[0], key_arn=known[1])
        )

    def _unknown_customizations(self) -> list[Problem]:
        versioning = self._customize.get("versioning", {}).get("versioning_configuration", {})
        status = versioning.get("status") if isinstance(versioning, Mapping) else versioning.status
        return [*super()._unknown_customizations(), *versioning_stays_on(status)]

    def _about_bucket(self, key: str, **properties: Any) -> dict[str, Any]:
        """The properties of a child that configures the bucket."""
        here = {"bucket": self.bucket_name, "region": self.settings.region}
        return self.customized(key, {**here, **properties})

    def _bucket(self) -> pulumi.Output[str]:
        settings = self.settings
        if settings.adopted:
            return pulumi.Output.from_input(settings.name)
        bucket = aws.s3.Bucket(
            self.child_name("bucket"),
            **self.customized(
                "bucket",
                {
                    "bucket": settings.name,
                    "region": settings.region,
                    "force_destroy": False,
                    "object_lock_enabled": settings.object_lock is not None,
                    "tags": self.labels(Name=self.child_name("bucket")),
                },
            ),
            opts=self.child_opts("bucket", protect=settings.protect),
        )
        return bucket.bucket

    def _key(self) -> aws.kms.Key:
        settings = self.settings
        name = pulumi.Output.from_input(settings.name)
        key = aws.kms.Key(
            self.child_name("key"),
            **self.customized(
                "key",
                {
                    "region": settings.region,
                    "description": pulumi.Output.concat("Encrypts the bucket ", name),
                    "enable_key_rotation": True,
                    "deletion_window_in_days": settings.key_deletion_days,
                    "policy": pulumi.Output.all(name, settings.account_id).apply(
                        lambda known: key_policy(settings.region, *known)
                    ),
                    "tags": self.labels(Name=self.child_name("key")),
                },
            ),
            opts=self.child_opts("key", protect=settings.protect),
        )
        aws.kms.Alias(
            self.child_name("alias"),
            **self.customized(
                "alias",
                {
                    # An alias may hold no dot.
                    "name": name.apply(lambda known: f"alias/{known.replace('.', '-')}"),
                    "region": settings.region,
                    "target_key_id": key.key_id,
                },
            ),
            opts=self.child_opts("alias"),
        )
        return key

    def _encryption(self, key: aws.kms.Key) -> aws.s3.BucketServerSideEncryptionConfiguration:
        by_default = aws.s3.BucketServerSideEncryptionConfigurationRuleApplyServerSideEncryptionByDefaultArgs(
            sse_algorithm="aws:kms", kms_master_key_id=key.arn
        )
        rule = aws.s3.BucketServerSideEncryptionConfigurationRuleArgs(
            apply_server_side_encryption_by_default=by_default, bucket_key_enabled=True
        )
        return aws.s3.BucketServerSideEncryptionConfiguration(
            self.child_name("encryption"),
            **self._about_bucket("encryption", rules=[rule]),
            opts=self.child_opts("encryption"),
        )

    def _close(self) -> None:
        settings = self.settings
        aws.s3.BucketOwnershipControls(
            self.child_name("ownership"),
            **self._about_bucket(
                "ownership",
                rule=aws.s3.BucketOwnershipControlsRuleArgs(object_ownership="BucketOwnerEnforced"),
            ),
            opts=self.child_opts("ownership"),
        )
        block = aws.s3.BucketPublicAccessBlock(
            self.child_name("public-access"),
            **self._about_bucket(
                "public-access",
                block_public_acls=True,
                block_public_policy=True,
                ignore_public_acls=True,
                restrict_public_buckets=True,
            ),
            opts=self.child_opts("public-access"),
        )
        document = pulumi.Output.all(self.bucket_name, pulumi.Output.from_input(settings.policy_statements))
        aws.s3.BucketPolicy(
            self.child_name("policy"),
            **self._about_bucket(
                "policy", policy=document.apply(lambda known: bucket_policy(settings.region, *known))
            ),
            # S3 refuses to change both at once.
            opts=self.child_opts("policy", depends_on=[block]),
        )

    def _lifecycle(self) -> None:
        unfinished = aws.s3.BucketLifecycleConfigurationRuleArgs(
            id="unfinished-uploads",
            status="Enabled",
            filter=aws.s3.BucketLifecycleConfigurationRuleFilterArgs(prefix=""),
            abort_incomplete_multipart_upload=aws.s3.BucketLifecycleConfigurationRuleAbortIncompleteMultipartUploadArgs(
                days_after_initiation=self.settings.incomplete_upload_days
            ),
        )
        aws.s3.BucketLifecycleConfiguration(
            self.child_name("lifecycle"),
            **self._about_bucket(
                "lifecycle",
                rules=[unfinished, *(self._rule(lifecycle) for lifecycle in self.settings.lifecycle)],
                # S3's own default, said so that no plan shows it as a change.
                transition_default_minimum_object_size="all_storage_classes_128K",
            ),
            opts=self.child_opts("lifecycle", depends_on=[self.versioning]),
        )

    def _rule(self, lifecycle: Lifecycle) -> aws.s3.BucketLifecycleConfigurationRuleArgs:
        prefix = lifecycle.prefix.strip("/")
        return aws.s3.BucketLifecycleConfigurationRuleArgs(
            id=f"versions-{prefix}" if prefix else "versions",
            status="Enabled",
            filter=aws.s3.BucketLifecycleConfigurationRuleFilterArgs(prefix=lifecycle.prefix),
            noncurrent_version_expiration=aws.s3.BucketLifecycleConfigurationRuleNoncurrentVersionExpirationArgs(
                noncurrent_days=self.settings.kept_days(lifecycle),
                newer_noncurrent_versions=lifecycle.newer_noncurrent_versions,
            ),
            # A marker that no version is left under.
            expiration=aws.s3.BucketLifecycleConfigurationRuleExpirationArgs(
                expired_object_delete_marker=True
            ),
            transitions=[
                aws.s3.BucketLifecycleConfigurationRuleTransitionArgs(
                    storage_class=transition.storage_class.value, days=transition.days
                )
                for transition in lifecycle.transitions
            ],
        )

    def _object_lock(self) -> aws.s3.BucketObjectLockConfiguration | None:
        lock = self.settings.object_lock
        if lock is None:
            return None
        retention = aws.s3.BucketObjectLockConfigurationRuleDefaultRetentionArgs(
            mode=lock.mode.value, days=lock.days
        )
        return aws.s3.BucketObjectLockConfiguration(
            self.child_name("object-lock"),
            **self._about_bucket(
                "object-lock",
                object_lock_enabled="Enabled",
                rule=aws.s3.BucketObjectLockConfigurationRuleArgs(default_retention=retention),
            ),
            opts=self.child_opts("object-lock", depends_on=[self.versioning]),
        )

    def _access_log(self) -> None:
        settings = self.settings
        if settings.access_log_bucket is None:
            return
        prefix = settings.access_log_prefix
        aws.s3.BucketLogging(
            self.child_name("access-log"),
            **self._about_bucket(
                "access-log",
                target_bucket=settings.access_log_bucket,
                target_prefix=pulumi.Output.concat(self.bucket_name, "/") if prefix is None else prefix,
            ),
            opts=self.child_opts("access-log"),
        )
