"""Databases, caches, budgets and alarms."""

from dataclasses import replace

from .sample import aws, sample

DATABASES = sample(
    aws(
        "aws:rds/instance:Instance",
        "primary",
        {
            "storageEncrypted": True,
            "publiclyAccessible": False,
            "deletionProtection": True,
            "backupRetentionPeriod": 30,
            "skipFinalSnapshot": False,
            "deleteAutomatedBackups": False,
            "multiAz": True,
            "autoMinorVersionUpgrade": True,
            "enabledCloudwatchLogsExports": ["postgresql"],
        },
    ),
    aws(
        "aws:rds/instance:Instance",
        "replica",
        {
            "region": "us-west-2",
            "replicateSourceDb": "<primary.arn>",
            "kmsKeyId": "<west.arn>",
            "skipFinalSnapshot": True,
            "enabledCloudwatchLogsExports": ["postgresql"],
        },
        dependencies={"replicateSourceDb": ["primary"]},
    ),
    aws(
        "aws:rds/instance:Instance",
        "beside",
        {"replicateSourceDb": "<primary.identifier>", "enabledCloudwatchLogsExports": ["postgresql"]},
        dependencies={"replicateSourceDb": ["primary"]},
    ),
    aws(
        "aws:docdb/cluster:Cluster",
        "documents",
        {"storageEncrypted": True, "deletionProtection": True, "backupRetentionPeriod": 30},
    ),
    aws("aws:efs/fileSystem:FileSystem", "files", {"encrypted": True}),
    aws(
        "aws:dynamodb/table:Table",
        "table",
        {"deletionProtectionEnabled": True, "pointInTimeRecovery": {"enabled": True}},
    ),
    aws("aws:rds/parameterGroup:ParameterGroup", "aurora", {"family": "aurora-postgresql17"}),
    aws("aws:redshift/cluster:Cluster", "reports", {"publiclyAccessible": False}),
    aws("aws:elasticache/cluster:Cluster", "node", {"transitEncryptionEnabled": True}),
    aws("aws:elasticache/cluster:Cluster", "member", {"replicationGroupId": "<cache.id>"}),
    aws(
        "aws:rds/parameterGroup:ParameterGroup",
        "parameters",
        {"family": "postgres14", "parameters": [{"name": "rds.force_ssl", "value": "1"}]},
    ),
    aws("aws:rds/parameterGroup:ParameterGroup", "newer", {"family": "postgres17"}),
    aws(
        "aws:elasticache/replicationGroup:ReplicationGroup",
        "cache",
        {
            "atRestEncryptionEnabled": True,
            "transitEncryptionEnabled": True,
            "userGroupIds": ["readers"],
            "automaticFailoverEnabled": True,
            "snapshotRetentionLimit": 7,
        },
    ),
)
_PRIMARY = {
    "aws-rds-encrypted": ("storageEncrypted", (False, None)),
    "aws-rds-public": ("publiclyAccessible", (True,)),
    "aws-rds-deletion-protection": ("deletionProtection", (False, None)),
    "aws-rds-backup-retention": ("backupRetentionPeriod", (0, 3, None)),
    "aws-rds-final-snapshot": ("skipFinalSnapshot", (True,)),
    "aws-rds-backups-stay": ("deleteAutomatedBackups", (True, None)),
    "aws-rds-two-zones": ("multiAz", (False, None)),
    "aws-rds-minor-upgrades": ("autoMinorVersionUpgrade", (False,)),
    "aws-rds-logs": ("enabledCloudwatchLogsExports", (None,)),
}
_CACHE = {
    "aws-cache-encrypted": ("atRestEncryptionEnabled", (False, None)),
    "aws-cache-tls": ("transitEncryptionEnabled", (False, None)),
    "aws-cache-password": ("userGroupIds", (None,)),
    "aws-cache-failover": ("automaticFailoverEnabled", (False, None)),
    "aws-cache-snapshots": ("snapshotRetentionLimit", (0, None)),
}


def changed_cache(**own):
    (cache,) = DATABASES.only("cache")
    return [replace(cache, properties={**cache.properties, **own})]


def without_a_group(engine, version):
    primary = replace(DATABASES.only("primary")[0], name="own")
    properties = {**primary.properties, "engine": engine, "engineVersion": version}
    return DATABASES.and_also(replace(primary, properties=properties))


DATABASES_SILENT = [
    ("aws-rds-tls", without_a_group("postgres", "16.4")),
    ("aws-rds-tls", without_a_group("postgres", None)),
    ("aws-cache-encrypted", changed_cache(engine="valkey", atRestEncryptionEnabled=None)),
]
DATABASES_FOUND = [
    *((name, DATABASES.but("primary", path, v)) for name, (path, values) in _PRIMARY.items() for v in values),
    *((name, DATABASES.but("cache", path, v)) for name, (path, values) in _CACHE.items() for v in values),
    ("aws-rds-replica-key", DATABASES.but("replica", "kmsKeyId", None)),
    (
        "aws-rds-replica-key",
        DATABASES.but("beside", "replicateSourceDb", "arn:aws:rds:eu-west-1:123456789012:db:orders"),
    ),
    *(
        (f"aws-rds-{check}", DATABASES.but("documents", path, value))
        for check, path, value in (
            ("encrypted", "storageEncrypted", None),
            ("deletion-protection", "deletionProtection", None),
            ("backup-retention", "backupRetentionPeriod", 1),
            ("final-snapshot", "skipFinalSnapshot", True),
        )
    ),
    ("aws-rds-public", DATABASES.but("reports", "publiclyAccessible", True)),
    ("aws-rds-deletion-protection", DATABASES.but("table", "deletionProtectionEnabled", None)),
    ("aws-dynamodb-recovery", DATABASES.but("table", "pointInTimeRecovery", None)),
    ("aws-efs-encrypted", DATABASES.but("files", "encrypted", None)),
    ("aws-cache-tls", DATABASES.but("node", "transitEncryptionEnabled", None)),
    *(
        ("aws-rds-tls", DATABASES.but("aurora", "family", family))
        for family in ("aurora-postgresql16", "aurora-mysql8.0", "mysql8.4", "mariadb10.11", "postgres14")
    ),
    ("aws-rds-tls", without_a_group("postgres", "14.12")),
    ("aws-rds-tls", without_a_group("mysql", None)),
    ("aws-rds-tls", DATABASES.but("parameters", "parameters", [])),
    ("aws-rds-tls", DATABASES.but("newer", "parameters", [{"name": "rds.force_ssl", "value": "0"}])),
]

WATCHING = sample(
    aws(
        "aws:budgets/budget:Budget",
        "budget",
        {"notifications": [{"threshold": 80, "subscriberEmailAddresses": ["ops@example.com"]}]},
    ),
    aws(
        "aws:cloudwatch/metricAlarm:MetricAlarm",
        "alarm",
        {"alarmActions": ["<topic.arn>"], "treatMissingData": "breaching"},
    ),
    aws(
        "aws:cloudtrail/trail:Trail",
        "trail",
        {"isMultiRegionTrail": True, "enableLogFileValidation": True},
    ),
)
WATCHING_FOUND = [
    ("aws-budget-heard", WATCHING.but("budget", "notifications", [])),
    ("aws-budget-heard", WATCHING.but("budget", "notifications.0.subscriberEmailAddresses", [])),
    ("aws-alarm-heard", WATCHING.but("alarm", "alarmActions", [])),
    ("aws-alarm-enabled", WATCHING.but("alarm", "actionsEnabled", False)),
    ("aws-alarm-missing-data", WATCHING.but("alarm", "treatMissingData", None)),
    ("aws-trail-whole", WATCHING.but("trail", "isMultiRegionTrail", False)),
    ("aws-trail-whole", WATCHING.but("trail", "enableLogging", False)),
    ("aws-trail-whole", WATCHING.but("trail", "enableLogFileValidation", None)),
]
