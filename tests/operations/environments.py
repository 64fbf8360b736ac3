"""A running environment whose cluster does what a test says."""

from collections.abc import Sequence
from contextlib import contextmanager
from copy import copy
from pathlib import Path

import httpx
from docker.errors import DockerException

from bicoastal.checks.problem import Problem
from bicoastal.database import PostgresCluster
from bicoastal.operations.cluster import ClusterState, MemberState
from bicoastal.operations.colours import Failure, Tasks, Traffic, other
from bicoastal.operations.environment import Image, NoImage
from bicoastal.operations.redis import NodeState, RedisState
from bicoastal.operations.refusal import OperationFailed, Refused
from bicoastal.settings import read
from bicoastal.topology import Topology
from tests.library.samples import topology

OLD = "shop/api:1"
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


class Redis:
    """A Redis that moves at once, unless told otherwise."""

    def __init__(self) -> None:
        self.master = "east"
        self.refusal = ""

    def state(self) -> RedisState:
        places = ("east", "west", "witness")
        roles = {place: "master" if place == self.master else "replica" for place in places}
        return RedisState(
            tuple(NodeState(f"{p}-redis", p, role, True, 1, self.master) for p, role in roles.items())
        )

    def switch_over(self, place: str) -> float:
        if self.refusal:
            raise Refused(Problem("place", self.refusal, repr(place), "another", "wait"))
        self.master = place
        return 0.4

    def close(self) -> None:
        pass


class FakeEnvironment:
    """An environment of two regions and a witness."""

    name = stack = "local"

    def __init__(self, folder: Path, now: ClusterState | None = None) -> None:
        self.folder = folder
        self.topology = read(Topology, topology(), "The topology")
        self.database = read(PostgresCluster, {}, "The cluster")
        self.the_cluster = Cluster(now or state("east-postgres-1", "east-postgres-2", "west-postgres-1"))
        self.the_redis = Redis()
        self.lost: dict[str, str] = {}
        self.settings: dict = {"api": {"replicas": 2}}
        self.applied: list[dict] = []
        self.pinned: list[str] = []
        self.waited = 0
        self.colours: Colours | None = None

    def image(self, name: str) -> Image:
        if name.startswith("nowhere"):
            raise NoImage("unauthorized: authentication required")
        return Image(name, f"content of {name}")

    def pin(self, image: Image) -> None:
        self.pinned.append(image.reference)

    def unreachable(self, place: str) -> str | None:
        return self.lost.get(place)

    def cluster(self) -> Cluster:
        return self.the_cluster

    def redis(self) -> Redis:
        return self.the_redis

    @contextmanager
    def engines(self, places):
        yield {}

    def check(self, settings) -> None:
        pass

    def lose(self, region: str) -> None:
        """Nobody reaches the region any more, until it is regained."""
        self.lost[region] = "its container does not run"
        self.colours.lost.add(region)

    def regain(self, region: str) -> None:
        del self.lost[region]
        self.colours.lost.remove(region)

    def apply(self, settings, say):
        for place, why in self.lost.items():
            raise OperationFailed(f"{place}: {why}")
        self.applied.append(settings)
        for colour, image in settings["api"].get("images", {}).items():
            self.settings["api"].setdefault("images", {})[colour] = image
            self.colours.give(colour, image or OLD)
        return ["east/local_api"]

    def wait_until_healthy(self, say) -> None:
        self.waited += 1


class Clock:
    """A clock that passes only when somebody sleeps."""

    def __init__(self) -> None:
        self.now = 1000.0

    def monotonic(self) -> float:
        return self.now

    def sleep(self, seconds: float) -> None:
        self.now += seconds


class Colours:
    """Two colours behind one balancer per region; an image behaves as a test says."""

    regions = ("west", "east")

    def __init__(self, clock: Clock) -> None:
        self.clock = clock
        self.shown = {"west": "blue", "east": "blue"}
        self.images = {"blue": OLD, "green": OLD}
        self.given_at = self.shown_at = clock.now
        self.dies_after_s: dict[str, float] = {}
        self.never_ready: set[str] = set()
        self.taken_back: set[str] = set()
        self.fails_under_users: dict[str, float] = {}
        self.history: list[tuple[str, str]] = []
        self.wrong_moments: list[str] = []
        self.silent_s = float("inf")
        self.stuck = 0
        self.lost: set[str] = set()

    def within(self, only: Sequence[str]) -> "Colours":
        """The same colours, seen in these places alone."""
        part = copy(self)
        part.regions = tuple(region for region in self.regions if region in only or not only)
        return part

    def give(self, colour: str, image: str) -> None:
        if image != self.images[colour] and colour in [self.shown[region] for region in self.regions]:
            self.wrong_moments.append(f"{colour} was changed while it served")
        self.images[colour], self.given_at = image, self.clock.now

    def live(self, *regions: str) -> dict[str, str]:
        self.reach(*regions or self.regions)
        return {f"{region}/haproxy-1": self.shown[region] for region in regions or self.regions}

    def reach(self, *regions: str) -> None:
        for region in self.lost.intersection(regions):
            raise DockerException(f"{region} does not answer")

    def show(self, region: str, colour: str) -> None:
        self.reach(region)
        self.shown[region], self.shown_at = colour, self.clock.now
        self.history.append((region, colour))

    def tasks(self, region: str, colour: str) -> Tasks:
        self.reach(region)
        image, age = self.images[colour], self.clock.now - self.given_at
        if image in self.taken_back:
            told = age > self.silent_s and region == "east"
            word = (Failure(f"1-{self.given_at}", image, "task: non-zero exit (3): no such setting"),)
            return Tasks(OLD, 2, frozenset({"1", "2"}), word if told else (), "rollback completed")
        if age >= self.dies_after_s.get(image, float("inf")):
            failure = Failure(f"2-{self.given_at}", image, "task: non-zero exit (1): boom")
            return Tasks(image, 2, frozenset({"1"}), (failure,))
        return Tasks(image, 2, frozenset() if age < 5 else frozenset({"1", "2"}), updating=age < 5)

    def unready(self, region: str, colour: str) -> str:
        return "1 answers 503 at /ready" if self.images[colour] in self.never_ready else ""

    def traffic(self, region: str, colour: str) -> Traffic:
        self.reach(region)
        serves = region == "east" and self.shown[region] == colour
        requests = int(100 * (self.clock.now - self.shown_at)) if serves else 0
        share = self.fails_under_users.get(self.images[colour], 0)
        return Traffic(requests, int(share * requests), self.stuck)


def deployable(folder: Path) -> FakeEnvironment:
    """An environment with both colours on the old image, blue live."""
    environment = FakeEnvironment(folder)
    environment.colours = Colours(Clock())
    return environment


def idle(colours: Colours) -> str:
    """The colour that serves nowhere."""
    (live,) = set(colours.shown.values())
    return other(live)
