"""How many tasks a service runs with."""

from collections.abc import Sequence
from dataclasses import dataclass

from ..application.route import MOST_TASKS
from ..checks.problem import Problem
from ..checks.rules import between
from .environment import RunningEnvironment, Say
from .journal import Journal
from .lock import exclusively
from .refusal import Refused
from .repair import only_reachable, ways_back

MOST = {"api": MOST_TASKS}
"""The services that can be scaled, and the most tasks that each may have in a region. What keeps data is not
among them: its members are part of the topology."""


@dataclass(frozen=True)
class Scale:
    """A service and how many tasks it is to run in each region."""

    service: str
    tasks: int

    @classmethod
    def parse(cls, text: str) -> "Scale":
        """From `api=5`. Raises `Refused`."""
        service, _, count = text.partition("=")
        if service not in MOST:
            known = ", ".join(f"{name}=1 to {name}={most}" for name, most in MOST.items())
            raise Refused(
                Problem(
                    "scale", "no service that can be scaled", repr(text), known, "name one, such as api=5"
                )
            )
        tasks = int(count) if count.isdecimal() else None
        wrong = between(1, MOST[service], "tasks in each region").problem(service, tasks)
        if wrong is not None:
            way_out = f"choose one of these, such as {service}=2"
            raise Refused(Problem(service, wrong.wrong, repr(text), wrong.allowed, way_out))
        assert tasks is not None
        return cls(service, tasks)


def scale(environment: RunningEnvironment, wanted: Scale, say: Say) -> Sequence[str]:
    """Run the service with that many tasks in each region, and wait until they are healthy; the services that
    were changed, as `<place>/<service>`.

    Raises `Refused` for a service that runs once on every worker, while a place cannot be reached, a deploy
    was not ended or another operation is under way, and `pulumi.InputPropertiesError` when the program
    refuses itself so; nothing has changed then.
    """
    settings = {wanted.service: {"replicas": wanted.tasks}}
    with exclusively(environment.folder, "scale"):
        _require_counted_tasks(environment, wanted)
        _require_no_open_deploy(environment)
        require_all_reachable(environment, _way_out(environment, wanted))
        environment.check(settings)
        changed = environment.apply(settings, say)
        environment.wait_until_healthy(say)
    return changed


def require_all_reachable(environment: RunningEnvironment, way_out: str = "bring it back first") -> None:
    """Raise `Refused`, with this way out, unless every place can be reached."""
    for place in environment.topology.places:
        reason = environment.unreachable(place.name)
        if reason is not None:
            raise Refused(
                Problem(
                    "place",
                    "cannot be reached",
                    f"{place.name!r} ({reason})",
                    "every place running, for a change is applied in all of them",
                    way_out,
                )
            )


def _way_out(environment: RunningEnvironment, wanted: Scale) -> str:
    only = only_reachable(environment)
    setting = f"{wanted.service}.replicas={wanted.tasks}"
    here = f", or scale where it can be done now: `bicoastal up {only} --set {setting} {environment.name}`"
    return f"bring it back first{here if only else ''}"


def _require_counted_tasks(environment: RunningEnvironment, wanted: Scale) -> None:
    """What runs once on every worker has no number of its own."""
    workers = environment.settings.get(wanted.service, {}).get("workers")
    if workers is not None:
        raise Refused(
            Problem(
                "scale",
                f"{wanted.service} runs once on every worker, so workers are what can be scaled",
                f"{wanted.service}={wanted.tasks}, with {wanted.service}.workers {workers}",
                "a service whose tasks are counted",
                "set the group's min and max, or its desired capacity until its CPU says otherwise",
            )
        )


def _require_no_open_deploy(environment: RunningEnvironment) -> None:
    """Its take-back would meet other services than it left."""
    journal = Journal.load(environment.folder)
    if journal is not None and journal.unfinished:
        raise Refused(
            Problem(
                "scale",
                "a deploy was not ended",
                f"{journal.image} at step '{journal.step}'",
                "a deploy that is done or taken back",
                ways_back(environment),
            )
        )
