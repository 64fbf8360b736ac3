"""What must hold for buckets, as S3 and KMS ask it."""

import ipaddress
import re
from collections.abc import Iterator, Mapping, Sequence
from itertools import combinations, pairwise

from .problem import Problem
from .rules import Rule, between, matching
from .stand_ins import is_stand_in

_RESERVED_STARTS = ("xn--", "sthree-", "amzn-s3-demo-")
_RESERVED_ENDS = ("-s3alias", "--ol-s3", ".mrap", "--x-s3", "--table-s3", "-an")
_INFREQUENT = ("STANDARD_IA", "ONEZONE_IA")
_SMALLEST_STAY = 30
"""Days that S3 asks for before an object enters infrequent access, and before it leaves it."""
_COLDER = {
    "STANDARD_IA": ("INTELLIGENT_TIERING", "ONEZONE_IA", "GLACIER_IR", "GLACIER", "DEEP_ARCHIVE"),
    "INTELLIGENT_TIERING": ("ONEZONE_IA", "GLACIER_IR", "GLACIER", "DEEP_ARCHIVE"),
    "ONEZONE_IA": ("GLACIER", "DEEP_ARCHIVE"),
    "GLACIER_IR": ("GLACIER", "DEEP_ARCHIVE"),
    "GLACIER": ("DEEP_ARCHIVE",),
    "DEEP_ARCHIVE": (),
}
"""A storage class to those that S3 lets a lifecycle move its objects to."""


def _is_bucket_name(value: object) -> bool:
    if not isinstance(value, str) or re.fullmatch(r"[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]", value) is None:
        return False
    if ".." in value or value.startswith(_RESERVED_STARTS) or value.endswith(_RESERVED_ENDS):
        return False
    try:
        ipaddress.IPv4Address(value)
    except ValueError:
        return True
    return False


BUCKET_NAME = Rule(
    _is_bucket_name,
    "not a bucket's name",
    "3 to 63 lower-case letters, digits, hyphens and dots, beginning and ending with a letter or a digit; no "
    "two dots together, no IP address, no beginning or ending that S3 reserves",
    "use a name such as 'shop-production-media-us-east-1', which nobody else in the world has",
)
ACCOUNT_ID = matching(r"\d{12}", "the 12 digits of an AWS account", "give it as a string, with its zeros")
TOPIC_ARN = matching(
    r"arn:aws[a-z-]*:sns:[a-z0-9-]+:\d{12}:[A-Za-z0-9_-]{1,256}",
    "the ARN of an SNS topic",
    "use the topic's ARN, such as 'arn:aws:sns:us-east-1:123456789012:alarms'",
)
KEY_PREFIX = matching(
    r"(?!/).{0,512}", "0 to 512 characters, not beginning with '/'", "S3's keys begin without a slash"
)
RETENTION = between(1, 3650, "days")


def one_name(made: object, adopted: object) -> Iterator[Problem]:
    """A bucket is either made or adopted."""
    if (made is None) == (adopted is None):
        yield Problem(
            "bucket_name",
            "it is not clear whether a bucket is made or adopted",
            "neither name" if made is None else "bucket_name and existing_bucket",
            "one of bucket_name and existing_bucket",
            "give bucket_name to make a bucket, existing_bucket to adopt one that is there",
        )


def log_is_elsewhere(bucket: object, log: object) -> Iterator[Problem]:
    """A bucket that logs into itself logs the logging, without end."""
    if isinstance(bucket, str) and bucket == log:
        yield Problem(
            "access_log_bucket",
            "the bucket would log into itself, and each log line would make another",
            repr(log),
            "another bucket of the same region",
            "name a bucket that holds logs only",
        )


def two_sides(regions: Sequence[str]) -> Iterator[Problem]:
    """Exactly two buckets, in two regions."""
    if len(regions) != 2:
        yield Problem(
            "sides", "wrong number of buckets", str(len(regions)), "exactly 2", "give one for each region"
        )
    elif regions[0] == regions[1]:
        yield Problem(
            "sides",
            "both buckets are in the same region and would be lost together",
            repr(regions[0]),
            "two different regions",
            "move one of them to another region",
        )


def two_names(names: Sequence[object]) -> Iterator[Problem]:
    """A bucket's name exists once in the world."""
    for one, other in combinations(names, 2):
        if isinstance(one, str) and one == other and not is_stand_in(one):
            yield Problem(
                "sides",
                "both buckets have one name",
                repr(one),
                "a name of its own for each",
                "end each name with its region",
            )


def two_logs(logs: Sequence[object]) -> Iterator[Problem]:
    """S3 writes an access log only within its region, so no bucket takes those of both sides."""
    for one, other in combinations(logs, 2):
        if isinstance(one, str) and one == other and not is_stand_in(one):
            yield Problem(
                "sides",
                "one bucket would take the access logs of two regions, which S3 refuses",
                repr(one),
                "a log bucket in each region, or none",
                "name another bucket as access_log_bucket of one side",
            )


def one_partition(partitions: Sequence[str]) -> Iterator[Problem]:
    """S3 does not replicate between AWS, AWS in China and GovCloud."""
    if len(set(partitions)) > 1:
        yield Problem(
            "sides",
            "the regions belong to separate clouds, between which S3 does not replicate",
            " and ".join(partitions),
            "two regions of one partition",
            "move one of the buckets",
        )


def topics_are_in_their_region(
    topics: Mapping[str, Sequence[object]], regions: Sequence[str]
) -> Iterator[Problem]:
    """An alarm reaches topics of its own region only."""
    for region, arns in topics.items():
        if region not in regions:
            yield Problem(
                f"alarm_topics.{region}",
                "no bucket is there",
                repr(region),
                ", ".join(regions),
                "give topics for the regions of the two buckets",
            )
            continue
        for arn in arns:
            if isinstance(arn, str) and not is_stand_in(arn) and arn.split(":")[3:4] != [region]:
                yield Problem(
                    f"alarm_topics.{region}",
                    "an alarm cannot reach a topic of another region",
                    repr(arn),
                    f"topics in {region}",
                    "make a topic in that region and give its ARN",
                )


def no_overlapping_prefixes(prefixes: Sequence[str]) -> Iterator[Problem]:
    """No object is under two lifecycles."""
    for one, other in combinations(prefixes, 2):
        if one.startswith(other) or other.startswith(one):
            yield Problem(
                "lifecycle",
                "some objects would be under two lifecycles",
                f"{one!r} and {other!r}",
                "prefixes of which none begins with another",
                "end prefixes with '/', and give each of them its own lifecycle",
            )


def transitions_are_allowed(transitions: Sequence[tuple[str, int]]) -> Iterator[Problem]:
    """S3's own limits on (storage class, days): how soon, how long after another, and which way."""
    for storage_class, days in transitions:
        if storage_class in _INFREQUENT and days < _SMALLEST_STAY:
            yield Problem(
                "transitions",
                f"too early for {storage_class}",
                f"{days} days",
                f"at least {_SMALLEST_STAY} days",
                "S3 refuses it sooner; wait longer or use another class",
            )
    for (warmer, first), (colder, second) in pairwise(transitions):
        if colder not in _COLDER[warmer]:
            yield Problem(
                "transitions",
                f"S3 moves no object from {warmer} to {colder}",
                f"{warmer}, then {colder}",
                ", ".join(_COLDER[warmer]) or "nothing after it",
                "order them from warm to cold",
            )
        elif second - first < (stay := _SMALLEST_STAY if warmer in _INFREQUENT else 1):
            yield Problem(
                "transitions",
                f"{colder} comes too soon after {warmer}",
                f"{first} days, then {second} days",
                f"at least {stay} days between them",
                f"move to {colder} after {first + stay} days or later",
            )


def locked_no_longer_than_kept(
    path: str, locked_days: int | None, kept_days: int | None
) -> Iterator[Problem]:
    """The lifecycle would ask S3 to remove what the lock keeps: the declared days would not be the real
    ones."""
    if locked_days is not None and kept_days is not None and kept_days < locked_days:
        yield Problem(
            path,
            "shorter than Object Lock keeps a version, so it would not be removed then",
            f"{kept_days} days, locked for {locked_days}",
            f"at least {locked_days} days",
            "keep versions as long as they are locked, or shorten object_lock.days",
        )


def versioning_stays_on(status: object) -> Iterator[Problem]:
    """Object Lock, replication and every way back rest on versions."""
    if isinstance(status, str) and status != "Enabled":
        yield Problem(
            "customize.versioning",
            "Object Lock and replication need versioning",
            repr(status),
            "'Enabled'",
            "remove it: a bucket of this library always keeps versions",
        )


def no_stanza_twice(stanzas: Sequence[str]) -> Iterator[Problem]:
    """At least one stanza, each with a prefix of its own."""
    if not stanzas:
        yield Problem("stanzas", "no stanza", "an empty list", "at least one", "name the cluster's stanza")
    for stanza in sorted({stanza for stanza in stanzas if stanzas.count(stanza) > 1}):
        yield Problem("stanzas", "named twice", repr(stanza), "each stanza once", "remove one of them")
