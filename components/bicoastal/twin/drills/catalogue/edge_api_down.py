"""A region is lost while no control plane can be reached."""

from contextlib import ExitStack
from functools import partial
from pathlib import Path

from ...engine import refusal
from ...twin import Twin
from ..outcome import Measure, Outcome
from ..registry import Drill
from ..stage import Stage

HIDDEN = ".hidden"


def play(stage: Stage) -> Outcome:
    """Kill the home region while the Swarm managers of every place refuse all calls.

    It shows that the failover needs none of them: promotion is by lease, the edge goes by what its probes
    see, and the drill itself asks nobody between the fault and the recovery. The sockets of the engines are
    taken away, as a dead manager's would be; tasks run on.

    What it does not show: outside the killed region the managers live on, unreachable. The edge's stand-in
    has no control interface that could be missed: that the real edge's data plane lives without its own is
    its vendor's promise. An engine that is dead as a whole (it serves the places' names) is another fault.
    """
    twin, home = stage.twin, stage.home
    with stage.users():
        phase_s = stage.random_phase()
        for place in twin.layout.places:
            stage.strike(
                f"no control of {place}", partial(_hide, twin, place), repair=partial(_show, twin, place)
            )
        at = stage.strike(
            f"{home} killed", partial(twin.places.kill, home), repair=partial(twin.places.revive, home)
        )
        answering = Measure("control planes that answer", _answering(twin), 0, "places")
        gaps = stage.gaps(stage.recovered(at), stage.budget_s)
        redundancy = stage.redundancy_since(stage.heal(f"{home} and all control back"))
    return stage.outcome([answering, *gaps, *stage.lost(), redundancy], {"phase_s": phase_s})


def _socket(twin: Twin, place: str) -> Path:
    return twin.layout.place(place).socket


def _hide(twin: Twin, place: str) -> None:
    socket = _socket(twin, place)
    socket.rename(socket.with_name(socket.name + HIDDEN))


def _show(twin: Twin, place: str) -> None:
    socket = _socket(twin, place)
    hidden = socket.with_name(socket.name + HIDDEN)
    # A region that was killed makes its own anew.
    with ExitStack() as rest:
        rest.callback(hidden.unlink, missing_ok=True)
        if hidden.exists() and not socket.exists():
            hidden.rename(socket)


def _answering(twin: Twin) -> int:
    return sum(not refusal(_socket(twin, place)) for place in twin.layout.places)


DRILL = Drill(
    "edge-api-down",
    "Lose the primary's region with every control plane out of reach: the edge fails over by health alone.",
    play,
)
