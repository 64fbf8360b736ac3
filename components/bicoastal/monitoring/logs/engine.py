"""The engine that a collector reads logs from."""

from dataclasses import dataclass
from typing import Any, NotRequired, TypedDict

from ...checks.rules import between, matching
from ...checks.services import ENGINE_SOCKET
from ...engine_api import ENGINE_GROUP
from ...settings import setting

REASON = "The engine alone tells of every container's logs and of which service it is a task."


class EngineArgs(TypedDict):
    """The engine of the hosts, as whoever reads containers' logs reaches it."""

    socket: NotRequired[str]
    """Its socket on the host, absolute. Default: `/run/docker.sock`."""
    group: NotRequired[int]
    """The number of the group that may use the socket, 1 to 999999999. Default: 2375, which `SwarmHosts`
    makes; on other hosts `stat -c %g /run/docker.sock` tells it."""
    storage_driver: NotRequired[str]
    """The driver that the engine keeps images with, as `docker info` names it; asked for by containers'
    metrics. Default: `overlay2`."""


@dataclass(frozen=True, kw_only=True)
class Engine:
    """The engine of the hosts, checked."""

    socket: str = setting(ENGINE_SOCKET, default="/run/docker.sock")
    group: int = setting(between(1, 999_999_999, "(a group's number)"), default=ENGINE_GROUP)
    storage_driver: str = setting(
        matching(r"[a-z0-9-]{1,40}", "lower-case letters, digits and hyphens", "use one such as 'overlay2'"),
        default="overlay2",
    )

    @property
    def handed_in(self) -> dict[str, Any]:
        """The socket, as a container service is given it."""
        return {"path": self.socket, "reason": REASON}
