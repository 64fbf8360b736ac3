"""The rules about queries."""

from collections.abc import Iterator

import promql_parser as promql

from .finding import Finding, Json, targets
from .promql import RATE_INTERVAL, name_of, parsed, selectors, with_parents

_RATES = ("rate", "irate")
_OF_COUNTERS = (*_RATES, "increase")


def valid(dashboard: Json) -> Iterator[Finding]:
    """Prometheus can read it."""
    for panel, expression in targets(dashboard):
        try:
            parsed(expression)
        except ValueError as error:
            wrong = f"{expression!r} is no PromQL: {error}" if expression else "a target has no query"
            yield Finding("target-promql-rule", dashboard["uid"], wrong, panel=panel.get("title", ""))


def rate_interval(dashboard: Json) -> Iterator[Finding]:
    """A rate is taken over `$__rate_interval`, which always holds enough samples."""
    for title, expression in _readable(dashboard):
        for node, parents in with_parents(expression):
            if not isinstance(node, promql.MatrixSelector) or node.range == RATE_INTERVAL or not parents:
                continue
            call = parents[-1]
            if isinstance(call, promql.Call) and call.func.name in _RATES:
                wrong = f"takes a rate over another span than $__rate_interval: {call.prettify()}"
                yield Finding("target-rate-interval-rule", dashboard["uid"], wrong, panel=title)


def job(dashboard: Json) -> Iterator[Finding]:
    """Every choice of series follows the variable `job`."""
    return _follows(dashboard, "job")


def instance(dashboard: Json) -> Iterator[Finding]:
    """Every choice of series follows the variable `instance`."""
    return _follows(dashboard, "instance")


def counter_agg(dashboard: Json) -> Iterator[Finding]:
    """A counter is never shown as it stands, since it only grows until it starts again."""
    for title, expression in _readable(dashboard):
        for node, parents in with_parents(expression):
            if not isinstance(node, promql.VectorSelector) or not name_of(node).endswith("_total"):
                continue
            call = (
                parents[-2] if len(parents) >= 2 and isinstance(parents[-1], promql.MatrixSelector) else None
            )
            if not (isinstance(call, promql.Call) and call.func.name in _OF_COUNTERS):
                wrong = f"shows the counter {name_of(node)} without {', '.join(_OF_COUNTERS)}"
                rule = "target-counter-agg-rule"
                yield Finding(rule, dashboard["uid"], wrong, panel=title, series=name_of(node))


def _follows(dashboard: Json, label: str) -> Iterator[Finding]:
    for title, expression in _readable(dashboard):
        for selector in selectors(expression):
            if any(_is_chosen(matcher, label) for matcher in selector.matchers.matchers):
                continue
            wrong = f'{selector.prettify()} has no {label}=~"${label}"'
            rule = f"target-{label}-rule"
            yield Finding(rule, dashboard["uid"], wrong, panel=title, series=name_of(selector))


def _is_chosen(matcher: promql.Matcher, label: str) -> bool:
    regular = matcher.op == promql.MatchOp.Re
    return matcher.name == label and regular and matcher.value in (f"${label}", f"${{{label}}}")


def _readable(dashboard: Json) -> Iterator[tuple[str, promql.Expr]]:
    """The queries that Prometheus can read, with their panels' titles; the rest is for another rule."""
    for panel, expression in targets(dashboard):
        try:
            yield panel.get("title", ""), parsed(expression)
        except ValueError:
            continue
