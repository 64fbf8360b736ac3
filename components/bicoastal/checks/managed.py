"""What must hold for a database that the cloud runs."""

from collections.abc import Iterator, Mapping
from dataclasses import replace

from .problem import Problem
from .rules import Rule, between, matching
from .stand_ins import is_stand_in

_DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_DAY_M = 24 * 60
_WEEK_M = 7 * _DAY_M
_TIME = r"([01]\d|2[0-3]):[0-5]\d"
_DAY = f"({'|'.join(_DAYS)})"

IDENTIFIER = matching(
    r"[a-z](?!.*--)[a-z0-9-]{0,43}[a-z0-9]",
    "2 to 45 lower-case letters, digits and single hyphens, beginning with a letter; the region's code is "
    "put behind it",
    "give the argument 'identifier', such as 'production-postgres'",
)
SNAPSHOT_NAME = matching(
    r"[A-Za-z](?!.*--)[A-Za-z0-9-]{0,253}[A-Za-z0-9]",
    "letters, digits and single hyphens, beginning with a letter",
    "use a name such as 'production-postgres-final'",
)
ENGINE_VERSION = matching(
    r"1[5-7](\.\d{1,2})?",
    "a major version from 15 to 17, or one of its minor versions",
    "use '17', or a version such as '17.6' with auto_minor_version_upgrade set to false",
)
INSTANCE_CLASS = matching(
    r"db\.[a-z0-9-]+\.[a-z0-9-]+", "a class such as 'db.m7g.large'", "begin with 'db.', then family and size"
)
BACKUP_WINDOW = matching(
    f"{_TIME}-{_TIME}", "a daily window in UTC as hh:mm-hh:mm", "use a window such as '03:00-04:00'"
)
MAINTENANCE_WINDOW = matching(
    f"{_DAY}:{_TIME}-{_DAY}:{_TIME}",
    "a weekly window in UTC as ddd:hh:mm-ddd:hh:mm",
    "use a window such as 'sun:05:00-sun:06:00'",
)
KEY_ARN = matching(
    r"arn:aws[a-z-]*:kms:[a-z0-9-]+:\d{12}:(key|alias)/.+",
    "the ARN of a KMS key",
    "give the key's ARN; its bare id is not enough in another region",
)
TOPIC_ARN = matching(
    r"arn:aws[a-z-]*:sns:[a-z0-9-]+:\d{12}:[\w.-]+", "the ARN of an SNS topic", "give the topic's ARN"
)
SUBNET = matching(r"subnet-[0-9a-z-]+", "a subnet's id", "give ids such as 'subnet-0123456789abcdef0'")
SECURITY_GROUP = matching(
    r"sg-[0-9a-z-]+", "a security group's id", "give ids such as 'sg-0123456789abcdef0'"
)
ROLE_NAME = matching(
    r"(?!pg_|rds|admin$)[a-z_][a-z0-9_]{0,62}",
    "1 to 63 lower-case letters, digits and '_'; not 'admin', nor beginning with 'pg_' or 'rds'",
    "use a name such as 'postgres' or 'application'",
)
MASTER_PASSWORD = replace(
    matching(
        r"(?=[!-~]+\Z)[^/\"@]{16,128}",
        "16 to 128 printable ASCII characters without spaces, '/', '\"' and '@'",
        "generate one, such as with: openssl rand -hex 24",
    ),
    secret=True,
)
SAMPLING = Rule(
    lambda v: not isinstance(v, bool) and v in (1, 5, 10, 15, 30, 60),
    "no interval that AWS offers",
    "1, 5, 10, 15, 30 or 60 seconds",
    "choose one of these",
)

PROMOTION_MINUTES = replace(
    between(5, 1440, "minutes"),
    wrong="no time in which somebody promotes a replica",
    allowed="5 to 1440 minutes: AWS says 'several minutes or longer' of its own part, which reboots the "
    "replica (RDS User Guide, 'Promoting a read replica to be a standalone DB instance')",
    fix="give the minutes in which a person has noticed the loss, promoted the replica and led clients to it",
)

_OF_THE_PRIMARY = "it has the primary's users, databases and version"
_NOT_ON_A_REPLICA = {
    "password": _OF_THE_PRIMARY,
    "password_wo": _OF_THE_PRIMARY,
    "username": _OF_THE_PRIMARY,
    "database": _OF_THE_PRIMARY,
    "db_name": _OF_THE_PRIMARY,
    "engine": _OF_THE_PRIMARY,
    "engine_version": _OF_THE_PRIMARY,
    "manage_master_user_password": _OF_THE_PRIMARY,
    "allocated_storage_gb": "it is made as large as the primary",
    "deletion_protection": "AWS ignores it when a replica is made; 'protect' holds it instead",
    "final_snapshot": "AWS takes none of a replica; the primary's is the one",
    "skip_final_snapshot": "AWS takes no final snapshot of a replica",
    "snapshot_identifier": "it is made from its primary, and from no snapshot",
}


def takes_what_aws_takes(args: object, replica_keys: list[str]) -> Iterator[Problem]:
    """No key is given that AWS refuses here: a replica has no password, and a primary with a password that
    AWS keeps cannot have a replica."""
    if not isinstance(args, Mapping):
        return
    if "manage_master_user_password" in args:
        yield Problem(
            "manage_master_user_password",
            "unknown key: AWS refuses read replicas of a database whose password it keeps",
            "'manage_master_user_password'",
            "password",
            "give the password as a secret",
        )
    replica = args.get("replica")
    for key in sorted(map(str, replica)) if isinstance(replica, Mapping) else ():
        if key in _NOT_ON_A_REPLICA:
            yield Problem(
                f"replica.{key}",
                f"unknown key: AWS refuses it on a replica: {_NOT_ON_A_REPLICA[key]}",
                repr(key),
                ", ".join(replica_keys),
                "remove it from the replica",
            )


def another_region(primary: str, replica: str) -> Iterator[Problem]:
    """The replica is not lost with the primary."""
    if primary == replica:
        yield Problem(
            "replica.region",
            "the primary's own region, and lost with it",
            repr(replica),
            "another region than the primary's",
            "choose the other region; a standby in the primary's region is what multi_az makes",
        )


def subnets_in_two_zones(path: str, subnets: object) -> Iterator[Problem]:
    """AWS wants subnets in two zones at least, so two of them."""
    if isinstance(subnets, list) and len(subnets) < 2:
        yield Problem(
            path,
            "too few for two zones",
            str(len(subnets)),
            "at least 2, in two zones",
            "name a private subnet of each zone",
        )


def key_of_the_region(path: str, arn: object, region: str) -> Iterator[Problem]:
    """What is in a region is encrypted with a key of that region, and told to a topic there."""
    if isinstance(arn, str) and not is_stand_in(arn) and arn.split(":")[3] != region:
        yield Problem(
            path,
            "of another region",
            repr(arn),
            f"an ARN of {region}",
            "give the one of this region; one from elsewhere cannot be used here",
        )


def storage_can_grow(allocated_gb: int, most_gb: int) -> Iterator[Problem]:
    """Storage grows from what is allocated, and AWS wants room for a step of a tenth."""
    least = -(-allocated_gb * 11 // 10)
    if most_gb < least:
        yield Problem(
            "max_allocated_storage_gb",
            "no room to grow",
            f"{most_gb} GiB with allocated_storage_gb {allocated_gb}",
            f"at least {least} GiB, a tenth more than allocated_storage_gb",
            "raise max_allocated_storage_gb, or allocate less",
        )


def backup_has_time(window: str) -> Iterator[Problem]:
    """AWS wants half an hour at least."""
    _, length = _daily(window)
    if length < 30:
        yield Problem("backup_window", "too short", repr(window), "at least 30 minutes", "end it later")


def windows_are_apart(path: str, backup: str, maintenance: str) -> Iterator[Problem]:
    """The weekly maintenance, half an hour to a day, does not overlap the daily backup."""
    starts, backup_length = _daily(backup)
    first, last = (_minutes_of_week(moment) for moment in maintenance.split("-"))
    length = (last - first) % _WEEK_M
    if not 30 <= length < _DAY_M:
        yield Problem(
            path, "too short or too long", repr(maintenance), "30 minutes to a day", "end it on the same day"
        )
    elif any(
        (day * _DAY_M + starts - first) % _WEEK_M < length
        or (first - day * _DAY_M - starts) % _WEEK_M < backup_length
        for day in range(7)
    ):
        yield Problem(
            path,
            "overlaps the backup window",
            f"{maintenance!r} with backup_window {backup!r}",
            "windows that share no minute",
            "move one of them, such as backups to '03:00-04:00' and maintenance to 'sun:05:00-sun:06:00'",
        )


def version_stands_still(version: str, auto_minor: bool) -> Iterator[Problem]:
    """A minor version that is declared is not what AWS has upgraded to meanwhile."""
    if auto_minor and "." in version:
        yield Problem(
            "engine_version",
            "AWS would upgrade it, and the next run would ask for the old one",
            f"{version!r} with auto_minor_version_upgrade",
            "a major version, or a minor one without auto_minor_version_upgrade",
            f"use {version.partition('.')[0]!r}, or set auto_minor_version_upgrade to false",
        )


def parameters_are_free(parameters: Mapping[str, str], own: Mapping[str, str]) -> Iterator[Problem]:
    """A user's parameter is none of those that keep connections and passwords safe."""
    for name in sorted(parameters.keys() & own.keys()):
        yield Problem(
            f"parameters.{name}",
            "set by the component itself",
            repr(name),
            "parameters that have nothing to do with TLS and passwords",
            "remove it",
        )


def _daily(window: str) -> tuple[int, int]:
    """The minute of the day at which a daily window begins, and how many minutes it lasts."""
    starts, ends = (_minutes(time) for time in window.split("-"))
    return starts, (ends - starts) % _DAY_M


def _minutes(time: str) -> int:
    hours, minutes = time.split(":")
    return int(hours) * 60 + int(minutes)


def _minutes_of_week(moment: str) -> int:
    day, _, time = moment.partition(":")
    return _DAYS.index(day) * _DAY_M + _minutes(time)
