"""Failover budgets in a plan: what a stack exports of its arithmetic, read again."""

from collections.abc import Iterator, Mapping
from typing import Any

from ..checks.problem import Problem
from .record import Plan

OUTPUT = "failover_budget"
_TOTALS = ("total_s", "other_way_total_s")
_LIMIT = "limit_s"
_SUFFIX = "_s"
_AVERAGE = "_average_s"


def budgets(plan: Plan) -> dict[str, dict[str, float]]:
    """Each budget's seconds, by the logical name of the component whose output it is."""
    found = {r.name: r.outputs[OUTPUT] for r in plan.resources if not r.custom and OUTPUT in r.outputs}
    exported = plan.exports.get(OUTPUT)
    if exported is not None and not found:
        found = {OUTPUT: exported}
    return {name: _seconds(found[name]) for name in sorted(found) if isinstance(found[name], Mapping)}


def worst_s(budget: Mapping[str, float]) -> float:
    """The seconds of the slower way, whichever region is lost."""
    return max((budget[total] for total in _TOTALS if total in budget), default=0.0)


def budget_problems(plan: Plan) -> Iterator[Problem]:
    """Each budget over its limit, and its largest term."""
    for name, budget in budgets(plan).items():
        worst = worst_s(budget)
        limit = budget.get(_LIMIT)
        if limit is None or worst <= limit:
            continue
        terms = {
            key: seconds
            for key, seconds in budget.items()
            if key not in (*_TOTALS, _LIMIT) and not key.endswith(_AVERAGE)
        }
        largest = max(terms, key=lambda key: terms[key], default="")
        yield Problem(
            f"{name}.{OUTPUT}",
            f"the worst case is over the limit; the largest term is {largest.removesuffix(_SUFFIX)}"
            f" ({terms.get(largest, 0):g} s)",
            f"worst case {worst:g} s, limit {limit:g} s",
            f"a worst case of at most {limit:g} s",
            "make that term smaller, or raise failover_limit_s",
        )


def _seconds(budget: Mapping[str, Any]) -> dict[str, float]:
    """The terms, then the totals, then the limit."""
    last = [key for key in (*_TOTALS, _LIMIT) if key in budget]
    terms = sorted(budget.keys() - set(last))
    return {key: float(budget[key]) for key in [*terms, *last] if isinstance(budget[key], int | float)}
