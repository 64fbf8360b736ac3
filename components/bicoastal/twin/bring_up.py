"""Bringing a twin up, whatever somebody left behind in it."""

from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import replace

from docker.errors import DockerException
from requests.exceptions import RequestException

from ..checks.problem import Problem
from ..operations.journal import Journal
from ..operations.lock import exclusively
from ..operations.refusal import OperationFailed, Refused
from ..operations.repair import image_setting, move_users, repair
from ..operations.running_colours import running_colours
from .apply import Way, choose
from .choices import merged, without_nothing
from .health import ServiceHealth
from .places import Progress
from .running import RunningTwin
from .twin import Brought, Twin


def bring_up(
    twin: Twin,
    progress: Progress,
    report: Callable[[list[ServiceHealth]], None],
    *,
    by: Way | None = None,
    only: Sequence[str] = (),
) -> Brought:
    """Bring the twin to what is declared; a deploy that was not ended is taken back on the way.

    Users go back before the image does, where balancers run. `by` asks for a way of applying, which counts at
    the first time; `only` brings just these places there. Raises `Refused` while another operation is under
    way, and with `only` after a deploy that was not ended, since that is taken back everywhere; `WrongWay`,
    and whatever `Twin.check` and `Twin.up` raise.
    """

    def say(text: str) -> None:
        progress("deploy", text)

    twin.check()
    with exclusively(twin.layout.folder, "up"):
        journal = Journal.load(twin.layout.folder)
        if only and journal is not None and journal.unfinished:
            raise Refused(_only_some(journal, only))
        choose(twin.layout.folder, by)
        if journal is not None and journal.unfinished:
            say(f"taking back the deploy of {journal.image}")
            with (
                suppress(OperationFailed, DockerException, RequestException),
                running_colours(RunningTwin(twin)) as colours,
            ):
                move_users(colours, journal.live, say, everywhere=True)
            choices = merged(twin.environment.choices, image_setting(journal.idle, journal.previous))
            twin = Twin(twin.client, replace(twin.environment, choices=without_nothing(choices)))
        brought = twin.up(progress, report, only)
        if journal is not None and not only:
            running = RunningTwin(twin)
            with running_colours(running) as colours:
                repair(running, colours, say)
    return brought


def _only_some(journal: Journal, only: Sequence[str]) -> Problem:
    return Problem(
        "--only",
        f"the deploy of {journal.image} was not ended",
        ", ".join(only),
        "every place, since a deploy is taken back in all of them",
        "bring the lost place back, then run `bicoastal up`",
    )
