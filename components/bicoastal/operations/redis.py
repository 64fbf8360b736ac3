"""Redis under Sentinel: who is master, who follows, and a planned failover that loses nothing."""

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, cast

import redis
from redis.backoff import NoBackoff
from redis.retry import Retry

from ..cache import RedisNode
from ..cache.cluster import MASTER_NAME
from ..cache.configuration import FAILOVER_TIMEOUT_MS
from ..checks.problem import Problem
from .refusal import OperationFailed, Refused

ANSWER_S = 2.0
PREFERRED = 1
"""The replica priority of the one that shall be promoted; the declared ones are higher."""
PRIORITY_SEEN_S = 15.0
"""Sentinel looks at its replicas every ten seconds."""
CAUGHT_UP_S = 5.0
PROMOTED_S = 2 * FAILOVER_TIMEOUT_MS / 1000
"""Longer than Sentinel tries: when this is over, no promotion is under way any more."""
PAUSE_S = 2 * CAUGHT_UP_S + PROMOTED_S + 5
"""Writes go on by themselves after this, should the one who paused them be gone."""


@dataclass(frozen=True)
class NodeState:
    """One data node, and what the Sentinel beside it thinks."""

    name: str
    place: str
    role: str
    """`master`, `replica`, or empty where it does not answer."""
    well: bool
    """A replica streams from the master; a master has a replica and so takes writes."""
    offset: int
    """How much of the replication stream it holds, in bytes."""
    sentinel_names: str | None
    """The place of the master as this place's Sentinel knows it; None where it does not answer."""


@dataclass(frozen=True)
class RedisState:
    """All nodes at one moment."""

    nodes: tuple[NodeState, ...]

    @property
    def master(self) -> NodeState | None:
        """The node that says that it is the master and that most Sentinels name."""
        for node in self.nodes:
            names = sum(other.sentinel_names == node.place for other in self.nodes)
            if node.role == "master" and 2 * names > len(self.nodes):
                return node
        return None

    @property
    def redundant(self) -> bool:
        """Whether any place may be lost now: all nodes are well and every Sentinel names the one master."""
        master = self.master
        return master is not None and all(
            node.well and node.sentinel_names == master.place and (node is master or node.role == "replica")
            for node in self.nodes
        )

    def of(self, place: str) -> NodeState:
        """The node in this place; KeyError when there is none."""
        return {node.place: node for node in self.nodes}[place]


class RedisCluster:
    """The data nodes and Sentinels of all places, as their user `admin`. To be closed."""

    def __init__(self, nodes: Sequence[RedisNode], authority_pem: str, admin_password: str) -> None:
        self._nodes = {node.place: node for node in nodes}
        self._data = {
            node.place: client(node.address, node.port, "admin", admin_password, authority_pem)
            for node in nodes
        }
        self._sentinels = {
            node.place: client(node.address, node.sentinel_port, "admin", admin_password, authority_pem)
            for node in nodes
        }

    def state(self) -> RedisState:
        """What every node and every Sentinel tells; who does not answer in two seconds is shown as such."""
        with ThreadPoolExecutor(len(self._nodes)) as pool:
            return RedisState(tuple(pool.map(self._look, self._nodes.values())))

    def switch_over(self, place: str) -> float:
        """Make the node in `place` the master without losing a write. Returns the seconds in which writes
        were held back.

        Writes are paused on the master until the other node holds them all; then Sentinel fails over to it.
        Paused clients are told to come again and find the new master. Raises `Refused`, with nothing changed,
        where there is no master, or the node in `place` is it already or does not follow it;
        `OperationFailed` when the move was begun and did not come to its end: writes go on where the master
        is, at once, or after 25 s where a promotion may still be under way.
        """
        state = self.state()
        _require_candidate(state, place)
        assert state.master is not None
        try:
            with self._preferred(place), self._writes_paused(state.master.place) as since:
                self._catch_up(state.master.place, place)
                self._fail_over(place)
                self._demote(state.master.place, place)
                return time.monotonic() - since
        except redis.RedisError as error:
            raise OperationFailed(
                f"the Redis master was not moved to {place}: {type(error).__name__}: {error}."
                f" Writes go on where the master is, within {PAUSE_S:g} s; the status shows it"
            ) from error

    def close(self) -> None:
        """Give the connections back."""
        for connection in (*self._data.values(), *self._sentinels.values()):
            connection.close()

    def _look(self, node: RedisNode) -> NodeState:
        told = _answer(lambda: self._info(node.place)) or {}
        role = {"master": "master", "slave": "replica"}.get(str(told.get("role")), "")
        linked = told.get("master_link_status") == "up"
        return NodeState(
            name=node.name,
            place=node.place,
            role=role,
            well=_good_replicas(told) > 0 if role == "master" else linked,
            offset=int(told.get("master_repl_offset" if role == "master" else "slave_repl_offset", 0)),
            sentinel_names=_answer(lambda: self._named_by(node.place)),
        )

    def _info(self, place: str) -> Mapping[str, Any]:
        return cast("Mapping[str, Any]", self._data[place].info("replication"))

    def _named_by(self, place: str) -> str | None:
        told = self._sentinels[place].execute_command(f"SENTINEL GET-MASTER-ADDR-BY-NAME {MASTER_NAME}")
        return next((p for p, node in self._nodes.items() if [node.address, str(node.port)] == told), None)

    @contextmanager
    def _preferred(self, place: str) -> Iterator[None]:
        """Sentinel would promote the node in `place` before all others."""
        if self._first_choice(place):
            yield
            return
        node, declared = self._data[place], self._nodes[place].priority
        node.config_set("replica-priority", PREFERRED)
        try:
            if not _within(PRIORITY_SEEN_S, lambda: self._first_choice(place)):
                raise OperationFailed(
                    f"Sentinel did not come to prefer {place} within {PRIORITY_SEEN_S:g} s; the master is"
                    " where it was. Look at the Sentinels' logs"
                )
            yield
        finally:
            node.config_set("replica-priority", declared)

    def _first_choice(self, place: str) -> bool:
        """Whether the Sentinel that will be asked has seen that this node comes first."""
        told = self._sentinels[place].execute_command(f"SENTINEL REPLICAS {MASTER_NAME}")
        replicas = [replica if isinstance(replica, dict) else _pairs(replica) for replica in told]
        by_address = {str(replica["ip"]): int(replica["slave-priority"]) for replica in replicas}
        own = by_address.pop(self._nodes[place].address, 0)
        return own > 0 and all(own < other for other in by_address.values() if other > 0)

    @contextmanager
    def _writes_paused(self, place: str) -> Iterator[float]:
        """The master holds writes back. They go on at the end, unless nobody answers any more: the master may
        have been replaced then, and what it still took would be lost; it waits for the pause's own end."""
        master = self._data[place]
        since = time.monotonic()
        master.execute_command("CLIENT PAUSE", int(PAUSE_S * 1000), "WRITE")
        try:
            yield since
        except redis.RedisError:
            raise
        except BaseException:
            master.execute_command("CLIENT UNPAUSE")
            raise
        master.execute_command("CLIENT UNPAUSE")

    def _catch_up(self, master: str, wanted: str) -> None:
        goal = int(self._info(master)["master_repl_offset"])
        if not _within(CAUGHT_UP_S, lambda: int(self._info(wanted)["slave_repl_offset"]) >= goal):
            raise OperationFailed(
                f"Redis in {wanted} did not catch up within {CAUGHT_UP_S:g} s; nothing has moved."
                " Try again when fewer writes arrive"
            )

    def _fail_over(self, wanted: str) -> None:
        if not _within(CAUGHT_UP_S, lambda: self._takes_the_failover(wanted)):
            raise OperationFailed(
                f"Sentinel refused to fail over to {wanted} for {CAUGHT_UP_S:g} s, for it knows of no good"
                " replica; nothing has moved. Try again in a minute"
            )
        if not _within(PROMOTED_S, lambda: self._info(wanted)["role"] == "master"):
            raise OperationFailed(
                f"Sentinel did not promote {wanted} within {PROMOTED_S:g} s, and has given up."
                " Look at the Sentinels' logs"
            )

    def _takes_the_failover(self, wanted: str) -> bool:
        """Only one refusal is asked again: just after another failover Sentinel may still know of no good
        replica. A lost answer may mean that it has begun; asked again, it would move the master on."""
        try:
            self._sentinels[wanted].execute_command(f"SENTINEL FAILOVER {MASTER_NAME}")
        except redis.ResponseError as refused:
            if "NOGOODSLAVE" in str(refused):
                return False
            if "INPROG" not in str(refused):
                raise OperationFailed(
                    f"Sentinel refused to fail over: {refused}; nothing has moved"
                ) from None
        except redis.RedisError:
            pass
        return True

    def _demote(self, master: str, wanted: str) -> None:
        """Sentinel would come to the old master only some eight seconds later."""
        node = self._nodes[wanted]
        self._data[master].execute_command("REPLICAOF", node.address, node.port)
        self._data[master].config_rewrite()
        if not _within(PROMOTED_S, lambda: _good_replicas(self._info(wanted)) > 0):
            raise OperationFailed(
                f"Redis in {wanted} is the master, but nobody follows it, so it takes no writes."
                " The status shows who follows"
            )


def _require_candidate(state: RedisState, place: str) -> None:
    """Refuse a move that cannot be."""
    places = ", ".join(node.place for node in state.nodes)
    master = state.master

    def refused(wrong: str, given: str, allowed: str, fix: str) -> Refused:
        return Refused(Problem("place", wrong, given, allowed, fix))

    if place not in places.split(", "):
        raise refused("no such place", repr(place), places, "name one of these")
    if master is None:
        named = ", ".join(f"{n.place}: {n.sentinel_names or 'no answer'}" for n in state.nodes)
        raise refused(
            "there is no Redis master that most Sentinels name",
            named,
            "one master, named by a majority",
            "wait until a failover ends, or bring the lost places back",
        )
    if master.place == place:
        raise refused("the Redis master is there already", repr(place), places, "name another place")
    if not state.of(place).well:
        raise refused(
            f"{state.of(place).name} does not stream from the master",
            repr(place),
            "a place whose node does",
            "wait until it has caught up; its log says what it waits for",
        )


def client(address: str, port: int, user: str, password: str, authority_pem: str) -> redis.Redis:
    """A client of one node or Sentinel, which verifies its certificate in full and tries nothing twice."""
    made: redis.Redis = redis.Redis(
        host=address,
        port=port,
        username=user,
        password=password,
        ssl=True,
        ssl_ca_data=authority_pem,
        ssl_cert_reqs="required",
        ssl_check_hostname=True,
        socket_timeout=ANSWER_S,
        socket_connect_timeout=ANSWER_S,
        retry=Retry(NoBackoff(), 0),
        decode_responses=True,
    )
    return made


def _answer(ask: Callable[[], Any]) -> Any:
    """What is answered; None when nobody answers."""
    try:
        return ask()
    except redis.RedisError:
        return None


def _within(limit_s: float, holds: Callable[[], bool]) -> bool:
    deadline = time.monotonic() + limit_s
    while time.monotonic() < deadline:
        if _answer(holds):
            return True
        time.sleep(0.02)
    return False


def _good_replicas(told: Mapping[str, Any]) -> int:
    return int(told.get("min_slaves_good_slaves", 0))


def _pairs(flat: Sequence[str]) -> dict[str, str]:
    return dict(zip(flat[::2], flat[1::2], strict=True))
