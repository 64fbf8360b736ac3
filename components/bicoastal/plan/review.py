"""A plan with all that is said of it, for one environment of a project."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from ..checks.resources import CHECKS, Finding
from ..checks.resources.suppressions import Judged, Suppression, judged
from .budgets import budgets
from .findings import as_json, findings
from .hidden import hidden
from .places import places_of
from .record import Plan, Resource

FORMAT = "bicoastal-plan/1"


@dataclass(frozen=True)
class Review:
    """What a program declares for an environment, and what is wrong with it."""

    project: str
    environment: str
    plan: Plan
    config: Mapping[str, str] = field(repr=False)
    """What the program was run with."""
    secret_keys: frozenset[str]
    to_fill_in: Mapping[str, str] = field(default_factory=dict)
    """What the environment's file leaves to whoever has the account: the path to what belongs there."""

    suppressions: Sequence[Suppression] = ()
    """Findings that someone answers for."""

    @cached_property
    def places(self) -> Mapping[str, str]:
        """The place of each resource by its URN."""
        return places_of(self.plan)

    @cached_property
    def budgets(self) -> Mapping[str, Mapping[str, float]]:
        """The failover budgets, in seconds, by the component that declares them."""
        return budgets(self.plan)

    @property
    def findings(self) -> list[Finding]:
        """What is wrong and nobody answers for, the worst first."""
        return self.judged.findings

    @cached_property
    def judged(self) -> Judged:
        """What the checks find, with the suppressions applied."""
        found = findings(self.plan, self.config, self.secret_keys)
        return judged(found, self.suppressions, self.environment, CHECKS)

    @property
    def fails(self) -> bool:
        """Whether anything found is so bad that this must not be made."""
        return any(finding.check.severity.fails for finding in self.findings)

    def as_json(self) -> dict[str, Any]:
        """Everything, in an order that does not change from run to run, no secret in it."""
        unfilled = {"to_fill_in": dict(self.to_fill_in)} if self.to_fill_in else {}
        return {
            "format": FORMAT,
            "project": self.project,
            "environment": self.environment,
            "resources": [self._resource(r) for r in sorted(self.plan.resources, key=lambda r: r.urn)],
            "exports": hidden(self.plan.exports),
            "failover_budgets": self.budgets,
            "findings": [as_json(finding) for finding in self.findings],
            "suppressed": [
                {**as_json(finding), "reason": one.reason} for finding, one in self.judged.suppressed
            ],
            **unfilled,
        }

    def _resource(self, resource: Resource) -> dict[str, Any]:
        return {
            "urn": resource.urn,
            "type": resource.type,
            "name": resource.name,
            "component": not resource.custom,
            "place": self.places.get(resource.urn),
            "parent": resource.parent,
            "provider": resource.provider,
            "inputs": hidden(resource.inputs),
            "outputs": hidden(resource.outputs),
            "dependencies": sorted(resource.dependencies),
            "property_dependencies": {
                name: sorted(urns) for name, urns in resource.property_dependencies.items()
            },
            "protect": resource.protect,
            "delete_before_replace": resource.delete_before_replace,
            "ignore_changes": list(resource.ignore_changes),
            "aliases": list(resource.aliases),
            "retain_on_delete": resource.retain_on_delete,
        }
