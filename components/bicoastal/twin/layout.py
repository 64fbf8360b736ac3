"""Where a twin's parts live: names, folders, addresses and ports, all computed from the twin's name.

Nothing is looked up or stored, so `up`, `down` and `status` agree without asking one another. A hash of the
name picks one of 1,000 slots. Slot *s* is the WAN `10.200.0.0 + s * 256` (a /24 within 10.200.0.0/14) and the
ten loopback ports from `20000 + 10 * s`. Two names may share a slot; then the second twin is refused by
`Places.check_free` and needs another name.
"""

import hashlib
import ipaddress
import os
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from ..address_plan import FIRST_HOST
from ..checks.problem import Problem

TWINS_SPACE = ipaddress.IPv4Network("10.200.0.0/14")
"""All twins' networks lie in here."""
SLOTS = 1000
FIRST_PORT = 20_000
PORTS_PER_TWIN = 10

PLACES = ("east", "west", "witness")
TWIN_LABEL = "io.bicoastal.twin"
PLACE_LABEL = "io.bicoastal.place"
PROJECT_LABEL = "io.bicoastal.project"

_NAME = re.compile(r"[a-z][a-z0-9-]{0,19}")
_LONGEST_SOCKET_PATH = 100
"""Bytes; the kernel's limit for a unix socket's path is 107."""


class NotATwinName(ValueError):
    """The name cannot name a twin."""


@dataclass(frozen=True)
class PlaceLayout:
    """Where one place of a twin lives."""

    name: str
    """`east`, `west` or `witness`."""
    container: str
    """The container that is the place."""
    volume: str
    """The volume with the data of the place's engine."""
    subnet: ipaddress.IPv4Network
    """The place's part of the WAN; its one host has address number 10."""
    socket: Path
    """The socket of the place's engine, on this machine."""

    @property
    def address(self) -> str:
        """The address of the place's host, the same as `Place.address()` of the topology gives."""
        return str(self.subnet[FIRST_HOST])

    @property
    def docker_host(self) -> str:
        """The place's engine as DOCKER_HOST names it."""
        return f"unix://{self.socket}"


@dataclass(frozen=True)
class TwinLayout:
    """Where everything of one twin lives."""

    name: str
    folder: Path
    """What the twin keeps on disk: state, credentials."""
    slot: int
    """0 to 999, from the name's hash."""
    runtime: Path
    """The folder of sockets; gone with the twin."""

    @classmethod
    def named(cls, name: str, project_folder: Path) -> "TwinLayout":
        """The layout of the twin `name` whose files live in `<project_folder>/.twins/<name>`.

        Raises `NotATwinName` for a name that Docker or the kernel would refuse later.
        """
        if not _NAME.fullmatch(name):
            allowed = "1 to 20 lower-case letters, digits and hyphens, beginning with a letter"
            raise NotATwinName(
                str(Problem("twin", "not a twin's name", repr(name), allowed, "use one such as 'local'"))
            )
        digest = hashlib.sha256(name.encode()).digest()
        layout = cls(
            name=name,
            folder=project_folder.absolute() / ".twins" / name,
            slot=int.from_bytes(digest[:8], "big") % SLOTS,
            runtime=_runtime_folder() / name,
        )
        layout._refuse_long_sockets()
        return layout

    @property
    def labels(self) -> Mapping[str, str]:
        """What marks every container, volume and network as this twin's."""
        return {TWIN_LABEL: self.name}

    @property
    def project(self) -> Path:
        """The folder of the project that the twin is of."""
        return self.folder.parent.parent

    @property
    def marks(self) -> Mapping[str, str]:
        """What a new container or volume carries: the twin's labels, and whose twin it is."""
        return {**self.labels, PROJECT_LABEL: str(self.project)}

    @property
    def wan(self) -> ipaddress.IPv4Network:
        """The network that the places share."""
        return ipaddress.IPv4Network((int(TWINS_SPACE.network_address) + self.slot * 256, 24))

    @property
    def gateway(self) -> str:
        """This machine's own address in the WAN."""
        return str(self.wan[1])

    @property
    def network(self) -> str:
        """The name of the WAN."""
        return f"bicoastal-{self.name}-wan"

    @property
    def edge_address(self) -> str:
        """The edge's address in the WAN, outside every place's subnet."""
        return str(self.wan[2])

    @property
    def edge_container(self) -> str:
        """The name of the edge's container."""
        return f"bicoastal-{self.name}-edge"

    @property
    def receiver_address(self) -> str:
        """The address in the WAN of the stand-in that is told of alerts, outside every place's subnet."""
        return str(self.wan[3])

    @property
    def receiver_container(self) -> str:
        """The name of its container, and of the volume with what it was told."""
        return f"bicoastal-{self.name}-alert-receiver"

    @property
    def ports(self) -> range:
        """The loopback ports of this machine that are the twin's; the edge and the receiver of alerts publish
        on them."""
        first = FIRST_PORT + PORTS_PER_TWIN * self.slot
        return range(first, first + PORTS_PER_TWIN)

    @property
    def places(self) -> Mapping[str, PlaceLayout]:
        """Each place's layout by its name."""
        subnets = list(self.wan.subnets(new_prefix=28))[1:]
        return {
            place: PlaceLayout(
                name=place,
                container=f"bicoastal-{self.name}-{place}",
                volume=f"bicoastal-{self.name}-{place}-docker",
                subnet=subnet,
                socket=self.runtime / place / "docker.sock",
            )
            for place, subnet in zip(PLACES, subnets, strict=False)
        }

    def place(self, name: str) -> PlaceLayout:
        """The layout of one place; KeyError when there is none of that name."""
        return self.places[name]

    def _refuse_long_sockets(self) -> None:
        longest = max((str(place.socket) for place in self.places.values()), key=len)
        if len(longest.encode()) > _LONGEST_SOCKET_PATH:
            problem = Problem(
                "XDG_RUNTIME_DIR",
                "too long for a unix socket in it",
                longest,
                f"at most {_LONGEST_SOCKET_PATH} bytes in all",
                "set XDG_RUNTIME_DIR to a shorter path",
            )
            raise NotATwinName(str(problem))


def labelled(labels: Mapping[str, str]) -> dict[str, str | list[str] | bool]:
    """The engine API's filter for whatever carries all these labels."""
    return {"label": [f"{key}={value}" for key, value in labels.items()]}


def _runtime_folder() -> Path:
    if os.getuid() == 0:
        return Path("/run/bicoastal")
    shared = "/tmp"  # noqa: S108 the folder in it is refused unless it is this user's own
    return Path(os.environ.get("XDG_RUNTIME_DIR") or shared) / f"bicoastal-{os.getuid()}"
