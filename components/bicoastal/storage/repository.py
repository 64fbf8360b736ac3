"""Where Postgres' backups and configurations are kept: in both regions, for a declared time."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, NotRequired

import pulumi

from ..checks import storage as checks
from ..checks.problem import Problem
from ..checks.rules import NAME, between
from ..component import Component, ComponentArgs
from ..settings import setting
from .names import s3_address
from .object_lock import ObjectLock, ObjectLockArgs
from .policies import BucketIdentity, prefix_policy
from .replicated import ReplicatedBucket, sides_are_apart
from .side import BucketSide, BucketSideArgs

BACKUPS = "pgbackrest/"
CONFIGURATION = "configuration/"
RECOVERABLE_DAYS = 7


class BackupRepositoryArgs(ComponentArgs):
    """What a backup repository is made of."""

    account_id: pulumi.Input[str]
    """The 12 digits of the AWS account that owns buckets and keys."""
    sides: list[BucketSideArgs]
    """The two buckets, in two regions."""
    stanzas: NotRequired[list[str]]
    """pgBackRest's names for the clusters, each with a prefix of its own. Default: `main`."""
    retention_days: NotRequired[int]
    """Days back to which a cluster can be restored to any moment, 1 to 3650. pgBackRest counts them. A
    configuration that was overwritten or deleted is kept as long. Default: 30."""
    recoverable_days: NotRequired[int]
    """Days in which what pgBackRest deleted can still be brought back, 1 to 3650, and as long as Object Lock
    keeps it. Default: 7, or the days of Object Lock where these are more."""
    object_lock: NotRequired[ObjectLockArgs]
    """Every version is locked. pgBackRest expires backups as before: it deletes, and the version stays under
    the marker until its lock is over. Default: no lock."""
    alarm_topics: NotRequired[dict[str, list[pulumi.Input[str]]]]
    """A region to the SNS topics there that alarms of the replication are sent to, by ARN. Default: nobody is
    told."""
    latency_alarm_s: NotRequired[int]
    """Seconds that a side may lag behind the other before its alarm goes off, 60 to 86400. Default: 900."""
    protect: NotRequired[bool]
    """Whether Pulumi refuses to delete or replace what holds the backups. Default: true."""


@dataclass(frozen=True, kw_only=True)
class BackupRepositorySettings:
    """What a backup repository is made of, checked."""

    account_id: pulumi.Input[str] = setting(checks.ACCOUNT_ID)
    sides: list[BucketSide]
    stanzas: list[str] = setting(NAME, factory=lambda: ["main"])
    retention_days: int = setting(checks.RETENTION, default=30)
    recoverable_days: int | None = setting(checks.RETENTION, default=None)
    object_lock: ObjectLock | None = setting(default=None)
    alarm_topics: dict[str, list[pulumi.Input[str]]] = setting(checks.TOPIC_ARN, factory=dict)
    latency_alarm_s: int = setting(between(60, 86400, "seconds"), default=900)
    protect: bool = setting(default=True)

    @property
    def locked_days(self) -> int:
        """The days of Object Lock; none is 0."""
        return self.object_lock.days if self.object_lock else 0

    @property
    def kept_days(self) -> int:
        """The days that a deleted backup is kept."""
        return self.recoverable_days or max(RECOVERABLE_DAYS, self.locked_days)

    def problems(self) -> Iterator[Problem]:
        """What is wrong between the fields."""
        yield from sides_are_apart(self.sides, self.alarm_topics)
        yield from checks.no_stanza_twice(self.stanzas)
        for path in ("retention_days", "recoverable_days"):
            yield from checks.locked_no_longer_than_kept(path, self.locked_days, getattr(self, path))


class BackupRepository(Component[BackupRepositorySettings]):
    """Two buckets that replicate each other, for pgBackRest under `pgbackrest/<stanza>/` and for
    configurations under `configuration/`. A member archives to its own region's bucket; each region can
    restore without the other.

    Only pgBackRest decides what expires. Its backups rest on one another and on WAL of any age: with
    `repo1-retention-full-type=time` it also keeps the last full backup that is older than `retention_days`,
    without which the first of these days could not be restored. A bucket's lifecycle knows nothing of that,
    and one that removed current objects by age would break backups that pgBackRest still counts on. So ours
    removes only what pgBackRest has deleted or overwritten, `recoverable_days` later. Until then `pgbackrest
    restore --repo-target-time` reads the repository as it was. Deletions replicate: both sides expire
    together.

    Replication is not instant. After the loss of a region the other repository lacks what was archived in the
    last seconds, 15 minutes at worst by S3's promise; the rows themselves are on the standbys there.

    It holds data: replacing a bucket loses that region's copy of every backup. Whoever takes over a host can
    delete backups with its role, yet remove no version.

    Raises `pulumi.InputPropertiesError` for any argument that breaks its rule, for two sides in one region,
    and for days shorter than Object Lock's.
    """

    bucket_names: pulumi.Output[dict[str, str]]
    """A region to its bucket's name."""
    pgbackrest_options: pulumi.Output[dict[str, dict[str, dict[str, str]]]]
    """A region to a stanza to what pgbackrest.conf says there of its repository, `repo1-retention-full` with
    it."""
    host_policies: pulumi.Output[dict[str, dict[str, str]]]
    """A region to a stanza to the policy, as JSON, for the role of the hosts there that run the stanza's
    members."""
    notes: pulumi.Output[list[str]]
    """What S3 does not do by itself, and who must."""

    def __init__(
        self, name: str, args: BackupRepositoryArgs, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        super().__init__(name, args, opts, BackupRepositorySettings)
        buckets = self._buckets()
        self.bucket_names = buckets.bucket_names
        self.pgbackrest_options = buckets.bucket_names.apply(
            lambda names: {region: self._options(region, bucket) for region, bucket in names.items()}
        )
        self.host_policies = pulumi.Output.all(
            **{region: identity.apply(self._policies) for region, identity in buckets.identities.items()}
        )
        self.notes = buckets.notes
        self.register_outputs(
            {
                "bucket_names": self.bucket_names,
                "pgbackrest_options": self.pgbackrest_options,
                "host_policies": self.host_policies,
                "notes": self.notes,
            }
        )

    @classmethod
    def children_of(cls, settings: BackupRepositorySettings) -> Sequence[str]:
        return ("buckets",)

    def _buckets(self) -> ReplicatedBucket:
        settings = self.settings
        lifecycle: list[dict[str, Any]] = [
            {"prefix": BACKUPS, "noncurrent_days": settings.kept_days},
            {"prefix": CONFIGURATION, "noncurrent_days": settings.retention_days},
        ]
        return ReplicatedBucket(
            self.child_name("buckets"),
            self.child_args(
                "buckets",
                {
                    "account_id": settings.account_id,
                    "sides": settings.sides,
                    "lifecycle": lifecycle,
                    "object_lock": settings.object_lock,
                    # Otherwise the other side would keep for good what pgBackRest has expired.
                    "replicate_delete_markers": True,
                    "alarm_topics": settings.alarm_topics,
                    "latency_alarm_s": settings.latency_alarm_s,
                    "protect": settings.protect,
                },
            ),
            opts=self.child_opts("buckets"),
        )

    def _options(self, region: str, bucket: str) -> dict[str, dict[str, str]]:
        return {
            stanza: {
                "repo1-type": "s3",
                "repo1-path": f"/{BACKUPS}{stanza}",
                "repo1-s3-bucket": bucket,
                "repo1-s3-region": region,
                "repo1-s3-endpoint": s3_address(region),
                # A name with a dot is no host under S3's certificate.
                "repo1-s3-uri-style": "path" if "." in bucket else "host",
                "repo1-s3-key-type": "auto",
                "repo1-retention-full-type": "time",
                "repo1-retention-full": str(self.settings.retention_days),
            }
            for stanza in self.settings.stanzas
        }

    def _policies(self, bucket: BucketIdentity) -> dict[str, str]:
        return {
            stanza: prefix_policy(bucket, managed=[f"{BACKUPS}{stanza}/"], written=[CONFIGURATION])
            for stanza in self.settings.stanzas
        }
