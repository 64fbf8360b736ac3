"""Hurting one Postgres member, and nothing beside it."""

from collections.abc import Sequence
from contextlib import closing

from docker.models.containers import Container

from ...database import Member
from ..project import ENVIRONMENT
from ..twin import Twin

POSTMASTER = "$(head -n 1 /var/lib/postgresql/data/postmaster.pid)"
"""The process id of a member's postmaster, for the shell in its container."""
PATRONI = "1"
"""Patroni's process id in a member's container."""


def member_named(twin: Twin, name: str) -> Member:
    """The declared member of this name."""
    members = twin.environment.database.members(twin.environment.topology)
    return next(member for member in members if member.name == name)


def service_label(member: Member) -> str:
    """What marks the containers of a member, as its engine filters them."""
    return f"com.docker.swarm.service.name={_service(member)}"


def neighbour_of(twin: Twin, member: Member) -> Member:
    """Another member in the same place, or the member itself where it is alone."""
    members = twin.environment.database.members(twin.environment.topology)
    beside = [other for other in members if other.place == member.place and other != member]
    return beside[0] if beside else member


def shell(twin: Twin, member: Member, script: str) -> str:
    """What a shell script prints in the member's container. Raises RuntimeError when it fails."""
    with closing(twin.places.engine(member.place)) as engine:
        containers = engine.containers.list(filters={"label": service_label(member)})
        if not containers:
            raise RuntimeError(f"{member.name} has no running container")
        code, output = containers[0].exec_run(["sh", "-c", script])
    assert isinstance(output, bytes)
    text = output.decode(errors="replace")
    if code:
        raise RuntimeError(f"in {member.name}, exit code {code}: {text.strip()}")
    return text


def signal(twin: Twin, member: Member, name: str, process: str) -> None:
    """Send the signal to a process in the member's container."""
    shell(twin, member, f"kill -{name} {process}")


def kill_container(twin: Twin, member: Member) -> None:
    """SIGKILL for everything in the member's container; its Swarm makes a new one."""
    with closing(twin.places.engine(member.place)) as engine:
        _kill(engine.containers.list(filters={"label": service_label(member)}))


def hold_down(twin: Twin, member: Member) -> None:
    """SIGKILL for everything in the member's container, and no new one until `let_up`.

    The kill comes first: scaled down, the member would be asked to stop, and would hand its lease over. Its
    Swarm waits a second before it makes a new one, and by then is told not to.
    """
    with closing(twin.places.engine(member.place)) as engine:
        _kill(engine.containers.list(filters={"label": service_label(member)}))
        engine.services.get(_service(member)).scale(0)


def let_up(twin: Twin, member: Member) -> None:
    """Let a member that was held down run again."""
    with closing(twin.places.engine(member.place)) as engine:
        engine.services.get(_service(member)).scale(1)


def _kill(containers: Sequence[Container]) -> None:
    for container in containers:
        container.kill()


def _service(member: Member) -> str:
    return f"{ENVIRONMENT}_{member.service}"
