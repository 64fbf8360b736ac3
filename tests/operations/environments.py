"""A running environment whose cluster does what a test says."""

from contextlib import contextmanager
from pathlib import Path

import httpx

from bicoastal.database import PostgresCluster
from bicoastal.operations.cluster import ClusterState, MemberState
from bicoastal.settings import read
from bicoastal.topology import Topology
from tests.library.samples import topology

NAMES = ("east-postgres-1", "east-postgres-2", "west-postgres-1", "west-postgres-2")


def member(name: str, role: str = "replica", state: str | None = None, timeline: int = 1) -> MemberState:
    told = state or ("running" if role == "leader" else "streaming")
    return MemberState(name, name.partition("-")[0], role, told, timeline, 0)


def state(leader: str | None, *synchronous: str, **states: str) -> ClusterState:
    """The four members; `states` are by name with underscores."""
    roles = {leader: "leader", **dict.fromkeys(synchronous, "sync_standby")}
    return ClusterState(
        tuple(member(name, roles.get(name, "replica"), states.get(name.replace("-", "_"))) for name in NAMES)
    )


class Cluster:
    """A cluster that hands over at once, unless told otherwise."""

    def __init__(self, now: ClusterState) -> None:
        self.now = now
        self.later: list[ClusterState] = []
        self.asked: list[tuple[str, str | None]] = []
        self.refusals = 0
        self.deaf: set[str] = set()
        self.never_redundant = False

    def state(self) -> ClusterState:
        if self.later:
            self.now = self.later.pop(0)
        return self.now

    def switch_over(self, place: str, name: str | None = None) -> str:
        self.asked.append((place, name))
        if len(self.asked) <= self.refusals:
            raise httpx.HTTPError("412: candidate name does not match with sync_standby")
        found = self.now.candidate(place, name)
        neighbour = next(n for n in NAMES if n != found.name and n.startswith(place))
        other = next(n for n in NAMES if not n.startswith(place))
        self.now = state(found.name, neighbour, other)
        return "Successfully switched over"

    def is_primary(self, name: str) -> bool:
        return self.now.leader is not None and self.now.leader.name == name

    def answers(self, name: str) -> bool:
        return name not in self.deaf

    def redundant(self) -> bool:
        return not self.never_redundant and self.now.copy_elsewhere

    def close(self) -> None:
        pass


class FakeEnvironment:
    """An environment of two regions and a witness."""

    name = "local"

    def __init__(self, folder: Path, now: ClusterState | None = None) -> None:
        self.folder = folder
        self.topology = read(Topology, topology(), "The topology")
        self.database = read(PostgresCluster, {}, "The cluster")
        self.the_cluster = Cluster(now or state("east-postgres-1", "east-postgres-2", "west-postgres-1"))
        self.lost: dict[str, str] = {}
        self.settings: dict = {"api": {"replicas": 2}}
        self.applied: list[dict] = []
        self.waited = 0

    def unreachable(self, place: str) -> str | None:
        return self.lost.get(place)

    def cluster(self) -> Cluster:
        return self.the_cluster

    @contextmanager
    def engines(self, places):
        yield {}

    def check(self, settings) -> None:
        pass

    def apply(self, settings, say):
        self.applied.append(settings)
        return ["east/local_api"]

    def wait_until_healthy(self, say) -> None:
        self.waited += 1
