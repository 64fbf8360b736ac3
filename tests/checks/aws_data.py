"""Databases, caches, budgets and alarms."""

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
            "replicateSourceDb": "<primary.arn>",
            "kmsKeyId": "<west.arn>",
            "storageEncrypted": True,
            "skipFinalSnapshot": True,
            "enabledCloudwatchLogsExports": ["postgresql"],
        },
    ),
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
DATABASES_FOUND = [
    *((name, DATABASES.but("primary", path, v)) for name, (path, values) in _PRIMARY.items() for v in values),
    *((name, DATABASES.but("cache", path, v)) for name, (path, values) in _CACHE.items() for v in values),
    ("aws-rds-replica-key", DATABASES.but("replica", "kmsKeyId", None)),
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
