"""Who is paged when nobody answers: levels as data, for the runbook and for PagerDuty."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise


@dataclass(frozen=True, kw_only=True)
class Level:
    """One level of an escalation."""

    who: str
    until_min: int
    """Minutes after the page until which it has to take over; then the next level is paged."""
    does: str
    """What is expected of it."""


LEVELS = (
    Level(
        who="On-call engineer",
        until_min=5,
        does="Acknowledges, opens the runbook of the page, says in the incident's channel what is seen.",
    ),
    Level(
        who="Senior engineer",
        until_min=15,
        does="Takes the lead, decides on a switchover, a rollback or the way back from a backup.",
    ),
    Level(
        who="Engineering manager",
        until_min=30,
        does="Brings in whoever is needed, speaks with support and with those who answer for the product.",
    ),
    Level(
        who="Executive",
        until_min=60,
        does="Decides on what costs money or trust: data that may be lost, a word to customers.",
    ),
)


def minutes_of_each(untils: Sequence[int]) -> list[int]:
    """How many minutes each level has, from the minutes since the page at which each one ends."""
    return [after - before for before, after in pairwise([0, *untils])]


def table(levels: Sequence[Level] = LEVELS) -> str:
    """The levels as a table in Markdown."""
    begins = [0, *(level.until_min for level in levels)]
    rows = [
        f"| {number} | {level.who} | {begin} min | {level.until_min} min | {level.does} |"
        for number, (begin, level) in enumerate(zip(begins, levels, strict=False), 1)
    ]
    head = [
        "| level | who | paged after | takes over until | does |",
        "|---|---|---|---|---|",
    ]
    return "\n".join([*head, *rows])
