"""Wrong settings of the database that AWS runs: the arguments that hold one, and what its error must say."""

from typing import Any

from tests.library.samples import managed_postgres
from tests.library.wrong.table import Broken, Wrong


def _managed(**own: Any) -> Broken:
    return lambda: ("ManagedPostgres", managed_postgres(**own))


def _managed_place(place: str, **own: Any) -> Broken:
    return lambda: ("ManagedPostgres", managed_postgres(**{place: {**managed_postgres()[place], **own}}))


WRONG: Wrong = {
    "backups kept for more than 35 days": (
        _managed(backup_retention_days=36),
        "backup_retention_days",
        "36",
        "1 to 35 days",
    ),
    "a replica without backups": (
        _managed_place("replica", backup_retention_days=0),
        "replica.backup_retention_days",
        "0",
        "1 to 35 days",
    ),
    "a password on a replica": (
        _managed_place("replica", password="correct-horse-battery"),
        "replica.password",
        "'password'",
        "region, security_group_ids, subnet_ids",
    ),
    "a username on a replica": (
        _managed_place("replica", username="postgres"),
        "replica.username",
        "'username'",
        "region, security_group_ids, subnet_ids",
    ),
    "an engine version on a replica": (
        _managed_place("replica", engine_version="17"),
        "replica.engine_version",
        "'engine_version'",
        "region, security_group_ids, subnet_ids",
    ),
    "a password that AWS keeps, beside a replica": (
        _managed(manage_master_user_password=True),
        "manage_master_user_password",
        "'manage_master_user_password'",
        "password",
    ),
    "maintenance during the backup": (
        _managed_place("primary", maintenance_window="sun:03:30-sun:04:30"),
        "primary.maintenance_window",
        "'sun:03:30-sun:04:30' with backup_window '03:00-04:00'",
        "share no minute",
    ),
    "the replica's maintenance during the backup, over midnight": (
        _managed(
            backup_window="23:30-00:30",
            replica={**managed_postgres()["replica"], "maintenance_window": "sat:00:00-sat:01:00"},
        ),
        "replica.maintenance_window",
        "'sat:00:00-sat:01:00' with backup_window '23:30-00:30'",
        "share no minute",
    ),
    "a window of a quarter of an hour": (
        _managed(backup_window="03:00-03:15"),
        "backup_window",
        "'03:00-03:15'",
        "at least 30 minutes",
    ),
    "maintenance for a week": (
        _managed_place("primary", maintenance_window="sun:05:00-sat:05:00"),
        "primary.maintenance_window",
        "'sun:05:00-sat:05:00'",
        "30 minutes to a day",
    ),
    "a window that is none": (
        _managed(backup_window="3am"),
        "backup_window",
        "'3am'",
        "a daily window in UTC",
    ),
    "a version too old": (_managed(engine_version="14"), "engine_version", "'14'", "from 15 to 17"),
    "a version too new": (_managed(engine_version="18"), "engine_version", "'18'", "from 15 to 17"),
    "a minor version that AWS would upgrade": (
        _managed(engine_version="17.4"),
        "engine_version",
        "'17.4' with auto_minor_version_upgrade",
        "a major version",
    ),
    "more storage than it may grow to": (
        _managed(allocated_storage_gb=600),
        "max_allocated_storage_gb",
        "500 GiB with allocated_storage_gb 600",
        "at least 660 GiB",
    ),
    "no room for one step of storage": (
        _managed(allocated_storage_gb=500),
        "max_allocated_storage_gb",
        "500 GiB with allocated_storage_gb 500",
        "at least 550 GiB",
    ),
    "primary and replica in one region": (
        _managed(replica={**managed_postgres()["replica"], "region": "us-east-1"}, alarms=None),
        "replica.region",
        "'us-east-1'",
        "another region",
    ),
    "one subnet": (
        _managed_place("primary", subnet_ids=["subnet-0a"]),
        "primary.subnet_ids",
        "1",
        "at least 2, in two zones",
    ),
    "a key of the other region": (
        _managed_place("replica", kms_key_arn="arn:aws:kms:us-east-1:123456789012:key/1"),
        "replica.kms_key_arn",
        "us-east-1",
        "an ARN of us-west-2",
    ),
    "a key's bare id": (
        _managed_place("replica", kms_key_arn="1234abcd"),
        "replica.kms_key_arn",
        "'1234abcd'",
        "the ARN of a KMS key",
    ),
    "a topic of the other region": (
        _managed(
            alarms={
                "primary_topic_arns": ["arn:aws:sns:us-west-2:123456789012:on-call"],
                "replica_topic_arns": [],
            }
        ),
        "alarms.primary_topic_arns[0]",
        "us-west-2",
        "an ARN of us-east-1",
    ),
    "connections without TLS": (
        _managed(parameters={"rds.force_ssl": "0"}),
        "parameters.rds.force_ssl",
        "'rds.force_ssl'",
        "nothing to do with TLS and passwords",
    ),
    "a password that AWS refuses": (
        _managed(password="correct/horse/battery"),
        "password",
        "a hidden value of 21 characters",
        "16 to 128 printable ASCII characters",
    ),
    "logs kept for a time that CloudWatch lacks": (
        _managed(log_retention_days=31),
        "log_retention_days",
        "31",
        "14, 30, 60",
    ),
    "a sampling that AWS does not offer": (
        _managed(monitoring_interval_s=20),
        "monitoring_interval_s",
        "20",
        "1, 5, 10, 15, 30 or 60",
    ),
    "an identifier with two hyphens": (
        _managed(identifier="prod--db"),
        "identifier",
        "'prod--db'",
        "single hyphens",
    ),
    "a promotion by hand in no time": (
        _managed(manual_promotion_minutes=1, failover_limit_s=120),
        "manual_promotion_minutes",
        "1",
        "5 to 1440 minutes: AWS says 'several minutes or longer'",
    ),
    "two minutes claimed of a promotion by hand": (
        _managed(failover_limit_s=120),
        "failover_limit_s",
        "worst case 905 s, limit 120 s",
        "at most 120 s",
    ),
}
