"""Two buckets in two regions that hold the same objects."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import NotRequired

import pulumi

from .. import aws
from ..checks import storage as checks
from ..checks.problem import Problem
from ..checks.rules import between
from ..component import Component, ComponentArgs
from ..settings import setting
from .names import bucket_arn
from .policies import BucketIdentity, replication_policy, replication_trust
from .regional import RegionalBucket
from .side import BucketRules, BucketRulesArgs, BucketSide, BucketSideArgs

RULE = "everything"
"""The one rule of a direction; the metrics carry its name."""
PROMISED_MINUTES = 15
"""What replication time control promises. S3 knows no other value."""


class ReplicatedBucketArgs(ComponentArgs, BucketRulesArgs):
    """What a replicated bucket is made of."""

    sides: list[BucketSideArgs]
    """The two buckets, in two regions."""
    replicate_delete_markers: NotRequired[bool]
    """Whether what is deleted on one side is deleted on the other. It stays there as an older version either
    way. Default: true."""
    latency_alarm_s: NotRequired[int]
    """Seconds that a side may lag behind the other before its alarm goes off, 60 to 86400. Default: 900,
    which is what S3 promises for all but one object in ten thousand."""
    alarm_topics: NotRequired[dict[str, list[pulumi.Input[str]]]]
    """A region to the SNS topics there that its alarms are sent to, by ARN. A lag is noticed in the region
    that lags, a failed operation in the region that it comes from: give topics in both. Default: nobody is
    told."""


@dataclass(frozen=True, kw_only=True)
class ReplicatedBucketSettings(BucketRules):
    """What a replicated bucket is made of, checked."""

    sides: list[BucketSide]
    replicate_delete_markers: bool = setting(default=True)
    latency_alarm_s: int = setting(between(60, 86400, "seconds"), default=PROMISED_MINUTES * 60)
    alarm_topics: dict[str, list[pulumi.Input[str]]] = setting(checks.TOPIC_ARN, factory=dict)

    def problems(self) -> Iterator[Problem]:
        """What is wrong between the fields."""
        yield from super().problems()
        yield from sides_are_apart(self.sides, self.alarm_topics)


def sides_are_apart(
    sides: Sequence[BucketSide], alarm_topics: dict[str, list[pulumi.Input[str]]]
) -> Iterator[Problem]:
    """What is wrong between the sides, and between them and the topics."""
    regions = [side.region for side in sides]
    yield from checks.two_sides(regions)
    yield from checks.two_names([side.name for side in sides])
    yield from checks.two_logs([side.access_log_bucket for side in sides])
    yield from checks.one_partition([aws.partition(region) for region in regions])
    yield from checks.topics_are_in_their_region(alarm_topics, regions)


class ReplicatedBucket(Component[ReplicatedBucketSettings]):
    """Two buckets in two regions, each the replica of the other: whatever is written to one is in the other,
    as a rule within seconds and by S3's promise within 15 minutes, with its tags and locks. Versions,
    encryption, policy and lifecycle are the same on both sides.

    What does not replicate, by S3's design: the deletion of a version (a deletion that leaves a marker does,
    if `replicate_delete_markers`), what a lifecycle does, and objects that were there before; these last are
    copied by an S3 Batch Replication job, run once by hand. `notes` says which of it matters here.

    It holds data: buckets, versioning and keys are protected. Replacing a bucket loses its copy of every
    object, and the new one starts empty, since replication copies no old objects; the other side keeps its
    own.

    Raises `pulumi.InputPropertiesError` for any argument that breaks its rule, for two sides in one region or
    with one name, and for settings that conflict.
    """

    bucket_names: pulumi.Output[dict[str, str]]
    """A region to its bucket's name."""
    bucket_arns: pulumi.Output[dict[str, str]]
    """A region to its bucket's ARN."""
    key_arns: pulumi.Output[dict[str, str]]
    """A region to the ARN of the key there."""
    notes: pulumi.Output[list[str]]
    """What S3 does not do by itself, and who must."""

    def __init__(
        self, name: str, args: ReplicatedBucketArgs, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        super().__init__(name, args, opts, ReplicatedBucketSettings)
        self._buckets = {side.region: self._side(side) for side in self.settings.sides}
        for source, destination in self._directions:
            self._replicate(source, destination)
            self._watch(source, destination)
        self.bucket_names = pulumi.Output.all(
            **{region: bucket.bucket_name for region, bucket in self._buckets.items()}
        )
        self.bucket_arns = self.bucket_names.apply(
            lambda known: {region: bucket_arn(region, bucket) for region, bucket in known.items()}
        )
        self.key_arns = pulumi.Output.all(
            **{region: bucket.key_arn for region, bucket in self._buckets.items()}
        )
        self.notes = self.bucket_names.apply(self._notes)
        self.register_outputs(
            {
                "bucket_names": self.bucket_names,
                "bucket_arns": self.bucket_arns,
                "key_arns": self.key_arns,
                "notes": self.notes,
            }
        )

    @classmethod
    def children_of(cls, settings: ReplicatedBucketSettings) -> Sequence[str]:
        return [
            key
            for side in settings.sides
            for key in (
                side.region,
                *(
                    f"{side.region}-{part}"
                    for part in ("role", "role-policy", "replication", "failures", "latency")
                ),
            )
        ]

    @property
    def identities(self) -> dict[str, pulumi.Output[BucketIdentity]]:
        """A region to its bucket with its key, as policies name them."""
        return {region: bucket.identity for region, bucket in self._buckets.items()}

    @property
    def _directions(self) -> list[Sequence[str]]:
        one, other = self._buckets
        return [[one, other], [other, one]]

    def _side(self, side: BucketSide) -> RegionalBucket:
        settings = self.settings
        return RegionalBucket(
            self.child_name(side.region),
            self.child_args(
                side.region,
                {
                    "region": side.region,
                    "bucket_name": side.bucket_name,
                    "existing_bucket": side.existing_bucket,
                    "access_log_bucket": side.access_log_bucket,
                    "access_log_prefix": side.access_log_prefix,
                    "policy_statements": side.policy_statements,
                    "account_id": settings.account_id,
                    "lifecycle": settings.lifecycle,
                    "incomplete_upload_days": settings.incomplete_upload_days,
                    "object_lock": settings.object_lock,
                    "key_deletion_days": settings.key_deletion_days,
                    "protect": settings.protect,
                },
            ),
            opts=self.child_opts(side.region),
        )

    def _replicate(self, source: str, destination: str) -> None:
        settings = self.settings
        here, there = self._buckets[source], self._buckets[destination]
        role = aws.iam.Role(
            self.child_name(f"{source}-role"),
            **self.customized(
                f"{source}-role",
                {
                    "description": pulumi.Output.concat("Replicates the bucket ", here.bucket_name),
                    "assume_role_policy": replication_trust(),
                    "tags": self.labels(Name=self.child_name(f"{source}-role")),
                },
            ),
            opts=self.child_opts(f"{source}-role"),
        )
        policy = aws.iam.RolePolicy(
            self.child_name(f"{source}-role-policy"),
            **self.customized(
                f"{source}-role-policy",
                {
                    "role": role.name,
                    "policy": pulumi.Output.all(here.identity, there.identity).apply(
                        lambda known: replication_policy(
                            *known,
                            delete_markers=settings.replicate_delete_markers,
                            locked=settings.object_lock is not None,
                        )
                    ),
                },
            ),
            opts=self.child_opts(f"{source}-role-policy"),
        )
        both = [here, there]
        aws.s3.BucketReplicationConfig(
            self.child_name(f"{source}-replication"),
            **self.customized(
                f"{source}-replication",
                {
                    "bucket": here.bucket_name,
                    "region": source,
                    "role": role.arn,
                    "rules": [self._rule(there)],
                },
            ),
            opts=self.child_opts(
                f"{source}-replication",
                depends_on=[
                    *(bucket.versioning for bucket in both),
                    *(bucket.encryption for bucket in both),
                    *(bucket.object_lock for bucket in both if bucket.object_lock),
                    policy,
                ],
            ),
        )

    def _rule(self, there: RegionalBucket) -> aws.s3.BucketReplicationConfigRuleArgs:
        enabled = "Enabled"
        return aws.s3.BucketReplicationConfigRuleArgs(
            id=RULE,
            priority=1,
            status=enabled,
            filter=aws.s3.BucketReplicationConfigRuleFilterArgs(prefix=""),
            delete_marker_replication=aws.s3.BucketReplicationConfigRuleDeleteMarkerReplicationArgs(
                status=enabled if self.settings.replicate_delete_markers else "Disabled"
            ),
            source_selection_criteria=aws.s3.BucketReplicationConfigRuleSourceSelectionCriteriaArgs(
                sse_kms_encrypted_objects=aws.s3.BucketReplicationConfigRuleSourceSelectionCriteriaSseKmsEncryptedObjectsArgs(
                    status=enabled
                ),
                replica_modifications=aws.s3.BucketReplicationConfigRuleSourceSelectionCriteriaReplicaModificationsArgs(
                    status=enabled
                ),
            ),
            destination=aws.s3.BucketReplicationConfigRuleDestinationArgs(
                bucket=there.bucket_name.apply(lambda known: bucket_arn(there.settings.region, known)),
                encryption_configuration=aws.s3.BucketReplicationConfigRuleDestinationEncryptionConfigurationArgs(
                    replica_kms_key_id=there.key_arn
                ),
                replication_time=aws.s3.BucketReplicationConfigRuleDestinationReplicationTimeArgs(
                    status=enabled,
                    time=aws.s3.BucketReplicationConfigRuleDestinationReplicationTimeTimeArgs(
                        minutes=PROMISED_MINUTES
                    ),
                ),
                metrics=aws.s3.BucketReplicationConfigRuleDestinationMetricsArgs(
                    status=enabled,
                    event_threshold=aws.s3.BucketReplicationConfigRuleDestinationMetricsEventThresholdArgs(
                        minutes=PROMISED_MINUTES
                    ),
                ),
            ),
        )

    def _watch(self, source: str, destination: str) -> None:
        """S3 counts failures in the source's region and measures the lag in the destination's: each alarm is
        where its metric is, and its key says where, so that a lost region can be left out by name."""
        for part, region, metric, statistic, threshold, minutes, means in (
            ("failures", source, "OperationsFailedReplication", "Sum", 0, 1, "operations failed"),
            (
                "latency",
                destination,
                "ReplicationLatency",
                "Maximum",
                self.settings.latency_alarm_s,
                5,
                f"the lag is over {self.settings.latency_alarm_s} s",
            ),
        ):
            key = f"{region}-{part}"
            here, there = self._buckets[source].bucket_name, self._buckets[destination].bucket_name
            topics = self.settings.alarm_topics.get(region, [])
            aws.cloudwatch.MetricAlarm(
                self.child_name(key),
                **self.customized(
                    key,
                    {
                        "name": pulumi.Output.concat(here, "-replication-", part),
                        "region": region,
                        "alarm_description": pulumi.Output.concat(
                            "Replication from ", here, " to ", there, f": {means}"
                        ),
                        "namespace": "AWS/S3",
                        "metric_name": metric,
                        "dimensions": {"SourceBucket": here, "DestinationBucket": there, "RuleId": RULE},
                        "statistic": statistic,
                        "comparison_operator": "GreaterThanThreshold",
                        "threshold": threshold,
                        "period": 60,
                        "evaluation_periods": minutes,
                        # Nothing written is nothing to replicate.
                        "treat_missing_data": "notBreaching",
                        "alarm_actions": topics,
                        "ok_actions": topics,
                        "tags": self.labels(Name=self.child_name(key)),
                    },
                ),
                opts=self.child_opts(key),
            )

    def _notes(self, names: dict[str, str]) -> list[str]:
        settings = self.settings
        untold = [region for region in names if not settings.alarm_topics.get(region)]
        return [
            "The deletion of a version (by its version id) and what a lifecycle does never replicate.",
            *(
                f"{names[side.region]} was there before: its objects are not copied to the other region "
                "until an S3 Batch Replication job is run once."
                for side in settings.sides
                if side.adopted
            ),
            *(
                ()
                if settings.replicate_delete_markers
                else ("What is deleted on one side stays on the other.",)
            ),
            *(f"Alarms in {region} tell nobody: alarm_topics names no topic there." for region in untold),
        ]
