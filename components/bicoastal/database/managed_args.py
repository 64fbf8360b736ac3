"""What a Postgres that the cloud runs is made of."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import NotRequired, TypedDict

import pulumi

from ..checks import managed as checks
from ..checks.network import RETENTION
from ..checks.problem import Problem
from ..checks.rules import CLOUD_REGION, between
from ..component import ComponentArgs
from ..failover import Term, by_hand, seconds_by_name, within_limit
from ..failover.budget import RECONNECTION
from ..failover.promotion import MANUAL_PROMOTION_MINUTES
from ..settings import setting
from .managed_parameters import SAFE_PARAMETERS


class ManagedPrimaryArgs(TypedDict):
    """Where the primary is."""

    region: str
    """The cloud region, such as `us-east-1`."""
    subnet_ids: pulumi.Input[list[pulumi.Input[str]]]
    """Private subnets in at least two of the region's zones."""
    security_group_ids: pulumi.Input[list[pulumi.Input[str]]]
    """The security groups that say who may connect."""
    kms_key_arn: NotRequired[pulumi.Input[str]]
    """The key for storage, backups and insights, of this region. Whether it is given must be known. Default:
    a key of its own, rotated yearly."""
    multi_az: NotRequired[pulumi.Input[bool]]
    """Whether a synchronous standby is in another zone of the region. Default: true. AWS says of its
    failover: typically 60 to 120 seconds."""
    maintenance_window: NotRequired[str]
    """Weekly, in UTC, as `ddd:hh:mm-ddd:hh:mm`, apart from the backup window. Default:
    `sun:05:00-sun:06:00`."""


class ManagedReplicaArgs(TypedDict):
    """Where the replica is, and what AWS lets be declared of one. Users, password, database and version are
    the primary's, so they have no key here."""

    region: str
    """The cloud region, another one than the primary's, such as `us-west-2`."""
    subnet_ids: pulumi.Input[list[pulumi.Input[str]]]
    """Private subnets in at least two of the region's zones."""
    security_group_ids: pulumi.Input[list[pulumi.Input[str]]]
    """The security groups that say who may connect."""
    kms_key_arn: NotRequired[pulumi.Input[str]]
    """The key for storage, replicated backups and insights, of this region. Whether it is given must be
    known. Default: a key of its own, rotated yearly."""
    instance_class: NotRequired[pulumi.Input[str]]
    """Its size. Default: the primary's. A smaller one falls behind, and serves everybody after a
    promotion."""
    multi_az: NotRequired[pulumi.Input[bool]]
    """Whether it has a standby in another zone of its region. Default: false; after a promotion it should."""
    maintenance_window: NotRequired[str]
    """As the primary's. Default: `sat:05:00-sat:06:00`, a day earlier, as AWS wants a replica upgraded
    first."""
    backup_retention_days: NotRequired[pulumi.Input[int]]
    """Days that its own backups are kept, 1 to 35. Default: 7. AWS makes a replica without backups, and
    wants one before a promotion; the primary's, replicated to this region, are kept beside them."""
    promoted: NotRequired[bool]
    """Whether it is a primary of its own. Default: false. Setting it drops the replica's source, which
    promotes it: irreversible, and what had not arrived is lost. Set it too after a promotion by AWS's
    console or command line: a run without it would want to make a primary a replica again, and fail."""


class ManagedAlarmsArgs(TypedDict):
    """What is told to whom. A region's alarms can only tell topics of that region."""

    primary_topic_arns: list[pulumi.Input[str]]
    """SNS topics in the primary's region."""
    replica_topic_arns: list[pulumi.Input[str]]
    """SNS topics in the replica's region."""
    cpu_percent: NotRequired[pulumi.Input[float]]
    """CPU in percent over fifteen minutes, 1 to 100. Default: 80."""
    free_storage_gb: NotRequired[pulumi.Input[float]]
    """GiB of storage left, 1 to 65536. Default: 10."""
    replica_lag_s: NotRequired[pulumi.Input[float]]
    """Seconds that the replica is behind over five minutes, 1 to 86400. Default: 300. It is the age of the
    last transaction that arrived, so it grows while nobody writes: go lower only where somebody always
    does."""


class ManagedPostgresArgs(ComponentArgs):
    """What a Postgres that the cloud runs is made of."""

    primary: ManagedPrimaryArgs
    """The region of the primary."""
    replica: ManagedReplicaArgs
    """The region of the replica."""
    password: pulumi.Input[str]
    """The administrator's, a secret: 16 to 128 printable ASCII characters without spaces, `/`, `"` and `@`.
    AWS refuses replicas of a database whose password it keeps itself."""
    identifier: NotRequired[str]
    """The first part of all names, 2 to 45 lower-case letters, digits and single hyphens; the region's code
    comes behind it. Default: `<stack>-postgres`. A change replaces everything."""
    engine_version: NotRequired[str]
    """15, 16 or 17, or a minor version of these. Default: `17`."""
    auto_minor_version_upgrade: NotRequired[bool]
    """Whether AWS installs minor versions in the maintenance window. Default: true."""
    allow_major_version_upgrade: NotRequired[pulumi.Input[bool]]
    """Whether a change of the major version is carried out. Default: false. It takes primary and replica down
    together for minutes."""
    instance_class: NotRequired[pulumi.Input[str]]
    """The size. Default: `db.m7g.large`."""
    database: NotRequired[pulumi.Input[str]]
    """The application's database, made once. Default: `application`. A change replaces the primary."""
    username: NotRequired[pulumi.Input[str]]
    """The administrator. Default: `postgres`. A change replaces the primary."""
    allocated_storage_gb: NotRequired[int]
    """GiB of gp3 storage at the beginning, 20 to 65536. Default: 100."""
    max_allocated_storage_gb: NotRequired[int]
    """GiB that storage may grow to by itself, 22 to 65536 and a tenth more than at the beginning. Default:
    500. It never shrinks."""
    backup_retention_days: NotRequired[pulumi.Input[int]]
    """Days that backups are kept, for any second of them, in both regions, 1 to 35. Default: 30."""
    backup_window: NotRequired[str]
    """Daily, in UTC, as `hh:mm-hh:mm`. Default: `03:00-04:00`."""
    iam_authentication: NotRequired[pulumi.Input[bool]]
    """Whether roles may connect with tokens instead of passwords. Default: false."""
    parameters: NotRequired[dict[str, str]]
    """Further Postgres parameters, in both regions. Default: none. Those for TLS and passwords are set and
    refused; static ones wait for the next restart."""
    log_retention_days: NotRequired[int]
    """Days until a line of the databases' logs is deleted from CloudWatch, one of those that CloudWatch has:
    1 to 2922. Default: 30."""
    monitoring_interval_s: NotRequired[int]
    """Seconds between samples of the operating system: 1, 5, 10, 15, 30 or 60. Default: 60."""
    ca_certificate: NotRequired[pulumi.Input[str]]
    """The authority behind the servers' certificates. Default: `rds-ca-rsa2048-g1`, valid until 2061."""
    apply_immediately: NotRequired[pulumi.Input[bool]]
    """Whether changes are made at once instead of in the maintenance window. Default: false."""
    deletion_protection: NotRequired[pulumi.Input[bool]]
    """Whether AWS refuses to delete the primary. Default: true."""
    protect: NotRequired[bool]
    """Whether Pulumi refuses to delete or replace keys and databases. Default: true."""
    final_snapshot: NotRequired[pulumi.Input[str]]
    """The name of the snapshot that is taken when the primary is deleted; one of that name must not be there
    yet. Default: `<identifier>-<region>-final`."""
    alarms: NotRequired[ManagedAlarmsArgs]
    """Alarms for CPU, free storage and the replica's lag. Default: none."""
    manual_promotion_minutes: NotRequired[float]
    """Minutes within which a person notices the loss, promotes the replica and points clients to it, 5 to
    1440. Default: 15, an assumption: AWS says "several minutes or longer" of its part alone (RDS User Guide,
    "Promoting a read replica to be a standalone DB instance")."""
    failover_limit_s: NotRequired[float]
    """The most seconds that the loss of the primary's region may cost, 10 to 90000. Default: 120, as
    everywhere. A promotion by hand takes longer: a plan that leaves it at that fails, and says what would
    meet it."""


@dataclass(frozen=True, kw_only=True)
class Primary:
    """Where the primary is, checked."""

    region: str = setting(CLOUD_REGION)
    subnet_ids: pulumi.Input[list[pulumi.Input[str]]] = setting(checks.SUBNET)
    security_group_ids: pulumi.Input[list[pulumi.Input[str]]] = setting(checks.SECURITY_GROUP)
    kms_key_arn: pulumi.Input[str] | None = setting(checks.KEY_ARN, default=None)
    multi_az: pulumi.Input[bool] = setting(default=True)
    maintenance_window: str = setting(checks.MAINTENANCE_WINDOW, default="sun:05:00-sun:06:00")

    def problems(self) -> Iterator[Problem]:
        """What is wrong between the fields."""
        yield from checks.subnets_in_two_zones("subnet_ids", self.subnet_ids)
        yield from checks.key_of_the_region("kms_key_arn", self.kms_key_arn, self.region)


@dataclass(frozen=True, kw_only=True)
class Replica:
    """Where the replica is, checked."""

    region: str = setting(CLOUD_REGION)
    subnet_ids: pulumi.Input[list[pulumi.Input[str]]] = setting(checks.SUBNET)
    security_group_ids: pulumi.Input[list[pulumi.Input[str]]] = setting(checks.SECURITY_GROUP)
    kms_key_arn: pulumi.Input[str] | None = setting(checks.KEY_ARN, default=None)
    instance_class: pulumi.Input[str] | None = setting(checks.INSTANCE_CLASS, default=None)
    multi_az: pulumi.Input[bool] = setting(default=False)
    maintenance_window: str = setting(checks.MAINTENANCE_WINDOW, default="sat:05:00-sat:06:00")
    backup_retention_days: pulumi.Input[int] = setting(between(1, 35, "days"), default=7)
    promoted: bool = setting(default=False)

    def problems(self) -> Iterator[Problem]:
        """What is wrong between the fields."""
        yield from checks.subnets_in_two_zones("subnet_ids", self.subnet_ids)
        yield from checks.key_of_the_region("kms_key_arn", self.kms_key_arn, self.region)


@dataclass(frozen=True, kw_only=True)
class Alarms:
    """What is told to whom, checked."""

    primary_topic_arns: list[pulumi.Input[str]] = setting(checks.TOPIC_ARN)
    replica_topic_arns: list[pulumi.Input[str]] = setting(checks.TOPIC_ARN)
    cpu_percent: pulumi.Input[float] = setting(between(1, 100, "percent"), default=80.0)
    free_storage_gb: pulumi.Input[float] = setting(between(1, 65536, "GiB"), default=10.0)
    replica_lag_s: pulumi.Input[float] = setting(between(1, 86400, "seconds"), default=300.0)


@dataclass(frozen=True, kw_only=True)
class ManagedPostgresSettings:
    """What a Postgres that the cloud runs is made of, checked."""

    primary: Primary
    replica: Replica
    password: pulumi.Input[str] = setting(checks.MASTER_PASSWORD)
    identifier: str = setting(checks.IDENTIFIER, factory=lambda: f"{pulumi.get_stack()}-postgres")
    engine_version: str = setting(checks.ENGINE_VERSION, default="17")
    auto_minor_version_upgrade: bool = setting(default=True)
    allow_major_version_upgrade: pulumi.Input[bool] = setting(default=False)
    instance_class: pulumi.Input[str] = setting(checks.INSTANCE_CLASS, default="db.m7g.large")
    database: pulumi.Input[str] = setting(checks.ROLE_NAME, default="application")
    username: pulumi.Input[str] = setting(checks.ROLE_NAME, default="postgres")
    allocated_storage_gb: int = setting(between(20, 65536, "GiB"), default=100)
    max_allocated_storage_gb: int = setting(between(22, 65536, "GiB"), default=500)
    backup_retention_days: pulumi.Input[int] = setting(between(1, 35, "days"), default=30)
    backup_window: str = setting(checks.BACKUP_WINDOW, default="03:00-04:00")
    iam_authentication: pulumi.Input[bool] = setting(default=False)
    parameters: dict[str, str] = setting(factory=dict)
    log_retention_days: int = setting(RETENTION, default=30)
    monitoring_interval_s: int = setting(checks.SAMPLING, default=60)
    ca_certificate: pulumi.Input[str] = setting(default="rds-ca-rsa2048-g1")
    apply_immediately: pulumi.Input[bool] = setting(default=False)
    deletion_protection: pulumi.Input[bool] = setting(default=True)
    protect: bool = setting(default=True)
    final_snapshot: pulumi.Input[str] | None = setting(checks.SNAPSHOT_NAME, default=None)
    alarms: Alarms | None = None
    manual_promotion_minutes: float = setting(checks.PROMOTION_MINUTES, default=MANUAL_PROMOTION_MINUTES)
    failover_limit_s: float = setting(between(10, 90000, "seconds"), default=120.0)

    @property
    def family(self) -> str:
        """The major version, as parameter groups name it."""
        return f"postgres{self.engine_version.partition('.')[0]}"

    @property
    def promotion(self) -> Term:
        """The term of the failover budget, for one of an edge before this database too."""
        return by_hand(
            self.manual_promotion_minutes,
            "since AWS promotes no replica in another region by itself",
            "manual_promotion_minutes; AWS says 'several minutes or longer' of its part",
            "run PostgresMember under Patroni with a witness, which is promoted by itself, "
            f"or claim no less than {self._worst_s:g} s (failover_limit_s)",
        )

    @property
    def failover_budget(self) -> dict[str, float]:
        """Seconds from the loss of the primary's region to the first good write, by name. How long a person
        takes on average nobody knows: the average is the worst."""
        return {
            **seconds_by_name([self.promotion, RECONNECTION]),
            "total_s": self._worst_s,
            "total_average_s": self._worst_s,
            "limit_s": self.failover_limit_s,
        }

    @property
    def _worst_s(self) -> float:
        return self.manual_promotion_minutes * 60 + RECONNECTION.seconds

    def name_in(self, region: str) -> str:
        """The name of what is in the region: by the region and not by the role, which may change."""
        return f"{self.identifier}-{region}"

    def problems(self) -> Iterator[Problem]:
        """What is wrong between the fields."""
        primary, replica = self.primary, self.replica
        yield from checks.another_region(primary.region, replica.region)
        yield from checks.storage_can_grow(self.allocated_storage_gb, self.max_allocated_storage_gb)
        yield from checks.version_stands_still(self.engine_version, self.auto_minor_version_upgrade)
        yield from checks.backup_has_time(self.backup_window)
        yield from checks.windows_are_apart(
            "primary.maintenance_window", self.backup_window, primary.maintenance_window
        )
        yield from checks.windows_are_apart(
            "replica.maintenance_window", self.backup_window, replica.maintenance_window
        )
        yield from checks.parameters_are_free(self.parameters, SAFE_PARAMETERS)
        yield from self._topics_elsewhere()
        yield from within_limit(self._worst_s, self.failover_limit_s, [self.promotion])

    def _topics_elsewhere(self) -> Iterator[Problem]:
        if self.alarms is None:
            return
        for field, arns, region in (
            ("primary_topic_arns", self.alarms.primary_topic_arns, self.primary.region),
            ("replica_topic_arns", self.alarms.replica_topic_arns, self.replica.region),
        ):
            for number, arn in enumerate(arns):
                yield from checks.key_of_the_region(f"alarms.{field}[{number}]", arn, region)
