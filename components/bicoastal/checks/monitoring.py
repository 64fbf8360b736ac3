"""What must hold for what is watched."""

import re
from collections.abc import Iterator, Sequence
from decimal import Decimal

from .problem import Problem
from .rules import Rule, between, matching


def _is_selector(value: object) -> bool:
    # Rules without objectives need no parser, and so not the extra that brings it.
    import promql_parser

    try:
        return isinstance(value, str) and isinstance(promql_parser.parse(value), promql_parser.VectorSelector)
    except ValueError:
        return False


OBJECTIVE = Rule(
    lambda v: isinstance(v, int | float) and not isinstance(v, bool) and 0 < v < 100,
    "out of range",
    "more than 0 and less than 100 percent",
    "give the share of what must be good, such as 99.9; nothing is always good",
)
WINDOW_DAYS = between(7, 366, "days")
SELECTOR = Rule(
    _is_selector,
    "not a selector",
    "a metric's name, with matchers where it needs them, and nothing around it",
    "give one such as 'http_requests_total{job=\"api\"}': the functions around it are the compiler's",
)
LABEL_NAME = matching(
    r"[a-zA-Z_][a-zA-Z0-9_]*", "letters, digits and '_'", "use a label's name, such as 'route'"
)
_CARRIES_A_VALUE = re.compile(
    r"\{\{.*(\$value|\.Value)|\{\{(?:(?!\}\}).)*(?<!\.)\b(value|query)\b", re.DOTALL
)
"""The alert's own value, or what is asked for within a template."""
CONSTANT = Rule(
    lambda v: isinstance(v, str) and not _CARRIES_A_VALUE.search(v),
    "a label that carries a value: it is another alert at each evaluation, whose `for` begins anew",
    "a text, or a template of $labels alone",
    "put the value into the description",
)
REQUESTS = between(1, 1_000_000, "requests")
SECONDS = between(0.000001, 86_400, "seconds")
MOST_PROBES = 1000
STEPS = Rule(
    lambda v: isinstance(v, str) and bool(v.strip()),
    "empty",
    "a step, in words or as a command",
    "say what somebody who was just woken does",
)


def is_one_kind(given: Sequence[str], kinds: Sequence[str]) -> Iterator[Problem]:
    """An objective is over one indicator."""
    if len(given) != 1:
        yield Problem(
            " | ".join(kinds),
            "not exactly one indicator",
            ", ".join(given) or "none",
            f"one of {', '.join(kinds)}",
            "declare an objective for each indicator",
        )


def one_side_is_counted(bad: str | None, good: str | None) -> Iterator[Problem]:
    """What is bad or what is good is counted; the other is the rest."""
    if (bad is None) == (good is None):
        yield Problem(
            "bad",
            "not exactly one of bad and good",
            "neither" if bad is None else "both",
            "one of them",
            "give the selector of the one that is counted",
        )


def is_a_bound(threshold: Decimal, bounds: Sequence[Decimal]) -> Iterator[Problem]:
    """A histogram knows how many were below its buckets' bounds, and of nothing between."""
    if threshold not in bounds:
        yield Problem(
            "threshold_s",
            "no bound of a bucket",
            f"{threshold:f}",
            ", ".join(f"{bound:f}" for bound in bounds),
            "choose one of these, or give the histogram a bucket with this bound",
        )


def can_fire(factor: Decimal, budget: Decimal, *, pages: bool) -> Iterator[Problem]:
    """More than all of the requests never fail."""
    if factor * budget >= 1:
        highest = (1 - 1 / factor) * 100
        yield Problem(
            "objective",
            f"an alert at {factor:f} times the budget can never fire",
            f"{(1 - budget) * 100:f}, {factor:f} times whose budget is {factor * budget * 100:f} %",
            f"more than {highest:.2f} percent",
            "raise the objective" + (", or give it severity 'warning': tickets alone" if pages else ""),
        )


def tells_somebody(somebody: bool) -> Iterator[Problem]:
    """An objective that nobody hears of is none."""
    if not somebody:
        yield Problem(
            "severity",
            "nobody would be told",
            "'none'",
            "'critical', 'warning'",
            "choose 'warning' for tickets alone",
        )


def labels_are_free(labels: Sequence[str], own: Sequence[str], path: str) -> Iterator[Problem]:
    """What is given to every alert or record anyway is not given twice."""
    for label in labels:
        if label in own:
            yield Problem(
                path, "a label that has its meaning", repr(label), f"none of {', '.join(own)}", "rename it"
            )


def labels_are_named(labels: Sequence[str]) -> Iterator[Problem]:
    """Prometheus refuses a whole file for the name of one label."""
    for label in labels:
        problem = LABEL_NAME.problem(f"labels.{label}", label)
        if problem:
            yield problem


def labels_differ(labels: Sequence[str], group_by: Sequence[str]) -> Iterator[Problem]:
    """A label that is given would take the place of one that tells alerts apart."""
    for label in labels:
        if label in group_by:
            yield Problem(
                "labels",
                "a label that it is grouped by",
                repr(label),
                f"none of {', '.join(group_by)}",
                "give it another name, or group by it no more",
            )


def has_example(label: str) -> Problem:
    """A label of whose values none can be told."""
    return Problem(
        f"examples.{label}",
        "no value can be read off the selectors, and so nothing be tried",
        "nothing",
        "a value that the selectors of all requests take",
        f"give examples a value of {label!r}",
    )


def probes_are_enough(minimum: int) -> Iterator[Problem]:
    """Three places that probe every 30 s make 360 probes in an hour."""
    if minimum > MOST_PROBES:
        yield Problem(
            "minimum_requests",
            "more than there are probes",
            str(minimum),
            f"at most {MOST_PROBES} where probes are counted",
            "choose about as many as there are in five minutes",
        )


def names_are_distinct(names: Sequence[str]) -> Iterator[Problem]:
    """A record's label `slo` tells one objective from another."""
    for name in sorted({name for name in names if names.count(name) > 1}):
        yield Problem("name", "declared twice", repr(name), "each objective once", "rename one of them")


def is_kept(name: str, window_days: int, retention_days: int) -> Iterator[Problem]:
    """What Prometheus has forgotten cannot be summed."""
    if window_days > retention_days:
        yield Problem(
            f"{name}.window_days",
            "longer than Prometheus keeps its data",
            f"{window_days} days, of which {retention_days} are kept",
            f"at most {retention_days} days",
            "shorten the window or raise the retention",
        )
