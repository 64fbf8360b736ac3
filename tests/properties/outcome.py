"""What comes of an environment: it is planned, or refused by an error that says what is wrong."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pulumi

from bicoastal.plan import record
from bicoastal.plan.record import Resource
from infra.composition import compose
from infra.settings import read_environment

from .environments import Environment, config_of, secrets_of


@dataclass(frozen=True)
class Outcome:
    """What was registered, and the problems that were told: none where it was accepted."""

    registered: tuple[Resource, ...]
    problems: list[dict[str, Any]]
    told: str


def _outcome(program: Callable[[], object], whole: Environment, stack: str) -> Outcome:
    refused: list[pulumi.InputPropertiesError] = []

    def attempt() -> None:
        try:
            program()
        except pulumi.InputPropertiesError as error:
            refused.append(error)

    plan = record(
        attempt, project="smellpin", stack=stack, config=config_of(whole), secret_keys=secrets_of(whole)
    )
    problems = [dict(problem) for error in refused for problem in error.errors or []]
    return Outcome(plan.resources, problems, "".join(map(str, refused)))


def read_it(whole: Environment, stack: str = "production") -> Outcome:
    """Its settings are read. Any other error than the library's own is raised."""
    return _outcome(read_environment, whole, stack)


def plan_it(whole: Environment, stack: str = "production") -> Outcome:
    """The whole of it is planned."""
    return _outcome(compose, whole, stack)
