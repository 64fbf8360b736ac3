"""Media in a bucket on each coast, each the replica of the other, and backups in two more."""

import pulumi

from bicoastal import BackupRepository, ReplicatedBucket

config = pulumi.Config()
account = config.require("account_id")
prefix = config.require("prefix")
regions = ("us-east-1", "us-west-2")
topics = config.get_object("alarm_topics") or {}


def sides(what):
    return [{"region": region, "bucket_name": f"{prefix}-{what}-{region}"} for region in regions]


media = ReplicatedBucket(
    "media",
    {
        "account_id": account,
        "sides": sides("media"),
        "lifecycle": [{"transitions": [{"storage_class": "STANDARD_IA", "days": 90}]}],
        "alarm_topics": topics,
    },
)
backups = BackupRepository(
    "backups", {"account_id": account, "sides": sides("backups"), "alarm_topics": topics}
)
pulumi.export("media", media.bucket_names)
pulumi.export("backups", backups.bucket_names)
pulumi.export("notes", media.notes)
