"""What listens in a place's network, and who calls it: each rule of a security group comes from here."""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum
from typing import NotRequired, TypedDict

from ..checks.network import ports_ascend
from ..checks.problem import Problem
from ..checks.rules import NAME, PORT
from ..settings import setting


class Role(Enum):
    """What something in the network is there for. A host carries the group of its part in the Swarm and the
    group of each role that its services have."""

    BALANCER = "balancer"
    """What the edge reaches: a load balancer in the public subnets, or a host with a public address."""
    MANAGER = "manager"
    """A host that manages the Swarm."""
    WORKER = "worker"
    """Any other host of the Swarm."""
    DATABASE = "database"
    """A host of Postgres members."""
    CACHE = "cache"
    """A host of Redis and its Sentinel."""
    CONSENSUS = "consensus"
    """A host of a voter."""
    MANAGED_DATABASE = "managed_database"
    """Postgres that the cloud runs."""
    MANAGED_CACHE = "managed_cache"
    """Redis that the cloud runs."""
    ENDPOINTS = "endpoints"
    """The endpoints of the cloud's services."""


HOSTS = [Role.MANAGER, Role.WORKER]
"""Every host is one of these."""
WITNESS_ROLES = [Role.MANAGER, Role.WORKER, Role.CACHE, Role.CONSENSUS, Role.ENDPOINTS]
"""What there is in a place that serves no users."""


class Protocol(Enum):
    """A protocol with ports."""

    TCP = "tcp"
    """With connections."""
    UDP = "udp"
    """Single datagrams."""


class ListenerArgs(TypedDict):
    """Ports that something listens on."""

    name: str
    """What listens, such as `postgres`: 1 to 40 lower-case letters, digits and hyphens."""
    roles: list[Role]
    """Where it listens."""
    callers: list[Role]
    """Who calls it; nobody else may."""
    port: int
    """The port, 1 to 65535."""
    last_port: NotRequired[int]
    """The last of several ports in a row, 1 to 65535. Default: `port`."""
    protocol: NotRequired[Protocol]
    """`tcp` or `udp`. Default: `tcp`."""
    across_places: NotRequired[bool]
    """Whether callers in another place that has the role may, too, by its network's range. Default: false."""


@dataclass(frozen=True, kw_only=True)
class Listener:
    """Ports that something listens on, checked."""

    name: str = setting(NAME)
    roles: list[Role]
    callers: list[Role]
    port: int = setting(PORT)
    last_port: int | None = setting(PORT, default=None)
    protocol: Protocol = setting(default=Protocol.TCP)
    across_places: bool = setting(default=False)

    @property
    def to_port(self) -> int:
        """The last of its ports."""
        return self.last_port or self.port

    def problems(self) -> Iterator[Problem]:
        """What is wrong between the fields."""
        yield from ports_ascend(self.port, self.last_port)


def _swarm(name: str, port: int, protocol: Protocol = Protocol.TCP) -> Listener:
    return Listener(name=name, roles=HOSTS, callers=HOSTS, port=port, protocol=protocol)


def _across(name: str, role: Role, callers: list[Role], port: int, last_port: int | None = None) -> Listener:
    return Listener(
        name=name, roles=[role], callers=callers, port=port, last_port=last_port, across_places=True
    )


WATCHERS = [
    # All that watches, Prometheus first and Postgres' exporters last, asked by watchers on numbered hosts,
    # which manage. One range, since each port on its own would be a hundred rules more, and each asks for a
    # watcher's certificate.
    Listener(
        name="watchers",
        roles=HOSTS,
        callers=[Role.MANAGER],
        port=9090,
        last_port=9191,
        across_places=True,
    ),
    # A pair's second Prometheus asks it. People come by a tunnel through its host.
    Listener(name="grafana", roles=[Role.MANAGER], callers=[Role.MANAGER], port=3000),
    # Collectors on every host send to it, the witness's too; watchers ask it.
    Listener(name="loki", roles=[Role.MANAGER], callers=HOSTS, port=3100, across_places=True),
    # What collects logs, asked as the watchers are.
    Listener(name="collectors", roles=HOSTS, callers=[Role.MANAGER], port=12345, across_places=True),
    Listener(
        name="haproxy-watchers",
        roles=[Role.BALANCER],
        callers=[Role.MANAGER],
        port=8404,
        across_places=True,
    ),
]
LISTENERS = [
    Listener(name="swarm", roles=[Role.MANAGER], callers=HOSTS, port=2377),
    _swarm("gossip", 7946),
    _swarm("gossip-udp", 7946, Protocol.UDP),
    _swarm("overlay", 4789, Protocol.UDP),
    Listener(name="haproxy", roles=HOSTS, callers=[Role.BALANCER], port=8080),
    # As many ports as a region may have members; a balancer, on any host, calls them in both regions.
    _across("postgres", Role.DATABASE, HOSTS, 5433, 5437),
    _across("patroni", Role.DATABASE, HOSTS, 8008, 8012),
    # Patroni calls it, and what keeps the leader in its place.
    _across("etcd", Role.CONSENSUS, [Role.DATABASE, Role.CONSENSUS], 2379),
    _across("etcd-peers", Role.CONSENSUS, [Role.CONSENSUS], 2380),
    _across("redis", Role.CACHE, HOSTS, 6380),
    _across("sentinel", Role.CACHE, [Role.CACHE], 26379),
    _across("postgres", Role.MANAGED_DATABASE, HOSTS, 5432),
    _across("redis", Role.MANAGED_CACHE, HOSTS, 6379),
    Listener(name="https", roles=[Role.ENDPOINTS], callers=HOSTS, port=443),
    *WATCHERS,
]
"""What the stack's own parts listen on. The ports stand here as data, since a network knows no room; a test
holds them to the rooms' own."""

PUBLIC_PORTS = {"http": 80, "https": 443}
"""Where the edge may come in, and hosts may go out."""
