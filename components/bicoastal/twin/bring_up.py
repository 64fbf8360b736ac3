"""Bringing a twin up, whatever somebody left behind in it."""

import time
from collections.abc import Callable, Sequence
from functools import cache

from ..operations.colours import TROUBLE
from ..operations.journal import Journal
from ..operations.lock import exclusively
from ..operations.refusal import OperationFailed
from ..operations.repair import image_setting, move_users, repair
from ..operations.running_colours import running_colours
from .apply import Way, choose
from .health import ServiceHealth
from .places import Progress
from .running import RunningTwin
from .twin import Brought, Twin

BALANCERS_LIMIT_S = 60.0
"""Seconds that the balancers of a place which was just started may take to answer."""


def bring_up(
    twin: Twin,
    progress: Progress,
    report: Callable[[list[ServiceHealth]], None],
    *,
    by: Way | None = None,
    only: Sequence[str] = (),
) -> Brought:
    """Bring the twin to what is declared; a deploy that was not ended is taken back on the way.

    Users go back before the image does. `by` asks for a way of applying, which counts at the first time;
    `only` brings just these places there, and takes a deploy back in them alone: it stays open until an `up`
    of all places. Raises `Refused` while another operation is under way; `OperationFailed` when users cannot
    be moved off an image that is to go; `WrongWay`, and whatever `Twin.check` and `Twin.up` raise.
    """

    def say(text: str) -> None:
        progress("deploy", text)

    twin.check()
    with exclusively(twin.layout.folder, "up"):
        twin = twin.reloaded()
        journal = Journal.load(twin.layout.folder)
        choose(twin.layout.folder, by)
        if journal is not None and journal.unfinished:
            twin = _taken_back(twin, journal, progress, report, only)
        brought = twin.up(progress, report, only)
        if journal is not None and not only:
            running = RunningTwin(twin)
            with running_colours(running) as colours:
                repair(running, colours, say)
    return brought


def _taken_back(
    twin: Twin,
    journal: Journal,
    progress: Progress,
    report: Callable[[list[ServiceHealth]], None],
    only: Sequence[str],
) -> Twin:
    """The twin as it is to be without the deploy, once no users are on the deploy's image any more."""
    where = ", ".join(only) or "every place"
    progress("deploy", f"taking back the deploy of {journal.image} in {where}")
    twin.start(progress, only)
    if unmoved := _unmoved(twin, journal, progress, only):
        progress("deploy", f"{unmoved}. So {journal.idle} keeps its image until the balancers are mended")
        twin.up(progress, report, only)
        if unmoved := _unmoved(twin, journal, progress, only):
            raise OperationFailed(f"{unmoved}. So {journal.idle} keeps the image {journal.image}")
    if only:
        progress("deploy", f"to take it back everywhere: bicoastal up {twin.layout.name}")
    return twin.having(image_setting(journal.idle, journal.previous))


def _unmoved(twin: Twin, journal: Journal, progress: Progress, only: Sequence[str]) -> str:
    """Why users could not be sent back to the colour from before the deploy; empty when they were."""
    running = RunningTwin(twin)
    if only and not any(running.topology.is_region(place) for place in only):
        return ""
    say = cache(lambda text: progress("deploy", text))  # each text once, however often it is tried
    deadline = time.monotonic() + BALANCERS_LIMIT_S
    while True:
        try:
            with running_colours(running, only) as colours:
                unmoved = move_users(colours, journal.live, say, everywhere=True)
        except TROUBLE as trouble:
            unmoved = str(trouble)
        if not unmoved or time.monotonic() >= deadline:
            return unmoved
        time.sleep(1)
