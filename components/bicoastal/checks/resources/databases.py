"""Databases and caches that AWS runs."""

import re
from collections.abc import Iterator, Sequence
from typing import Any

from ..problem import Problem
from .check import Severity, of_resource, of_whole
from .declared import Declared, Resources, at, can_be_judged, truth
from .rules import at_least, is_off, is_there, must

INSTANCE = "aws:rds/instance:Instance"
_CLUSTER = "aws:rds/cluster:Cluster"
_CLUSTERS = (_CLUSTER, "aws:docdb/cluster:Cluster", "aws:neptune/cluster:Cluster")
_NODES = (
    "aws:rds/clusterInstance:ClusterInstance",
    "aws:neptune/clusterInstance:ClusterInstance",
    "aws:redshift/cluster:Cluster",
    "aws:dms/replicationInstance:ReplicationInstance",
    "aws:mq/broker:Broker",
)
_CACHE_NODE = "aws:elasticache/cluster:Cluster"
_FILES = "aws:efs/fileSystem:FileSystem"
_TABLE = "aws:dynamodb/table:Table"
_PARAMETERS = ("aws:rds/parameterGroup:ParameterGroup", "aws:rds/clusterParameterGroup:ClusterParameterGroup")
CACHE = "aws:elasticache/replicationGroup:ReplicationGroup"
_FAMILY = re.compile(r"(aurora-)?(postgres|mysql|mariadb)(?:ql)?([\d.]+)")
_SOURCE = {INSTANCE: "replicateSourceDb"}
_NEVER = 1000
_TLS = {
    "postgres": ("rds.force_ssl", 15),
    "aurora-postgres": ("rds.force_ssl", 17),
    "mysql": ("require_secure_transport", _NEVER),
    "aurora-mysql": ("require_secure_transport", _NEVER),
    "mariadb": ("require_secure_transport", _NEVER),
}
"""The parameter, and from which version on it is on unless something else is said."""


def _is_replica(resource: Declared) -> bool:
    """A replica has what its primary has: AWS refuses these arguments on it, or takes them from there."""
    return is_there(resource.get(_SOURCE.get(resource.type, "replicationSourceIdentifier")))


@of_resource("aws-rds-encrypted", Severity.CRITICAL, INSTANCE, *_CLUSTERS)
def database_is_encrypted(resource: Declared) -> Iterator[Problem]:
    """A database is encrypted at rest.

    Its snapshots are plain otherwise, and it cannot be encrypted later without a new one: CIS AWS 2.3.1,
    Security Hub RDS.3. An instance that is a replica has this from its primary.
    """
    if resource.type == INSTANCE and _is_replica(resource):
        return
    yield from must(
        resource,
        "storageEncrypted",
        truth,
        "stored as it is",
        "true",
        "storage_encrypted=True with a kms_key_id",
        default=False,
    )


@of_resource("aws-efs-encrypted", Severity.HIGH, _FILES)
def files_are_encrypted(resource: Declared) -> Iterator[Problem]:
    """A file system is encrypted at rest.

    It cannot be later, only copied into one that is: Security Hub EFS.1.
    """
    words = ("stored as it is", "true", "encrypted=True with a kms_key_id")
    yield from must(resource, "encrypted", truth, *words, default=False)


@of_resource("aws-dynamodb-recovery", Severity.HIGH, _TABLE)
def table_can_be_brought_back(resource: Declared) -> Iterator[Problem]:
    """A table can be brought back as it was at any time of the last month.

    Without that, a mistaken write is final: Security Hub DynamoDB.2.
    """
    words = ("no way back", "true", "point_in_time_recovery with enabled=True")
    yield from must(resource, "pointInTimeRecovery.enabled", truth, *words, default=False)


@of_whole("aws-rds-replica-key", Severity.HIGH, INSTANCE)
def replica_elsewhere_names_its_key(resources: Resources) -> Iterator[tuple[Declared, Problem]]:
    """A replica of a database in another region names a key of its own region.

    Keys do not cross regions: AWS refuses an encrypted replica without one.
    """
    databases = resources.of(INSTANCE)
    for replica in databases:
        if not _is_elsewhere(replica, databases):
            continue
        words = (
            "no key of this region",
            "the ARN of a key of this region",
            "kms_key_id=key.arn of this region",
        )
        for problem in must(replica, "kmsKeyId", is_there, *words):
            yield replica, problem


def _is_elsewhere(replica: Declared, databases: Sequence[Declared]) -> bool:
    """Whether it is known to be in another region than what it copies."""
    source, here = replica.get("replicateSourceDb"), replica.get("region")
    if isinstance(source, str) and source.startswith("arn:"):
        return source.split(":")[3:4] != [here]
    primaries = (one for one in databases if replica.comes_from("replicateSourceDb", one, same="identifier"))
    return any(isinstance(one.get("region"), str) and one.get("region") != here for one in primaries)


@of_resource("aws-rds-public", Severity.CRITICAL, INSTANCE, _CLUSTER, *_NODES)
def database_is_not_public(resource: Declared) -> Iterator[Problem]:
    """A database has no address on the internet.

    Only its password is between it and everyone then: CIS AWS 2.3.3, Security Hub RDS.2.
    """
    yield from must(
        resource,
        "publiclyAccessible",
        is_off,
        "on the internet",
        "false",
        "publicly_accessible=False, and private subnets",
    )


@of_resource("aws-rds-deletion-protection", Severity.HIGH, INSTANCE, *_CLUSTERS, _TABLE)
def database_is_not_deleted(resource: Declared) -> Iterator[Problem]:
    """A database is protected from deletion.

    A mistaken change replaces it, and what is in it goes: Security Hub RDS.7 and RDS.8. A replica is left
    out: AWS takes no protection when it makes one.
    """
    if not _is_replica(resource):
        yield from must(
            resource,
            "deletionProtection" if resource.type != _TABLE else "deletionProtectionEnabled",
            truth,
            "not protected",
            "true",
            "deletion_protection=True",
            default=False,
        )


@of_resource("aws-rds-backup-retention", Severity.HIGH, INSTANCE, *_CLUSTERS)
def backups_go_back_a_week(resource: Declared) -> Iterator[Problem]:
    """A database's backups go back a week at least.

    0, an instance's default, means none at all: Security Hub RDS.11.
    """
    if not _is_replica(resource):
        yield from must(
            resource,
            "backupRetentionPeriod",
            at_least(7),
            "no way back to last week",
            "7 to 35 days",
            "backup_retention_period=30",
            default=0,
        )


@of_resource("aws-rds-final-snapshot", Severity.HIGH, INSTANCE, *_CLUSTERS)
def deletion_leaves_a_snapshot(resource: Declared) -> Iterator[Problem]:
    """A database that is deleted leaves a snapshot.

    It is the last way back. A replica has none: its primary has the data.
    """
    if not _is_replica(resource):
        yield from must(
            resource,
            "skipFinalSnapshot",
            is_off,
            "deleted without a trace",
            "false",
            "skip_final_snapshot=False with a final_snapshot_identifier",
        )


@of_resource("aws-rds-backups-stay", Severity.MEDIUM, INSTANCE, _CLUSTER)
def backups_outlive_the_database(resource: Declared) -> Iterator[Problem]:
    """A database's automated backups outlive it.

    By default they go with it, and with them every point in time but the last.
    """
    if not _is_replica(resource):
        yield from must(
            resource,
            "deleteAutomatedBackups",
            is_off,
            "they go with the database",
            "false",
            "delete_automated_backups=False",
            default=True,
        )


@of_resource("aws-rds-two-zones", Severity.MEDIUM, INSTANCE)
def primary_stands_in_two_zones(resource: Declared) -> Iterator[Problem]:
    """A primary database has a standby in another zone.

    Without it, the loss of a zone is a restore from backup: Security Hub RDS.5.
    """
    if not _is_replica(resource):
        yield from must(resource, "multiAz", truth, "in one zone", "true", "multi_az=True", default=False)


@of_resource("aws-rds-minor-upgrades", Severity.LOW, INSTANCE)
def database_takes_fixes(resource: Declared) -> Iterator[Problem]:
    """A database takes minor versions by itself.

    They mend security and data: CIS AWS 2.3.2, Security Hub RDS.13.
    """
    yield from must(
        resource,
        "autoMinorVersionUpgrade",
        truth,
        "stays behind",
        "true",
        "auto_minor_version_upgrade=True, in a maintenance window",
        default=True,
    )


@of_resource("aws-rds-tls", Severity.HIGH, *_PARAMETERS, INSTANCE, _CLUSTER)
def database_wants_tls(resource: Declared) -> Iterator[Problem]:
    """A database refuses connections without TLS.

    Passwords and rows travel in the open otherwise: AWS, "Using SSL with a PostgreSQL DB instance". Before
    version 15, Aurora's before 17, Postgres takes them unless a group of parameters says otherwise.
    """
    family = _FAMILY.fullmatch(_family(resource))
    if family is None or not can_be_judged(resource.get("parameters")):
        return
    parameter, default = _TLS[f"{family[1] or ''}{family[2]}"]
    value: Any = "on" if float(family[3].partition(".")[0] or 0) >= default else "off"
    for _, one in resource.each("parameters"):
        value = at(one, "value") if at(one, "name") == parameter else value
    if can_be_judged(value) and not truth(str(value)):
        yield Problem(
            "parameters",
            "connections without TLS are taken",
            f"{parameter}={value}",
            f"{parameter}=1",
            f"add the parameter {parameter} with the value 1",
        )


def _family(resource: Declared) -> str:
    """The family of a group of parameters, or of the one that AWS has for a database without one."""
    if resource.type in _PARAMETERS:
        return str(resource.get("family"))
    group = "parameterGroupName" if resource.type == INSTANCE else "dbClusterParameterGroupName"
    engine, version_ = resource.get("engine"), resource.get("engineVersion")
    if is_there(resource.get(group)) or _is_replica(resource) or not isinstance(engine, str):
        return ""
    newest = version_ is None and "postgres" in engine
    known = isinstance(version_, str) or version_ is None
    return "" if newest or not known else f"{engine}{version_ or 0}"


@of_resource("aws-rds-logs", Severity.LOW, INSTANCE, _CLUSTER)
def database_sends_its_logs(resource: Declared) -> Iterator[Problem]:
    """A database sends its logs to CloudWatch.

    On its own disk they last for days and raise no alarm: Security Hub RDS.9.
    """
    yield from must(
        resource,
        "enabledCloudwatchLogsExports",
        is_there,
        "its logs stay on its disk",
        "the names of its logs",
        "enabled_cloudwatch_logs_exports=['postgresql', 'upgrade']",
    )


@of_resource("aws-cache-encrypted", Severity.HIGH, CACHE)
def cache_is_encrypted(resource: Declared) -> Iterator[Problem]:
    """A cache is encrypted at rest.

    Its snapshots hold sessions and tokens: Security Hub ElastiCache.4.
    """
    if not is_there(resource.get("globalReplicationGroupId")):
        yield from must(
            resource,
            "atRestEncryptionEnabled",
            truth,
            "stored as it is",
            "true",
            "at_rest_encryption_enabled=True with a kms_key_id",
            default=resource.get("engine") == "valkey",
        )


@of_resource("aws-cache-tls", Severity.HIGH, CACHE, _CACHE_NODE)
def cache_speaks_tls(resource: Declared) -> Iterator[Problem]:
    """A cache speaks TLS.

    Passwords and sessions travel in the open otherwise: Security Hub ElastiCache.5.
    """
    of = "globalReplicationGroupId" if resource.type == CACHE else "replicationGroupId"
    if not is_there(resource.get(of)):
        yield from must(
            resource,
            "transitEncryptionEnabled",
            truth,
            "without TLS",
            "true",
            "transit_encryption_enabled=True",
            default=False,
        )


@of_resource("aws-cache-password", Severity.HIGH, CACHE)
def cache_wants_a_password(resource: Declared) -> Iterator[Problem]:
    """A cache wants a password or a user.

    Who reaches its port reads and empties it otherwise: Security Hub ElastiCache.6.
    """
    ways = ("authToken", "authTokenWo", "userGroupIds", "globalReplicationGroupId")
    if not any(is_there(resource.get(way)) for way in ways):
        yield Problem(
            "authToken",
            "open to whoever reaches it",
            "nothing",
            "auth_token or user_group_ids",
            "auth_token with a secret value, and TLS",
        )


@of_resource("aws-cache-failover", Severity.MEDIUM, CACHE)
def cache_fails_over(resource: Declared) -> Iterator[Problem]:
    """A cache fails over to a replica in another zone.

    Otherwise the loss of one node is an outage: Security Hub ElastiCache.3.
    """
    yield from must(
        resource,
        "automaticFailoverEnabled",
        truth,
        "no replica takes over",
        "true",
        "automatic_failover_enabled=True, multi_az_enabled=True and num_cache_clusters=2",
        default=False,
    )


@of_resource("aws-cache-snapshots", Severity.MEDIUM, CACHE)
def cache_is_backed_up(resource: Declared) -> Iterator[Problem]:
    """A cache's snapshots are kept for a week at least.

    What only the cache knows, such as sessions and queues, is lost otherwise: Security Hub ElastiCache.1.
    """
    if not is_there(resource.get("globalReplicationGroupId")):
        yield from must(
            resource,
            "snapshotRetentionLimit",
            at_least(7),
            "no way back",
            "7 days or more",
            "snapshot_retention_limit=7",
            default=0,
        )
