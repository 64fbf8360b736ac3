"""What one run of the engine is told: each finding once, where the engine can show it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property

from pulumi.runtime.proto import analyzer_pb2 as engine

from ..checks.resources import CHECKS, Declared, Finding, Kind, Program, judge, judge_alone
from ..checks.resources.suppressions import Suppression, judged, unanswered
from .reading import STACK, declared, dependencies, is_judged

SHORTEST_SECRET = 8
"""Characters. What is shorter stands in many a text by chance."""


@dataclass
class Verdicts:
    """The findings of a stack: of each resource when it is registered, of the whole at the end.

    A resource is judged by what the program declares. At the end the engine tells what it has become instead,
    with the cloud's own values in it, so what was declared is kept until then.
    """

    environment: str
    suppressions: Sequence[Suppression] = ()
    config: Mapping[str, str] = field(default_factory=dict, repr=False)
    secret_keys: frozenset[str] = frozenset()
    _declared: dict[str, Declared] = field(default_factory=dict, init=False)

    def of_resource(self, told: engine.AnalyzeRequest) -> list[Finding]:
        """What is wrong with it by itself and nobody answers for, the worst first."""
        if not is_judged(told):
            return []
        resource = self._declared[told.urn] = declared(told, self._marks)
        return unanswered(judge_alone(resource), self.suppressions, self.environment)

    def of_whole(self, told: Sequence[engine.AnalyzerResource]) -> list[Finding]:
        """What else is wrong, with all resources together, the program and the file of suppressions."""
        resources = [self._in_the_end(one) for one in sorted(told, key=lambda one: one.urn) if is_judged(one)]
        shown = [_shown(declared(one, self._marks)) for one in told if not is_judged(one)]
        marked = {key: f"[secret {key}]" for key in self.secret_keys}
        program = Program({**self.config, **marked}, self.secret_keys, shown)
        everything = judged(judge(resources, program), self.suppressions, self.environment, CHECKS)
        return [finding for finding in everything.findings if finding.check.kind is not Kind.RESOURCE]

    def _in_the_end(self, told: engine.AnalyzerResource) -> Declared:
        known = self._declared.get(told.urn)
        if known is None:  # left out of this run
            return declared(told, self._marks)
        return replace(known, dependencies=dependencies(told))

    @cached_property
    def _marks(self) -> dict[str, str]:
        secrets = {self.config.get(key, ""): f"[secret {key}]" for key in self.secret_keys}
        return {text: mark for text, mark in secrets.items() if len(text) >= SHORTEST_SECRET}


def _shown(it: Declared) -> Declared:
    """What the program exports is the stack's own outputs."""
    return replace(it, name="exports") if it.type == STACK else it
