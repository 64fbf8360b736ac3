"""The API's two colours as a deploy sees them: who is live, how one's tasks fare, what users are told."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from docker.errors import DockerException

from ..application.route import Colour
from .refusal import OperationFailed

COLOURS = tuple(colour.value for colour in Colour)
TROUBLE = (OperationFailed, DockerException, OSError)
"""What is raised when a region's engine or balancer does not do what it is asked; a broken connection, by
whichever library, is an OSError."""


def other(colour: str) -> str:
    """The colour that this one is not."""
    return COLOURS[1 - COLOURS.index(colour)]


@dataclass(frozen=True)
class Failure:
    """A task that ended, or was refused by its engine."""

    task: str
    """Its id."""
    image: str
    why: str
    """The engine's word and the task's last log lines."""


@dataclass(frozen=True)
class Tasks:
    """The tasks of one colour in one region at one moment."""

    image: str
    """What the service declares."""
    wanted: int
    healthy: frozenset[str] = field(default_factory=frozenset)
    """The ids of those that run what is declared and have passed their health check."""
    failures: tuple[Failure, ...] = ()
    """The newest of those that failed, of whatever image."""
    taken_back: str = ""
    """What Swarm says when it has given up an update by itself; empty when it has not."""
    updating: bool = False
    """Whether Swarm is still at work on an update."""


@dataclass(frozen=True)
class Traffic:
    """What the balancers of one region have counted for one colour since they started."""

    requests: int = 0
    errors: int = 0
    """Answers with a 5xx status, those that a balancer gave for want of a task among them."""
    open: int = 0
    """Requests that are being answered at this moment."""

    def since(self, earlier: "Traffic") -> "Traffic":
        """What was counted after `earlier`; a balancer that was restarted in between counts from nothing."""
        return Traffic(
            max(0, self.requests - earlier.requests), max(0, self.errors - earlier.errors), self.open
        )

    @property
    def error_share(self) -> float:
        """The part of the requests that failed, 0 to 1."""
        return self.errors / self.requests if self.requests else 0.0

    def unusual_errors(self, usual: "Traffic") -> int:
        """The errors beyond the part of the requests that failed in `usual`."""
        return max(0, self.errors - round(usual.error_share * self.requests))


class Colours(Protocol):
    """The colours of an environment that runs."""

    @property
    def regions(self) -> Sequence[str]:
        """The regions, the one with the primary last: fewest users are where a switch begins."""

    def live(self, *regions: str) -> Mapping[str, str]:
        """The colour that each balancer of these regions, or of all, sends users to, by
        `<region>/<balancer>`."""

    def show(self, region: str, colour: str) -> None:
        """Send the region's users to this colour, by every balancer of the region; an error unless each
        says that it does."""

    def tasks(self, region: str, colour: str) -> Tasks:
        """The colour's tasks, as the region's engine tells."""

    def unready(self, region: str, colour: str) -> str:
        """Why users cannot be sent to the colour yet, asked at each of its tasks and at the balancers; empty
        when they can."""

    def traffic(self, region: str, colour: str) -> Traffic:
        """What the region's balancers have counted for the colour."""
