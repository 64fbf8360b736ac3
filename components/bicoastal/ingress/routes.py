"""What the balancer listens to and where it sends it."""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum
from typing import NotRequired, TypedDict

from ..checks.problem import Problem
from ..checks.rules import ABSOLUTE_PATH, NAME, PORT, between
from ..settings import setting

HTTP_PORT = 8080
"""Where the edge comes in."""
API_PORT = 8081
"""Where Nginx's requests come in again, on the place's network alone."""
API_TIMEOUT_S = 50.0
"""How long the API may be silent: shorter than the edge's minute with two passes and Nginx between."""
ALIAS = "haproxy"
"""The name on the place's network that leads to all of its balancers."""
_SECONDS = between(0.05, 60, "seconds")
_COUNT = between(1, 10, "checks")


class CheckProtocol(Enum):
    """What a check speaks, and what it takes for a yes."""

    HTTP = "http"
    """A path, answered with 200. Default."""
    REDIS = "redis"
    """Redis over TLS, as its user `check`: a master that has a replica and so takes writes."""


class HealthCheckArgs(TypedDict):
    """How the balancer finds out where traffic may go."""

    path: NotRequired[str]
    """The path that a server answers with 200 while it may have traffic. For `http`, which needs it."""
    protocol: NotRequired[CheckProtocol]
    """`http` or, in a TCP route, `redis`. Default: `http`."""
    interval_s: NotRequired[float]
    """Seconds between checks, 0.05 to 60. Default: 0.5; measured, a switchover takes 1.6-1.9 s with it."""
    fast_interval_s: NotRequired[float]
    """Seconds between checks while a server's state is changing. Default: 0.25."""
    timeout_s: NotRequired[float]
    """Seconds until a check counts as failed. Default: 1."""
    fall: NotRequired[int]
    """Failures in a row until a server is down, 1 to 10. Default: 2."""
    rise: NotRequired[int]
    """Successes in a row until a server is up again, 1 to 10. Default: 1."""


class HttpRouteArgs(TypedDict):
    """HTTP to the tasks of a service in this place, found by Docker's DNS."""

    name: str
    """The route's name, unique in the balancer."""
    service: str
    """The service's name on the overlay network; it answers with all of its tasks."""
    port: int
    """The port that the tasks listen on, inside the network."""
    health: HealthCheckArgs
    """How tasks are checked."""
    listen: NotRequired[int]
    """The port that the balancer listens on. Default: 8080."""
    published: NotRequired[bool]
    """Whether that port is the host's too, for the edge, or the network's alone. Default: true."""
    tls_name: NotRequired[str]
    """The name in the certificate that a task must show, from the authority that the balancer trusts.
    Default: tasks speak without TLS."""
    colours: NotRequired[list[str]]
    """The services `<service>-<colour>` that stand for the one, a colour live at a time; the first is live
    until another is chosen at run time. Default: none, the service is one."""
    timeout_s: NotRequired[float]
    """Seconds that a task may be silent, 1 to 600. Default: 60."""
    slots: NotRequired[int]
    """The most tasks that it can balance, 1 to 100. Default: 10."""


class TcpServerArgs(TypedDict):
    """One server, by its fixed address, here or in another place."""

    name: str
    """Its name, unique in the route."""
    address: str
    """Its host's address."""
    port: int
    """The port for traffic."""
    check_port: int
    """The port for the check, over TLS, verified by the authority that the balancer trusts."""


class TcpRouteArgs(TypedDict):
    """TCP to whichever server passes the check; a server that stops doing so loses its sessions."""

    name: str
    """The route's name, unique in the balancer."""
    port: int
    """The port that the balancer listens on, in the network and on its host."""
    servers: list[TcpServerArgs]
    """Where it may send: members in all places."""
    health: HealthCheckArgs
    """How servers are checked."""


@dataclass(frozen=True, kw_only=True)
class HealthCheck:
    """How the balancer finds out where traffic may go, checked."""

    path: str | None = setting(ABSOLUTE_PATH, default=None)
    protocol: CheckProtocol = setting(default=CheckProtocol.HTTP)
    interval_s: float = setting(_SECONDS, default=0.5)
    fast_interval_s: float = setting(_SECONDS, default=0.25)
    timeout_s: float = setting(_SECONDS, default=1.0)
    fall: int = setting(_COUNT, default=2)
    rise: int = setting(_COUNT, default=1)

    @property
    def of_redis(self) -> bool:
        """Whether the check speaks Redis."""
        return self.protocol is CheckProtocol.REDIS

    def problems(self) -> Iterator[Problem]:
        """What is wrong between the fields."""
        if self.of_redis != (self.path is None):
            yield Problem(
                "path",
                "a check by Redis has no path" if self.of_redis else "missing",
                repr(self.path),
                "a path where the protocol is 'http', none where it is 'redis'",
                "name the path that is answered with 200, or the other protocol",
            )


@dataclass(frozen=True, kw_only=True)
class HttpRoute:
    """HTTP to the tasks of a service, checked."""

    name: str = setting(NAME)
    service: str = setting(NAME)
    port: int = setting(PORT)
    health: HealthCheck = setting()
    listen: int = setting(PORT, default=HTTP_PORT)
    published: bool = setting(default=True)
    tls_name: str | None = setting(NAME, default=None)
    colours: list[str] = setting(NAME, factory=list)
    timeout_s: float = setting(between(1, 600, "seconds"), default=60.0)
    slots: int = setting(between(1, 100, "tasks"), default=10)

    @property
    def services(self) -> list[str]:
        """The services behind it: one for each colour, or the one."""
        return [f"{self.service}-{colour}" for colour in self.colours] or [self.service]

    def problems(self) -> Iterator[Problem]:
        """What is wrong between the fields."""
        if self.health.of_redis:
            yield Problem(
                "health.protocol", "not for HTTP", "'redis'", "'http'", "make it a TCP route, or check a path"
            )


@dataclass(frozen=True, kw_only=True)
class TcpServer:
    """One server, checked."""

    name: str = setting(NAME)
    address: str = setting()
    port: int = setting(PORT)
    check_port: int = setting(PORT)


@dataclass(frozen=True, kw_only=True)
class TcpRoute:
    """TCP to whichever server may have it, checked."""

    name: str = setting(NAME)
    port: int = setting(PORT)
    servers: list[TcpServer] = setting()
    health: HealthCheck = setting()

    def problems(self) -> Iterator[Problem]:
        """What is wrong between the fields."""
        names = [server.name for server in self.servers]
        if not names or len(set(names)) < len(names):
            yield Problem(
                "servers", "none, or one twice", repr(names), "each server once", "name every server once"
            )
