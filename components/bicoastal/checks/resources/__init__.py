"""Checks of declared resources, for a plan, a policy pack and constructors alike.

    judge(resources)                    everything that is wrong, the worst first
    judge(resources, Program(...))      and what a plan knows of the program
    judge_alone(resource)               what one resource tells by itself

A `Check` is data: its id, severity, sentence and reason are the same wherever it is used.
"""

from collections.abc import Sequence
from types import ModuleType

from . import (
    databases,
    edge_traffic,
    edge_zone,
    engines,
    everywhere,
    hosts,
    identity,
    keys,
    mounts,
    network,
    program,
    s3,
    services,
    vault_engines,
    vault_rights,
    watching,
)
from .check import Check, Finding, Kind, Program, Severity
from .declared import HIDDEN, UNKNOWN, Declared, Resources

SUBJECTS: dict[str, tuple[ModuleType, ...]] = {
    "Everywhere": (everywhere, program),
    "S3": (s3,),
    "Keys, secrets, logs and messages of AWS": (keys,),
    "Network": (network,),
    "Hosts": (hosts,),
    "Identity": (identity,),
    "Databases and caches of AWS": (databases,),
    "Budgets and alarms": (watching,),
    "Cloudflare": (edge_zone, edge_traffic),
    "Docker": (services, mounts, engines),
    "Vault": (vault_rights, vault_engines),
}


def of_subject(subject: str) -> tuple[Check, ...]:
    """The checks of a subject, in the order in which they are written."""
    own = (vars(module).values() for module in SUBJECTS[subject])
    return tuple(found for values in own for found in values if isinstance(found, Check))


CHECKS: tuple[Check, ...] = tuple(check for subject in SUBJECTS for check in of_subject(subject))
"""All checks, in an order that does not change."""


def judge(resources: Sequence[Declared], program: Program | None = None) -> list[Finding]:
    """Everything that is wrong with these resources, the worst first."""
    index = Resources(resources)
    found = (finding for check in CHECKS for finding in check.findings(index, program))
    return sorted(found, key=lambda finding: finding.order)


def judge_alone(resource: Declared) -> list[Finding]:
    """What is wrong with a resource by itself: its public-access block, say, is another one."""
    index = Resources([resource])
    alone = (check for check in CHECKS if check.kind is Kind.RESOURCE)
    return sorted((f for check in alone for f in check.findings(index)), key=lambda finding: finding.order)


__all__ = [
    "CHECKS",
    "HIDDEN",
    "UNKNOWN",
    "Check",
    "Declared",
    "Finding",
    "Kind",
    "Program",
    "Resources",
    "Severity",
    "judge",
    "judge_alone",
    "of_subject",
]
