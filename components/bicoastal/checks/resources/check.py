"""What a check is, and what it finds."""

import inspect
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import Enum

from ..problem import Problem
from .declared import Declared, Resources


class Severity(Enum):
    """How bad it is, the worst first."""

    CRITICAL = "critical"
    """Open to the world, or data is lost."""
    HIGH = "high"
    """Must not ship."""
    MEDIUM = "medium"
    """Should be mended."""
    LOW = "low"
    """Would be better."""

    @property
    def rank(self) -> int:
        """0 for the worst."""
        return list(Severity).index(self)

    @property
    def fails(self) -> bool:
        """Whether a plan with such a finding is no good."""
        return self in (Severity.CRITICAL, Severity.HIGH)


class Kind(Enum):
    """What a check looks at."""

    RESOURCE = "one resource"
    WHOLE = "all resources"
    PROGRAM = "the program"


@dataclass(frozen=True)
class Program:
    """What a plan knows beside the resources. Elsewhere nobody does, and what needs it is not judged."""

    config: Mapping[str, str]
    secret_keys: frozenset[str]
    shown: Sequence[Declared] = ()
    """The program's exports, and its components with their outputs for properties."""


NO_PROGRAM = Program(config={}, secret_keys=frozenset())
"""For checks that ask the program for nothing."""


@dataclass(frozen=True)
class Finding:
    """What one check says of one resource."""

    check: "Check"
    resource: Declared
    problem: Problem
    """Its `input` is the path within the resource."""

    @property
    def order(self) -> tuple[int, str, str, str, str]:
        """The worst first, then by check and resource: the same from run to run."""
        return (
            self.check.severity.rank,
            self.check.id,
            self.resource.name,
            self.resource.type,
            str(self.problem),
        )

    def __str__(self) -> str:
        return f"{self.check.id} {self.resource.name}.{self.problem}"


JudgeResource = Callable[[Declared], Iterator[Problem]]
JudgeWhole = Callable[[Resources], Iterator[tuple[Declared, Problem]]]
JudgeProgram = Callable[[Resources, Program], Iterator[tuple[Declared, Problem]]]


@dataclass(frozen=True)
class Check:
    """One thing that must hold."""

    id: str
    severity: Severity
    kind: Kind
    types: tuple[str, ...]
    """The types that it speaks of; one that ends in `*` stands for all that begin so."""
    sentence: str
    """What must hold."""
    reason: str
    """Why, and who says so."""
    judge: JudgeProgram = field(repr=False)
    """Gives what is wrong, each with its resource."""

    def findings(self, resources: Resources, program: Program | None = None) -> Iterator[Finding]:
        """What is wrong with these resources."""
        if program is None and self.kind is Kind.PROGRAM:
            return
        for resource, problem in self.judge(resources, program or NO_PROGRAM):
            yield Finding(self, resource, problem)


def of_resource(name: str, severity: Severity, *types: str) -> Callable[[JudgeResource], Check]:
    """Make a function a check of each resource of these types by itself.

    The docstring's first line says what must hold, the rest why.
    """

    def made(judge: JudgeResource) -> Check:
        def each(resources: Resources, _: Program) -> Iterator[tuple[Declared, Problem]]:
            return ((one, problem) for one in resources.of(*types) for problem in judge(one))

        return _made(name, severity, Kind.RESOURCE, types, judge.__doc__, each)

    return made


def of_whole(name: str, severity: Severity, *types: str) -> Callable[[JudgeWhole], Check]:
    """Make a function a check of all resources together; `types` are those that it speaks of."""
    return lambda judge: _made(
        name, severity, Kind.WHOLE, types, judge.__doc__, lambda resources, _: judge(resources)
    )


def of_program(name: str, severity: Severity, *types: str) -> Callable[[JudgeProgram], Check]:
    """Make a function a check of all resources and of the program that declares them."""
    return lambda judge: _made(name, severity, Kind.PROGRAM, types, judge.__doc__, judge)


def _made(
    name: str, severity: Severity, kind: Kind, types: tuple[str, ...], says: str | None, judge: JudgeProgram
) -> Check:
    sentence, _, reason = inspect.cleandoc(says or "").partition("\n\n")
    if not (sentence and reason and types):
        raise ValueError(
            f"a check has a sentence, a reason and types; given: {name!r}; fix: write its docstring"
        )
    return Check(name, severity, kind, types, sentence.rstrip("."), " ".join(reason.split()), judge)
