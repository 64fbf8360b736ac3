"""Bringing a twin up, whatever somebody left behind in it."""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace

from docker.errors import DockerException
from requests.exceptions import RequestException

from ..operations.journal import Journal
from ..operations.lock import exclusively
from ..operations.refusal import OperationFailed
from ..operations.repair import image_setting, move_users, repair
from ..operations.running_colours import running_colours
from .choices import merged, without_nothing
from .health import ServiceHealth
from .places import Progress
from .running import RunningTwin
from .twin import Brought, Twin


def bring_up(twin: Twin, progress: Progress, report: Callable[[list[ServiceHealth]], None]) -> Brought:
    """Bring the twin to what is declared; a deploy that was not ended is taken back on the way.

    Users go back before the image does, where balancers run. Raises `Refused` while another operation is
    under way, and whatever `Twin.check` and `Twin.up` raise.
    """

    def say(text: str) -> None:
        progress("deploy", text)

    twin.check()
    with exclusively(twin.layout.folder, "up"):
        journal = Journal.load(twin.layout.folder)
        if journal is not None and journal.unfinished:
            say(f"taking back the deploy of {journal.image}")
            with (
                suppress(OperationFailed, DockerException, RequestException),
                running_colours(RunningTwin(twin)) as colours,
            ):
                move_users(colours, journal.live, say, everywhere=True)
            choices = merged(twin.environment.choices, image_setting(journal.idle, journal.previous))
            twin = Twin(twin.client, replace(twin.environment, choices=without_nothing(choices)))
        brought = twin.up(progress, report)
        if journal is not None:
            running = RunningTwin(twin)
            with running_colours(running) as colours:
                repair(running, colours, say)
    return brought
