"""The rules that Prometheus evaluates, as data."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from ..checks.monitoring import CONSTANT, labels_are_named
from ..settings import refuse
from .durations import duration
from .runbooks import Runbook, link
from .severity import Audience, Severity
from .text import yaml_text
from .trials import Trial

EVALUATION_S = 15
"""Seconds between evaluations: with a `for` of 0 the most that a rule adds to an alert's way."""
_HEAD = "groups:\n"
"""What every file of rules begins with."""


@dataclass(frozen=True, kw_only=True)
class Recording:
    """An expression that is computed once and read often."""

    record: str
    """The series' name, `level:metric:operations`."""
    expr: str
    labels: Mapping[str, str] = field(default_factory=dict)

    def as_data(self) -> dict[str, object]:
        """As Prometheus reads it."""
        labels = {"labels": dict(self.labels)} if self.labels else {}
        return {"record": self.record, "expr": self.expr, **labels}


@dataclass(frozen=True, kw_only=True)
class Alert:
    """A condition that somebody must hear of, with what they need then and the proof that it works."""

    name: str
    expr: str
    severity: Severity
    part: str
    """What it is about, such as `postgres`; also the page of its runbook."""
    summary: str
    """One line, with the place or the instance in it."""
    description: str
    """What it means, with the value."""
    runbook: Runbook
    firing: Trial
    """A course of events in which it fires."""
    quiet: Trial
    """One beside it in which it does not."""
    also_firing: Sequence[Trial] = ()
    """Further ones in which it fires."""
    also_quiet: Sequence[Trial] = ()
    """Further ones in which it does not."""
    hold_s: int = 0
    """Seconds that the condition must hold before it fires."""
    audience: Audience = Audience.OPERATIONS
    labels: Mapping[str, str] = field(default_factory=dict)
    """Further labels. None may carry a value: it would reset `for` at each evaluation."""

    def __post_init__(self) -> None:
        values = (CONSTANT.problem(f"labels.{label}", value) for label, value in self.labels.items())
        problems = [*labels_are_named(list(self.labels)), *(problem for problem in values if problem)]
        refuse(f"Alert {self.name!r}", problems)

    @property
    def given_labels(self) -> dict[str, str]:
        """What its rule adds to the labels of what it found."""
        own = {"severity": self.severity.value, "part": self.part, "audience": self.audience.value}
        return {**own, **self.labels}

    def as_data(self, runbooks: str) -> dict[str, object]:
        """As Prometheus reads it; `runbooks` is the address that the pages of runbooks stand under."""
        return {
            "alert": self.name,
            "expr": self.expr,
            **({"for": duration(self.hold_s)} if self.hold_s else {}),
            "labels": self.given_labels,
            "annotations": {
                "summary": self.summary,
                "description": self.description,
                "value": "{{ $value | humanize }}",
                "runbook_url": link(runbooks, self.part, self.name),
            },
        }


@dataclass(frozen=True, kw_only=True)
class RuleGroup:
    """Rules that are evaluated one after another, at one time."""

    name: str
    rules: Sequence[Recording | Alert]
    interval_s: int = EVALUATION_S

    @property
    def alerts(self) -> list[Alert]:
        """The alerts among the rules."""
        return [rule for rule in self.rules if isinstance(rule, Alert)]


def one_file(texts: Iterable[str]) -> str:
    """The groups of several of these files in one: to Swarm each file is an object of its own, and one may be
    500 kB. No two of the groups may have the same name."""
    return _HEAD + "".join(text.removeprefix(_HEAD) for text in texts)


def rules_file(groups: Sequence[RuleGroup], runbooks: str) -> str:
    """The text of a file of rules, the same for the same groups."""
    data = {
        "groups": [
            {
                "name": group.name,
                "interval": duration(group.interval_s),
                "rules": [
                    rule.as_data(runbooks) if isinstance(rule, Alert) else rule.as_data()
                    for rule in group.rules
                ],
            }
            for group in groups
        ]
    }
    return yaml_text(data)
