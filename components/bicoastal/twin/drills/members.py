"""Hurting one Postgres member, and nothing beside it."""

from contextlib import closing

from ...database import Member
from ..project import ENVIRONMENT
from ..twin import Twin
from .services import task_label

POSTMASTER = "$(head -n 1 /var/lib/postgresql/data/postmaster.pid)"
"""The process id of a member's postmaster, for the shell in its container."""
POSTGRES = "$(grep -lx postgres /proc/[0-9]*/comm | cut -d/ -f3)"
"""Those of the postmaster and all that it has started."""
PATRONI = "$(cut -d' ' -f1 /proc/1/task/1/children)"
"""Patroni's: the container's first process starts it, and ends with it."""


def member_named(twin: Twin, name: str) -> Member:
    """The declared member of this name."""
    members = twin.environment.database.members(twin.environment.topology)
    return next(member for member in members if member.name == name)


def neighbour_of(twin: Twin, member: Member) -> Member:
    """Another member in the same place, or the member itself where it is alone."""
    members = twin.environment.database.members(twin.environment.topology)
    beside = [other for other in members if other.place == member.place and other != member]
    return beside[0] if beside else member


def containers_of(member: Member) -> dict[str, str | list[str] | bool]:
    """The filter for a member's containers in its place's engine."""
    return {"label": task_label(f"{ENVIRONMENT}_{member.service}")}


def signal(twin: Twin, member: Member, name: str, processes: str) -> None:
    """Send the signal to processes in the member's container. Raises RuntimeError when that fails."""
    with closing(twin.places.engine(member.place)) as engine:
        containers = engine.containers.list(filters=containers_of(member))
        if not containers:
            raise RuntimeError(f"{member.name} has no running container")
        code, output = containers[0].exec_run(["sh", "-c", f"kill -{name} {processes}"])
    assert isinstance(output, bytes)
    if code:
        raise RuntimeError(f"SIG{name} in {member.name}: {output.decode(errors='replace').strip()}")


def kill_container(twin: Twin, member: Member) -> None:
    """SIGKILL for everything in the member's container; its Swarm makes a new one after a second."""
    with closing(twin.places.engine(member.place)) as engine:
        for container in engine.containers.list(filters=containers_of(member)):
            container.kill()
