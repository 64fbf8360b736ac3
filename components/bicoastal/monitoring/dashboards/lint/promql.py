"""PromQL as it stands in a dashboard: with Grafana's variables in it."""

import re
from collections.abc import Iterator
from datetime import timedelta

import promql_parser as promql

RATE_INTERVAL = timedelta(milliseconds=8_869_987)
"""What `$__rate_interval` is read as: no span that anybody would write."""
_SPANS = {
    "__rate_interval": "8869987ms",
    "__interval": "4867856ms",
    "__range": "6069769ms",
    "__auto": "12345ms",
}
_NUMBERS = {"__interval_ms": "4867856", "__range_ms": "6069769", "__range_s": "6069"}
_VARIABLE = re.compile(r"\$(\w+)|\$\{(\w+)(?::[^}]*)?\}|\[\[(\w+)\]\]")


def parsed(expression: str) -> promql.Expr:
    """The expression, a variable outside of quotes replaced by a value of its kind.

    Raises `ValueError` for what Prometheus could not read.
    """
    parts = expression.split('"')
    parts[::2] = [_VARIABLE.sub(_value, part) for part in parts[::2]]
    tree: promql.Expr = promql.parse('"'.join(parts))
    return tree


def with_parents(
    node: promql.Expr, parents: tuple[promql.Expr, ...] = ()
) -> Iterator[tuple[promql.Expr, tuple[promql.Expr, ...]]]:
    """The expression and all that it is made of, each with what it stands in, from the outside in."""
    yield node, parents
    for child in _children(node):
        yield from with_parents(child, (*parents, node))


def selectors(expression: promql.Expr) -> Iterator[promql.VectorSelector]:
    """Every choice of series."""
    return (node for node, _ in with_parents(expression) if isinstance(node, promql.VectorSelector))


def name_of(selector: promql.VectorSelector) -> str:
    """The metric, however it is written; empty where only labels are named."""
    named = (each.value for each in selector.matchers.matchers if each.name == "__name__")
    return selector.name or next(named, "")


def _children(node: promql.Expr) -> Iterator[promql.Expr]:
    match node:
        case promql.AggregateExpr():
            yield node.expr
            if isinstance(node.param, promql.Expr):
                yield node.param
        case promql.BinaryExpr():
            yield from (node.lhs, node.rhs)
        case promql.Call():
            yield from node.args
        case promql.MatrixSelector():
            yield node.vector_selector
        case promql.ParenExpr() | promql.UnaryExpr() | promql.SubqueryExpr():
            yield node.expr


def _value(found: re.Match[str]) -> str:
    name = found[1] or found[2] or found[3]
    return _SPANS.get(name) or _NUMBERS.get(name) or str(name)
