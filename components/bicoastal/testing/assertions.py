"""What a plan must be."""

from collections.abc import Collection, Iterable, Mapping

from ..checks.resources import Severity
from ..checks.resources.everywhere import HOLDS_DATA
from ..plan.budgets import budgets, worst_s
from ..plan.findings import findings
from ..plan.record import Plan, Resource


def the(plan: Plan, token: str, name: str | None = None) -> Resource:
    """The one resource of this type, or of this type and name.

    Raises AssertionError where there is none, or several.
    """
    found = [one for one in plan.of_type(token) if name is None or one.name == name]
    if len(found) == 1:
        return found[0]
    named = f" named {name!r}" if name is not None else ""
    there = ", ".join(sorted(one.name for one in plan.of_type(token))) or "none"
    types = ", ".join(sorted({one.type for one in plan.resources}))
    raise AssertionError(
        f"{len(found)} resources are {token}{named}; of this type there are: {there}; the plan's types: "
        + types
    )


def assert_protected(plan: Plan, *tokens: str) -> None:
    """Assert that no run removes what is of these types: there is some, and it has `protect`. Without a type:
    what holds data."""
    _none_of("nothing in the plan is of this type", (one for one in tokens if not plan.of_type(one)))
    kinds = tokens or tuple(HOLDS_DATA)
    if not any(plan.of_type(kind) for kind in kinds):
        raise AssertionError("nothing in the plan holds data, so nothing shows that it is protected")
    removable = (one for one in plan.resources if one.type in kinds and not one.protect)
    _none_of("a run may remove what is not protected", (f"{one.name} {one.type}" for one in removable))


def assert_no_findings(
    plan: Plan,
    *,
    at_least: str = "high",
    except_for: Collection[str] = (),
    config: Mapping[str, str] | None = None,
    secret_keys: Collection[str] = (),
) -> None:
    """Assert that the checks find nothing in the plan of this severity or a worse one.

    `at_least` is `critical`, `high`, `medium` or `low`; `except_for` are ids of checks that do not count, and
    each must find something; `config` and `secret_keys` are those that the program was run with.
    """
    worst = Severity(at_least).rank
    found = [one for one in findings(plan, config or {}, secret_keys) if one.check.severity.rank <= worst]
    _none_of(
        "what is excepted finds nothing; remove it", sorted({*except_for} - {one.check.id for one in found})
    )
    told = (f"{one.check.severity.value}: {one}" for one in found if one.check.id not in except_for)
    _none_of(f"the checks find something of at least {at_least}", told)


def assert_budget_within(plan: Plan, seconds: float) -> None:
    """Assert that every failover budget of the plan is at worst this long, and that there is one."""
    found = budgets(plan)
    if not found:
        raise AssertionError("no component of the plan has a failover budget")
    for name, budget in found.items():
        worst = worst_s(budget)
        if worst > seconds:
            terms = (f"{term}: {value:g}" for term, value in budget.items())
            _none_of(f"{name}: {worst:g} s at worst are more than {seconds:g} s", terms)


def _none_of(what: str, wrong: Iterable[str]) -> None:
    lines = [f"  {line}" for line in wrong]
    if lines:
        raise AssertionError("\n".join([f"{what}:", *lines]))
