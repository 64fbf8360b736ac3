"""What the checks find in a plan."""

from collections.abc import Collection, Mapping
from typing import Any

from ..checks.resources import Finding, Program, judge
from .declared import declared, shown
from .record import Plan


def findings(plan: Plan, config: Mapping[str, str], secret_keys: Collection[str]) -> list[Finding]:
    """All that is wrong, the worst first, in an order that does not change from run to run.

    `config` and `secret_keys` are those that the program was run with.
    """
    return judge(declared(plan), Program(config, frozenset(secret_keys), shown(plan)))


def as_json(finding: Finding) -> dict[str, Any]:
    """A finding as plain data."""
    return {
        "check": finding.check.id,
        "severity": finding.check.severity.value,
        "resource": finding.resource.name,
        "type": finding.resource.type,
        "urn": finding.resource.urn,
        "property": finding.problem.input,
        "wrong": finding.problem.wrong,
        "given": finding.problem.given,
        "allowed": finding.problem.allowed,
        "fix": finding.problem.fix,
    }
