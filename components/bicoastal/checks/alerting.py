"""What must hold for who is told of an alert."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import pairwise

from .problem import Problem
from .rules import PASSWORD, Rule, between, matching

LONGEST_PAGE_WAIT_S = 5
"""Seconds: with 99.9 % a day has 86 s of error budget, and a page that waits spends them."""
PAGE_WAIT = replace(
    between(0, LONGEST_PAGE_WAIT_S, "whole seconds"),
    fix="a page must not wait for others to join it: what comes later joins by the interval",
)
TICKET_WAIT = between(0, 3600, "seconds")
INTERVAL = between(5, 3600, "seconds")
REPEAT = between(60, 30 * 86400, "seconds")
KEY = replace(PASSWORD, fix="use the integration key that the service shows")
WEBHOOK = replace(
    matching(r"https://[^\s/]+(/\S*)?", "an https:// address", "copy the address that the receiver shows"),
    secret=True,
)
ENQUEUE = matching(
    r"https://[^\s/]+/\S*", "an https:// address", "leave it out for PagerDuty's own, or name the stand-in's"
)
_PORT = r"(6553[0-5]|655[0-2]\d|65[0-4]\d\d|6[0-4]\d{3}|[1-5]\d{4}|[1-9]\d{0,3})"
SMARTHOST = matching(rf"[^\s:/]+:{_PORT}", "host:port", "use one such as 'smtp.example.com:587'")
CLOCK = matching(r"([01]\d|2[0-3]):[0-5]\d|24:00", "a time of day, 00:00 to 24:00", "use one such as '08:00'")
TIME_ZONE = matching(
    r"[A-Za-z_]+(/[A-Za-z0-9_+-]+)*", "a time zone's name", "use one such as 'UTC' or 'America/New_York'"
)
LABEL = Rule(
    lambda v: isinstance(v, str) and bool(v) and v.isprintable(),
    "not a label's value",
    "printable text",
    "name the value that the alerts carry",
)
TARGETS_PER_LEVEL = 10
_LABEL_NAME = re.compile(r"[a-zA-Z_][a-zA-Z0-9_]*")


def belongs_together(one: str, other: str, given: Mapping[str, object]) -> Iterator[Problem]:
    """Each of two settings is of no use without the other."""
    missing = [name for name in (one, other) if given[name] is None]
    if len(missing) == 1:
        present = other if missing[0] == one else one
        yield Problem(
            missing[0],
            f"missing beside {present}",
            "nothing",
            f"both {one} and {other}, or neither",
            f"add the key {missing[0]!r}, or leave {present!r} out",
        )


def repeats_after_interval(path: str, repeat_s: int, interval_s: int) -> Iterator[Problem]:
    """A group is looked at once in an interval: nothing repeats more often."""
    if repeat_s <= interval_s:
        yield Problem(
            path,
            "not longer than the interval in which a group is looked at",
            f"{repeat_s} s",
            f"more than {interval_s} s",
            "repeat later, or look at groups more often",
        )


def matches_something(path: str, labels: Mapping[str, str]) -> Iterator[Problem]:
    """A route without a condition would take every alert from the routes below it."""
    if not labels:
        yield Problem(
            path, "empty", "{}", "at least one label", "name the labels of the alerts that it is for"
        )
    for label in labels:
        if not _LABEL_NAME.fullmatch(label):
            yield Problem(
                f"{path}.{label}",
                "not a label's name",
                repr(label),
                "letters, digits and '_', not beginning with a digit",
                "use a label such as 'team'",
            )


def somebody_is_mailed(recipients: Sequence[str]) -> Iterator[Problem]:
    """A mail without recipients reaches nobody."""
    if not recipients:
        yield Problem("to", "empty", "[]", "at least one e-mail address", "name who is to get the mail")


def somebody_is_paged(targets: int) -> Iterator[Problem]:
    """A level that pages nobody only loses time, and PagerDuty takes ten targets at most."""
    if not 0 < targets <= TARGETS_PER_LEVEL:
        yield Problem(
            "schedule_ids",
            "pages nobody" if not targets else "pages too many",
            f"{targets} schedules and users",
            f"1 to {TARGETS_PER_LEVEL}, schedules and users together",
            "give schedule_ids, user_ids, or both",
        )


def levels_follow_one_another(untils: Sequence[int | None]) -> Iterator[Problem]:
    """Each level of an escalation takes over when the one before has had its time."""
    if not untils:
        yield Problem("levels", "empty", "[]", "at least one level", "name who is paged first")
    for number, (before, after) in enumerate(pairwise([0, *untils])):
        if after is None or (before is not None and after <= before):
            yield Problem(
                f"levels[{number}].until_min",
                "missing" if after is None else "not later than the level before",
                "nothing" if after is None else f"{after} min",
                f"more than {before} min",
                "order the levels by time, counted from the page",
            )
            return
