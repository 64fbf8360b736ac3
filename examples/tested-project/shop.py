"""A shop's media on two coasts, and the names that it is found by."""

import pulumi

from bicoastal import DnsRecords, ReplicatedBucket

REGIONS = ("us-east-1", "us-west-2")


def declare():
    """The whole program, as a function: a test runs it as often as it likes."""
    config = pulumi.Config()
    prefix = config.require("prefix")
    media = ReplicatedBucket(
        "media",
        {
            "account_id": config.require("account_id"),
            "sides": [{"region": one, "bucket_name": f"{prefix}-media-{one}"} for one in REGIONS],
            "alarm_topics": {
                one: [f"arn:aws:sns:{one}:{config.require('account_id')}:alarms"] for one in REGIONS
            },
        },
    )
    DnsRecords(
        "names",
        {
            "zone": {
                "account_id": config.require("zone_account"),
                "zone_id": config.require("zone_id"),
                "domain": "example.com",
                "plan": "free",
            },
            "records": {
                "www": {
                    "type": "CNAME",
                    "name": "www.example.com",
                    "content": "shop.example.net",
                    "ttl_s": int(config.get("ttl_s") or 300),
                }
            },
        },
    )
    pulumi.export("key_ids", media.key_arns.apply(ids))


def ids(arns):
    """The keys' ids, taken out of their ARNs."""
    return {region: arn.rpartition("/")[2] for region, arn in arns.items()}
