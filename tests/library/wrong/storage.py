"""Wrong settings of buckets and costs: the arguments that hold one, and what its error must say."""

from collections.abc import Callable
from typing import Any

from tests.library.arguments import ARGUMENTS
from tests.library.samples import ACCOUNT, sides
from tests.library.wrong.table import Broken, Wrong, with_own


def _sides(change: Callable[[list[dict[str, Any]]], object]) -> Broken:
    def broken() -> tuple[str, dict[str, Any]]:
        both = sides()
        change(both)
        return "ReplicatedBucket", {**ARGUMENTS["ReplicatedBucket"](), "sides": both}

    return broken


def _transitions(*pairs: tuple[str, int]) -> Broken:
    moves = [{"storage_class": storage_class, "days": days} for storage_class, days in pairs]
    return with_own("ReplicatedBucket", lifecycle=[{"transitions": moves}])


def _environment(**own: Any) -> Broken:
    return with_own("CostGuard", environments=[{"name": "production", "monthly_limit": 100.0, **own}])


WRONG: Wrong = {
    "both buckets in one region": (
        _sides(lambda both: both[1].update(region="us-east-1")),
        "sides",
        "'us-east-1'",
        "two different regions",
    ),
    "both buckets with one name": (
        _sides(lambda both: both[1].update(bucket_name="shop-media-us-east-1")),
        "sides",
        "'shop-media-us-east-1'",
        "a name of its own",
    ),
    "one bucket": (_sides(lambda both: both.pop()), "sides", "1", "exactly 2"),
    "buckets in two clouds": (
        _sides(lambda both: both[1].update(region="cn-north-1")),
        "sides",
        "aws and aws-cn",
        "one partition",
    ),
    "a name that is none": (
        _sides(lambda both: both[0].update(bucket_name="Shop_Media")),
        "sides[0].bucket_name",
        "'Shop_Media'",
        "3 to 63 lower-case letters",
    ),
    "a bucket named like an address": (
        _sides(lambda both: both[0].update(bucket_name="192.168.5.4")),
        "sides[0].bucket_name",
        "'192.168.5.4'",
        "no IP address",
    ),
    "a bucket with a reserved ending": (
        _sides(lambda both: both[0].update(bucket_name="shop-s3alias")),
        "sides[0].bucket_name",
        "'shop-s3alias'",
        "that S3 reserves",
    ),
    "a bucket made and adopted": (
        _sides(lambda both: both[0].update(existing_bucket="shop-media")),
        "sides[0].bucket_name",
        "bucket_name and existing_bucket",
        "one of",
    ),
    "a bucket without a name": (
        _sides(lambda both: both[0].pop("bucket_name")),
        "sides[0].bucket_name",
        "neither name",
        "one of",
    ),
    "a bucket that logs into itself": (
        _sides(lambda both: both[0].update(access_log_bucket="shop-media-us-east-1")),
        "sides[0].access_log_bucket",
        "'shop-media-us-east-1'",
        "another bucket",
    ),
    "one log bucket for two regions": (
        _sides(lambda both: [side.update(access_log_bucket="shop-logs") for side in both]),
        "sides",
        "'shop-logs'",
        "a log bucket in each region",
    ),
    "an account that is none": (
        with_own("ReplicatedBucket", account_id="12345"),
        "account_id",
        "'12345'",
        "12 digits",
    ),
    "a transition before its time": (
        _transitions(("STANDARD_IA", 29)),
        "lifecycle[0].transitions",
        "29 days",
        "at least 30 days",
    ),
    "a transition too soon after another": (
        _transitions(("STANDARD_IA", 30), ("GLACIER", 59)),
        "lifecycle[0].transitions",
        "30 days, then 59 days",
        "at least 30 days between",
    ),
    "a transition at the time of another": (
        _transitions(("GLACIER", 40), ("DEEP_ARCHIVE", 40)),
        "lifecycle[0].transitions",
        "40 days, then 40 days",
        "at least 1 days between",
    ),
    "a transition to what is warmer": (
        _transitions(("GLACIER", 30), ("STANDARD_IA", 90)),
        "lifecycle[0].transitions",
        "GLACIER, then STANDARD_IA",
        "DEEP_ARCHIVE",
    ),
    "two lifecycles for one object": (
        with_own("ReplicatedBucket", lifecycle=[{"prefix": "media/"}, {"prefix": "media/thumbnails/"}]),
        "lifecycle",
        "'media/' and 'media/thumbnails/'",
        "prefixes of which none begins with another",
    ),
    "versions removed while locked": (
        with_own(
            "ReplicatedBucket",
            object_lock={"mode": "GOVERNANCE", "days": 90},
            lifecycle=[{"noncurrent_days": 30}],
        ),
        "lifecycle[0].noncurrent_days",
        "30 days, locked for 90",
        "at least 90 days",
    ),
    "a lock for no day": (
        with_own("ReplicatedBucket", object_lock={"mode": "GOVERNANCE", "days": 0}),
        "object_lock.days",
        "0",
        "1 to 3650 days",
    ),
    "a lock of no known mode": (
        with_own("ReplicatedBucket", object_lock={"mode": "FOREVER", "days": 1}),
        "object_lock.mode",
        "'FOREVER'",
        "'GOVERNANCE', 'COMPLIANCE'",
    ),
    "a lock without versions": (
        with_own(
            "RegionalBucket", customize={"versioning": {"versioning_configuration": {"status": "Suspended"}}}
        ),
        "customize.versioning",
        "'Suspended'",
        "'Enabled'",
    ),
    "an alarm for another region's topic": (
        with_own("ReplicatedBucket", alarm_topics={"us-east-1": [f"arn:aws:sns:us-west-2:{ACCOUNT}:alarms"]}),
        "alarm_topics.us-east-1",
        "us-west-2",
        "topics in us-east-1",
    ),
    "a topic where no bucket is": (
        with_own("ReplicatedBucket", alarm_topics={"eu-west-1": [f"arn:aws:sns:eu-west-1:{ACCOUNT}:alarms"]}),
        "alarm_topics.eu-west-1",
        "'eu-west-1'",
        "us-east-1, us-west-2",
    ),
    "backups kept too long": (
        with_own("BackupRepository", retention_days=3651),
        "retention_days",
        "3651",
        "1 to 3650 days",
    ),
    "backups kept for no day": (
        with_own("BackupRepository", retention_days=0),
        "retention_days",
        "0",
        "1 to 3650 days",
    ),
    "deleted backups kept shorter than locked": (
        with_own("BackupRepository", recoverable_days=7, object_lock={"mode": "COMPLIANCE", "days": 14}),
        "recoverable_days",
        "7 days, locked for 14",
        "at least 14 days",
    ),
    "backups in one region": (
        with_own("BackupRepository", sides=[sides()[0], {**sides()[1], "region": "us-east-1"}]),
        "sides",
        "'us-east-1'",
        "two different regions",
    ),
    "a stanza named twice": (
        with_own("BackupRepository", stanzas=["main", "main"]),
        "stanzas",
        "'main'",
        "each stanza once",
    ),
    "a month dearer than the year": (
        _environment(last_year_amount=50.0),
        "environments[0].monthly_limit",
        "100.00 a month, 65.00 a year",
        "at most 65.00",
    ),
    "a growth beyond all": (
        _environment(last_year_amount=5000.0, growth_percent=1001.0),
        "environments[0].growth_percent",
        "1001",
        "0 to 1000 percent",
    ),
    "a budget of nothing": (
        _environment(monthly_limit=0.0),
        "environments[0].monthly_limit",
        "0",
        "0.01 to",
    ),
    "an environment named twice": (
        with_own("CostGuard", environments=[{"name": "staging", "monthly_limit": 1.0}] * 2),
        "environments",
        "'staging'",
        "each once",
    ),
    "nobody to tell of costs": (
        lambda: ("CostGuard", {"environments": [{"name": "staging", "monthly_limit": 1.0}]}),
        "email_addresses",
        "neither e-mail addresses nor a topic",
        "at least one",
    ),
    "too many to tell of costs": (
        with_own("CostGuard", email_addresses=[f"{number}@example.com" for number in range(11)]),
        "email_addresses",
        "11 addresses",
        "at most 10",
    ),
    "an address that is none": (
        with_own("CostGuard", email_addresses=["costs"]),
        "email_addresses[0]",
        "'costs'",
        "an e-mail address",
    ),
}
