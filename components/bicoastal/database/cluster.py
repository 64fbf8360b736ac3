"""The Postgres cluster as a whole: what all its members, wherever they are, agree on."""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum
from typing import NotRequired, TypedDict

from ..checks import database as checks
from ..checks.problem import Problem
from ..checks.rules import NAME, between
from ..settings import setting
from ..topology import Topology
from .timing import TIMINGS, Timing, TimingProfile

FIRST_PORT = 5433
"""Postgres' port of a region's first member on its host; the next has the next. 5432 is the balancer's."""
FIRST_REST_PORT = 8008
"""Patroni's port of a region's first member on its host."""


OWN_PARAMETERS = (
    r"ssl.*|wal_level|wal_log_hints|wal_keep_size|wal_sender_.*|wal_receiver_.*|max_wal_senders|max_replication_slots|max_slot_wal_keep_size|hot_standby.*|synchronous_.*"
    r"|fsync|full_page_writes|data_checksums|primary_.*|recovery_.*|restore_command|archive_.*|listen_addresses"
    r"|port|unix_socket_directories|password_encryption|cluster_name|track_commit_timestamp|bicoastal\..*"
)
"""What the cluster sets itself, as a pattern for whole names."""


class ReplicationMode(Enum):
    """What a commit waits for, so what a lost region can cost."""

    ASYNC = "async"
    """Nothing: what had not reached another member is lost, up to the lag bound."""
    SYNC = "sync"
    """Copies, one of them always in the other region; with no standby left it goes on alone. Default."""
    STRICT = "strict"
    """Copies, always: with no standby left, writes stop."""


class PostgresClusterArgs(TypedDict):
    """What all members agree on."""

    name: NotRequired[str]
    """The cluster's name in the consensus store. Default: `main`. A change makes a new, empty cluster."""
    mode: NotRequired[ReplicationMode]
    """`async`, `sync` or `strict`. Default: `sync`."""
    timing: NotRequired[TimingProfile]
    """`wan` or `fast`. Default: `wan`."""
    members_per_region: NotRequired[int]
    """1 to 5. Default: 2."""
    synchronous_copies: NotRequired[int]
    """How many standbys a commit waits for in `sync` and `strict`, 1 to 9, and always more than the primary
    has neighbours in its region. Default: as many as `members_per_region`."""
    start_timeout_s: NotRequired[int]
    """Seconds that a crashed primary has to come back before another is promoted, 10 to 15. Default: 10.
    Patroni's own default of 300 would be five minutes of downtime."""
    maximum_lag_bytes: NotRequired[int]
    """A standby further behind than this is not promoted, 0 to 1073741824. Default: 1048576. In `async` it
    bounds what can be lost; in a synchronous mode a member that holds every acknowledged row has no lag that
    counts."""
    maximum_slot_wal_mb: NotRequired[int]
    """MiB of WAL kept for a standby that is away, 64 to 1048576. Default: 1024. Beyond it the standby is
    cloned anew instead of filling the primary's disk."""
    parameters: NotRequired[dict[str, str]]
    """Further Postgres parameters. Default: none. Those for TLS, durability, replication and recovery are
    the cluster's own and refused: they would undo the mode that is declared."""
    database: NotRequired[str]
    """The application's database. Default: `application`. Made once, with the cluster."""
    role: NotRequired[str]
    """The application's role, owner of its database. Default: `application`."""


@dataclass(frozen=True)
class Member:
    """One Postgres member, as its peers and clients know it."""

    name: str
    place: str
    number: int
    host: int
    address: str
    port: int
    rest_port: int

    @property
    def service(self) -> str:
        """Its service's short name, unique in its place."""
        return f"postgres-{self.number}"


@dataclass(frozen=True, kw_only=True)
class PostgresCluster:
    """What all members agree on, checked."""

    name: str = setting(NAME, default="main")
    mode: ReplicationMode = setting(default=ReplicationMode.SYNC)
    timing: TimingProfile = setting(default=TimingProfile.WAN)
    members_per_region: int = setting(between(1, 5, "members"), default=2)
    synchronous_copies: int | None = setting(between(1, 9, "copies"), default=None)
    start_timeout_s: int = setting(between(10, 15, "seconds"), default=10)
    maximum_lag_bytes: int = setting(between(0, 1 << 30, "bytes"), default=1 << 20)
    maximum_slot_wal_mb: int = setting(between(64, 1 << 20, "MiB"), default=1024)
    parameters: dict[str, str] = setting(factory=dict)
    database: str = setting(NAME, default="application")
    role: str = setting(NAME, default="application")

    @property
    def clocks(self) -> Timing:
        """The seconds behind the timing profile."""
        return TIMINGS[self.timing]

    @property
    def synchronous(self) -> bool:
        """Whether a commit waits for a standby."""
        return self.mode is not ReplicationMode.ASYNC

    @property
    def copies(self) -> int:
        """How many standbys a commit waits for in a synchronous mode."""
        return self.synchronous_copies or self.members_per_region

    def problems(self) -> Iterator[Problem]:
        """What is wrong between the fields."""
        clocks = self.clocks
        yield from checks.parameters_are_free(self.parameters, OWN_PARAMETERS)
        yield from checks.lease_outlives_retries(clocks.ttl_s, clocks.loop_wait_s, clocks.retry_timeout_s)
        yield from checks.another_region_holds_a_copy(self.synchronous, self.copies, self.members_per_region)
        yield from checks.enough_members_for_copies(
            self.synchronous, self.copies, 2 * self.members_per_region
        )

    def members(self, topology: Topology) -> list[Member]:
        """Every member of the cluster: known from the topology before anything exists."""
        return [
            Member(
                name=f"{region.name}-postgres-{number}",
                place=region.name,
                number=number,
                host=(number - 1) % region.hosts,
                address=region.address((number - 1) % region.hosts),
                port=FIRST_PORT + number - 1,
                rest_port=FIRST_REST_PORT + number - 1,
            )
            for region in topology.regions
            for number in range(1, self.members_per_region + 1)
        ]
