"""Bringing a twin up, whatever somebody left behind in it."""

import time
from collections.abc import Callable, Sequence
from functools import cache

from ..operations.colours import TROUBLE
from ..operations.environment import Say
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
        if journal is not None and journal.unfinished and _regions(twin, only):
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
    if _unmoved(twin, journal, progress, only):
        twin.start(progress, only)
        if unmoved := _unmoved(twin, journal, progress, only, BALANCERS_LIMIT_S):
            progress("deploy", f"{unmoved}. So {journal.idle} keeps its image until the balancers are mended")
            twin.up(progress, report, only)
            if unmoved := _unmoved(twin, journal, progress, only):
                raise OperationFailed(
                    f"{unmoved}. So {journal.idle} keeps the image {journal.image}. Once the balancers"
                    f" answer: bicoastal up {twin.layout.name}"
                )
    if only:
        progress("deploy", f"to take it back everywhere: bicoastal up {twin.layout.name}")
    return twin.having(image_setting(journal.idle, journal.previous))


def _unmoved(
    twin: Twin, journal: Journal, progress: Progress, only: Sequence[str], limit_s: float = 0.0
) -> str:
    """Why users could not be sent back to the colour from before the deploy within the limit; empty when they
    were."""
    running = RunningTwin(twin)
    say = cache(lambda text: progress("deploy", text))  # each text once, however often it is tried
    left = _regions(twin, only)
    deadline = time.monotonic() + limit_s
    while True:
        troubles = {region: _trouble(running, region, journal.live, say) for region in left}
        left = [region for region in left if troubles[region]]
        if not left or time.monotonic() >= deadline:
            return "; ".join(troubles[region] for region in left)
        time.sleep(1)


def _regions(twin: Twin, only: Sequence[str]) -> list[str]:
    regions = [place.name for place in twin.environment.topology.regions]
    return [name for name in regions if name in only or not only]


def _trouble(running: RunningTwin, region: str, colour: str, say: Say) -> str:
    """Why the region's users could not be sent to the colour; a lost region holds up no other."""
    try:
        with running_colours(running, [region]) as colours:
            return move_users(colours, colour, say, everywhere=True)
    except TROUBLE as trouble:
        return f"{region}: users could not be sent to {colour}: {trouble}"
