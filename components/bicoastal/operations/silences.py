"""Maintenance: alerts that nobody is to be told of for a while, with a reason, an author and an end."""

import re
from collections.abc import Iterator, Sequence
from typing import Any

from ..checks.problem import Problem
from ..monitoring.causes import WATCHDOG
from .alertmanager import Alertmanagers, Matcher
from .refusal import Refused

LONGEST_MINUTES = 7 * 24 * 60
_MATCHER = re.compile(r"([a-zA-Z_][a-zA-Z0-9_]*)(=~|!~|!=|=)(.*)", re.DOTALL)


def matcher(text: str) -> Matcher:
    """From `label=value`, `label!=value`, `label=~regex` or `label!~regex`. Raises `Refused`."""
    found = _MATCHER.fullmatch(text)
    if found is None:
        problem = Problem(
            "--match",
            "not a condition on a label",
            repr(text),
            "label=value, label!=value, label=~regex or label!~regex",
            "use one such as place=east or alertname=HostDown",
        )
        raise Refused(problem)
    name, sign, value = found.groups()
    return Matcher(name, value, is_regex=sign.endswith("~"), is_equal=not sign.startswith("!"))


def maintain(
    alertmanagers: Alertmanagers, matches: Sequence[str], minutes: float, author: str, reason: str
) -> str:
    """Silence what matches all of `matches`; the silence's id. Raises `Refused` for one that says too little
    or too much, and `OperationFailed`."""
    matchers = [matcher(text) for text in matches]
    for problem in _problems(matchers, minutes, author, reason):
        raise Refused(problem)
    return alertmanagers.silence(matchers, minutes, author, reason)


def _problems(matchers: Sequence[Matcher], minutes: float, author: str, reason: str) -> Iterator[Problem]:
    if not any(one.is_equal and one.value not in ("", ".*", ".+") for one in matchers):
        given = ", ".join(str(one) for one in matchers) or "nothing"
        yield Problem(
            "--match",
            "would silence nearly everything",
            given,
            "at least one label=value or label=~regex",
            "say what is maintained, such as place=west",
        )
    names = [one for one in matchers if one.name == "alertname"]
    if names and all(_would_match(one, WATCHDOG) for one in names) and len(names) == len(matchers):
        yield Problem(
            "--match",
            "would silence the dead man's switch, which then raises the alarm",
            ", ".join(str(one) for one in matchers),
            f"other alerts than {WATCHDOG}",
            "pause the check outside the stack instead",
        )
    if not 0 < minutes <= LONGEST_MINUTES:
        yield Problem(
            "--minutes",
            "out of range",
            f"{minutes:g}",
            f"more than 0, at most {LONGEST_MINUTES} (a week)",
            "a maintenance ends; silence again what takes longer",
        )
    yield from _said("--reason", reason, "say what is done, so that others know")
    yield from _said("--author", author, "say whom to ask")


def _would_match(one: Matcher, value: str) -> bool:
    if not one.is_regex:
        return (one.value == value) == one.is_equal
    try:
        return bool(re.fullmatch(one.value, value)) == one.is_equal
    except re.error:  # Alertmanager says what is wrong with it
        return False


def _said(what: str, text: Any, fix: str) -> Iterator[Problem]:
    if not str(text).strip():
        yield Problem(what, "empty", repr(text), "a word at least", fix)
