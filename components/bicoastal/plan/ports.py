"""Host ports over all services of a plan: on one host of a place each has one owner."""

from collections.abc import Iterator

from ..checks.problem import Problem
from ..checks.services import host_ports_are_free
from .record import Plan, Resource
from .stack_files import KINDS


def port_problems(plan: Plan) -> Iterator[Problem]:
    """Each host port that two services of one place take on the same host."""
    taken = [
        (_host(service), port["publishedPort"], str(service.inputs["name"]))
        for service in plan.of_type(KINDS["service"])
        for port in (service.inputs.get("endpointSpec") or {}).get("ports") or []
        if port.get("publishMode") == "host"
    ]
    # Services register in an order that changes from run to run.
    yield from host_ports_are_free(sorted(taken))


def _host(service: Resource) -> str:
    """Where the service runs: its place's engine, and the placement within."""
    placement = service.inputs["taskSpec"].get("placement") or {}
    place = (service.provider or "").rpartition("::")[2]
    return " ".join([place, *placement.get("constraints", [])])
