"""Host ports over all services of a plan: on one host of a place each has one owner."""

from collections.abc import Iterator

from ..checks.problem import Problem
from ..checks.resources import Resources
from ..checks.resources.services import host_port_has_one_owner
from .declared import declared
from .record import Plan


def port_problems(plan: Plan) -> Iterator[Problem]:
    """Each host port that two services of one place take on the same host."""
    found = host_port_has_one_owner.findings(Resources(declared(plan)))
    yield from (finding.problem for finding in found)
