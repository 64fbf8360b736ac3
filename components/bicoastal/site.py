"""Where one piece of the stack runs: its place, and what it shares with its neighbours."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import NotRequired, TypedDict

import pulumi

from .checks.problem import Problem
from .checks.rules import NAME, PASSWORD, STACK_NAME
from .settings import setting
from .topology import Place, Topology, TopologyArgs

WORKER_LABEL = "role=worker"
"""What the engine of a host is labelled with that has no number and takes what runs on every worker."""


class SiteArgs(TypedDict):
    """Where a regional component runs."""

    topology: TopologyArgs
    """All places: what runs in another one is known as an address."""
    place: str
    """The name of the place that this piece belongs to."""
    rotation_key: pulumi.Input[str]
    """A secret of 16 to 512 characters, one per stack. The names of Swarm secrets carry an HMAC under it."""
    network_id: NotRequired[pulumi.Input[str]]
    """The overlay network of the place. Default: none, for what only listens on its host's ports."""
    stack: NotRequired[str]
    """The first part of every Swarm name, `<stack>_<service>`: 1 to 20 lower-case letters, digits and
    hyphens. Default: the Pulumi stack's name."""


@dataclass(frozen=True, kw_only=True)
class Site:
    """Where a regional component runs, checked."""

    topology: Topology
    place: str = setting(NAME)
    rotation_key: pulumi.Input[str] = setting(PASSWORD)
    network_id: pulumi.Input[str] | None = setting(default=None)
    stack: str = setting(STACK_NAME, factory=pulumi.get_stack)

    @property
    def here(self) -> Place:
        """The place itself."""
        return self.topology.place(self.place)

    def swarm_name(self, service: str) -> str:
        """`<stack>_<service>`: the same name however the stack is applied."""
        return f"{self.stack}_{service}"

    def constraints_on(self, host: int) -> list[str]:
        """The placement on the host with this number: every engine carries its number as a label."""
        return [f"engine.labels.host=={host}"]

    @property
    def constraints_on_workers(self) -> list[str]:
        """The placement on workers, by the label of their engines."""
        return [f"engine.labels.{WORKER_LABEL.replace('=', '==')}"]

    def problems_outside_regions(self, why: str) -> Iterator[Problem]:
        """What is wrong where something belongs into a region; `why` says what to do instead."""
        if not self.topology.is_region(self.place):
            regions = ", ".join(region.name for region in self.topology.regions)
            yield Problem("site.place", "is not a region", repr(self.place), regions, why)

    def problems(self) -> Iterator[Problem]:
        """What is wrong between the fields."""
        names = [place.name for place in self.topology.places]
        if self.place not in names:
            yield Problem("place", "no such place", repr(self.place), ", ".join(names), "name one of these")
