"""Findings that someone has decided to live with, and why: a list in one file.

    - check: data-protected
      resource: "shop-*"
      environment: staging
      reason: Staging holds nothing that cannot be made again.

A suppression that says no reason, that names no check, or that no finding is there for is a finding itself:
a list of exceptions that nobody reads grows until it hides something.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any

import yaml

from ..problem import Problem
from .check import Check, Finding, Kind, Severity
from .declared import Declared

FILE = "bicoastal-suppressions.yaml"
"""Beside Pulumi.yaml."""
_TYPE = "bicoastal:suppression"
_KEYS = ("check", "resource", "environment", "reason")


@dataclass(frozen=True)
class Suppression:
    """One line of the file."""

    check: str
    resource: str
    """A logical name, or a pattern with `*` and `?` for several; of whatever type."""
    reason: str
    environment: str = ""
    """Empty for all."""
    number: int = 0
    """Which of the file's."""
    file: str = FILE
    unknown: tuple[str, ...] = ()
    """Keys that are none."""
    known_environments: frozenset[str] = frozenset()
    """Those of the project; empty where nobody can say."""

    def is_for(self, environment: str) -> bool:
        """Whether it speaks of this environment."""
        return self.environment in ("", environment)

    def is_for_none(self, environment: str) -> bool:
        """Whether it speaks of an environment that there is not, while this one is judged."""
        others = self.known_environments
        return bool(self.environment and others) and self.environment not in {environment, *others}

    def covers(self, finding: Finding) -> bool:
        """Whether the finding is one that it speaks of."""
        return finding.check.id == self.check and fnmatchcase(finding.resource.name, self.resource)


@dataclass(frozen=True)
class Judged:
    """The findings that count, and those that someone answers for."""

    findings: list[Finding]
    suppressed: list[tuple[Finding, Suppression]]


def read(file: Path) -> list[Suppression]:
    """The suppressions in a file, told which environments have settings beside it; none without a file."""
    if not file.is_file():
        return []
    settings = (found.name.split(".") for found in file.parent.glob("Pulumi.*.yaml"))
    environments = frozenset(".".join(words[1:-1]) for words in settings)
    # Whoever runs one environment may have the settings of that one alone.
    known = environments if len(environments) > 1 else frozenset()
    return parsed(yaml.safe_load(file.read_text()), known, file.name)


def of_project(folder: Path, project: str) -> list[Suppression] | None:
    """The suppressions of the Pulumi project of this name that the folder belongs to; None when it is of
    another one."""
    for here in (folder.absolute(), *folder.absolute().parents):
        declared = here / "Pulumi.yaml"
        if declared.is_file():
            return read(here / FILE) if yaml.safe_load(declared.read_text()).get("name") == project else None
    return None


def parsed(document: Any, environments: frozenset[str] = frozenset(), file: str = FILE) -> list[Suppression]:
    """The suppressions in a file's content; what is no entry becomes one that is found fault with."""
    entries = document if isinstance(document, list) else [] if document is None else [document]
    return [
        _entry(entry if isinstance(entry, dict) else {}, number, environments, file)
        for number, entry in enumerate(entries, 1)
    ]


def _entry(entry: dict[str, Any], number: int, environments: frozenset[str], file: str) -> Suppression:
    words = {key: str(entry.get(key) or "").strip() for key in _KEYS}
    unknown = tuple(str(key) for key in entry if key not in _KEYS)
    return Suppression(**words, number=number, file=file, unknown=unknown, known_environments=environments)


def judged(
    findings: Sequence[Finding],
    suppressions: Sequence[Suppression],
    environment: str,
    checks: Sequence[Check],
) -> Judged:
    """The findings of an environment with its suppressions, and what is wrong with those."""
    mine = [one for one in suppressions if one.is_for(environment)]
    answers = _answers(findings, mine)
    suppressed = [(finding, answers[id(finding)]) for finding in findings if id(finding) in answers]
    left = [finding for finding in findings if id(finding) not in answers]
    known = {check.id for check in checks}
    wrong = [
        found
        for one in suppressions
        for found in _faults(one, known, environment, findings if one in mine else None)
    ]
    return Judged(sorted([*left, *wrong], key=lambda finding: finding.order), suppressed)


def unanswered(
    findings: Sequence[Finding], suppressions: Sequence[Suppression], environment: str
) -> list[Finding]:
    """The findings that nobody answers for, where not all of them are there yet."""
    answers = _answers(findings, [one for one in suppressions if one.is_for(environment)])
    return [finding for finding in findings if id(finding) not in answers]


def _answers(findings: Sequence[Finding], mine: Sequence[Suppression]) -> dict[int, Suppression]:
    return {id(f): one for f in findings for one in reversed(mine) if one.reason and one.covers(f)}


def _faults(
    one: Suppression, known: set[str], environment: str, findings: Sequence[Finding] | None
) -> Iterator[Finding]:
    """What is wrong with a suppression; without findings it is for another environment."""
    if one.unknown or not one.resource:
        given = f"unknown keys: {', '.join(one.unknown)}" if one.unknown else "no resource"
        yield _fault(MALFORMED, one, given, f"the keys {', '.join(_KEYS)}", "correct it")
    elif one.check not in known:
        yield _fault(UNKNOWN_CHECK, one, one.check or "nothing", "an id of docs/checks.md", "correct it")
    elif not one.reason:
        yield _fault(WITHOUT_REASON, one, "nothing", "a sentence", "say why, or mend what is found")
    elif one.is_for_none(environment):
        there = ", ".join(sorted(one.known_environments))
        yield _fault(UNKNOWN_ENVIRONMENT, one, one.environment, there, "correct it, or take the entry out")
    elif findings is not None and not any(one.covers(finding) for finding in findings):
        yield _fault(UNUSED, one, "no such finding", "a finding that is there", "take the entry out")


def _fault(check: Check, one: Suppression, given: str, allowed: str, fix: str) -> Finding:
    wrong = f"{one.check or 'no check'} for {one.resource or 'no resource'} does not count"
    problem = Problem(str(one.number), wrong, given, allowed, fix)
    return Finding(check, Declared(_TYPE, one.file, {}), problem)


def _of_the_file(name: str, sentence: str, reason: str) -> Check:
    return Check(name, Severity.HIGH, Kind.WHOLE, (_TYPE,), sentence, reason, lambda *_: iter(()))


MALFORMED = _of_the_file(
    "suppression-malformed",
    "A suppression has a check, a resource and a reason, and may have an environment",
    "A key that is misspelt would make it count for more than was meant.",
)
UNKNOWN_CHECK = _of_the_file(
    "suppression-of-no-check",
    "A suppression names a check that there is",
    "It would hide nothing, and read as if the matter were settled.",
)
WITHOUT_REASON = _of_the_file(
    "suppression-without-reason",
    "A suppression says why",
    "Nobody can tell later whether it may go.",
)
UNKNOWN_ENVIRONMENT = _of_the_file(
    "suppression-of-no-environment",
    "A suppression is for an environment that there is",
    "It would never be missed, and never be taken out.",
)
UNUSED = _of_the_file(
    "suppression-unused",
    "A suppression is for something that is found",
    "What was mended must be found again when it comes back.",
)
FAULTS = (MALFORMED, UNKNOWN_CHECK, WITHOUT_REASON, UNKNOWN_ENVIRONMENT, UNUSED)
"""What can be wrong with the file itself; none of it can be suppressed."""
