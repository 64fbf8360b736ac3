"""A planned move of the Redis master, and what Sentinel may answer to it."""

import pytest
import redis

from bicoastal.cache import RedisNode
from bicoastal.operations import redis as operations
from bicoastal.operations.redis import RedisCluster
from bicoastal.operations.refusal import OperationFailed

NODES = [
    RedisNode(name=f"{place}-redis", place=place, address=f"10.{number}.0.10", priority=100 * number)
    for number, place in enumerate(("east", "west", "witness"), start=1)
]


class Redis:
    """Three nodes and their Sentinels; `answers` are what Sentinel says to each FAILOVER in turn."""

    def __init__(self, answers):
        self.master, self.answers = "east", answers
        self.asked, self.paused, self.preferred = 0, False, None

    def connection(self, address, port, *_):
        place = next(node.place for node in NODES if node.address == address)
        return Sentinel(self, place) if port == NODES[0].sentinel_port else Node(self, place)

    def fail_over(self):
        answer = self.answers[min(self.asked, len(self.answers) - 1)]
        self.asked += 1
        if not str(answer).startswith("NOGOODSLAVE"):
            self.master = self.preferred
        if isinstance(answer, Exception):
            raise answer
        return answer


class Node:
    def __init__(self, cluster, place):
        self.cluster, self.place = cluster, place

    def info(self, _):
        if self.cluster.master == self.place:
            return {"role": "master", "master_repl_offset": 7, "min_slaves_good_slaves": 2}
        return {"role": "slave", "master_link_status": "up", "slave_repl_offset": 7}

    def config_set(self, _, priority):
        self.cluster.preferred = self.place if priority == operations.PREFERRED else self.cluster.preferred

    def config_rewrite(self):
        pass

    def execute_command(self, command, *_):
        if command.startswith("CLIENT"):
            self.cluster.paused = command == "CLIENT PAUSE"


class Sentinel:
    def __init__(self, cluster, place):
        self.cluster, self.place = cluster, place

    def execute_command(self, command):
        if "GET-MASTER-ADDR" in command:
            return next([n.address, str(n.port)] for n in NODES if n.place == self.cluster.master)
        if "REPLICAS" in command:
            return [
                {"ip": node.address, "slave-priority": 1 if node.place == self.cluster.preferred else 100}
                for node in NODES
                if node.place != self.cluster.master
            ]
        return self.cluster.fail_over()


def moved(monkeypatch, answers):
    cluster = Redis(answers)
    monkeypatch.setattr(operations, "client", cluster.connection)
    monkeypatch.setattr(operations, "CAUGHT_UP_S", 0.2)
    try:
        RedisCluster(NODES, "an authority", "a password").switch_over("west")
    except OperationFailed as failure:
        return cluster, str(failure)
    return cluster, ""


@pytest.mark.parametrize(
    "answer",
    ["OK", redis.TimeoutError("no answer"), redis.ResponseError("INPROG Failover already in progress")],
)
def test_a_failover_that_has_begun_is_asked_for_once(monkeypatch, answer):
    cluster, failure = moved(monkeypatch, [answer])
    assert (failure, cluster.master, cluster.asked, cluster.paused) == ("", "west", 1, False)


def test_it_is_asked_for_again_while_sentinel_knows_of_no_good_replica(monkeypatch):
    cluster, failure = moved(monkeypatch, [redis.ResponseError("NOGOODSLAVE No suitable replica"), "OK"])
    assert (failure, cluster.master, cluster.asked) == ("", "west", 2)


def test_when_sentinel_knows_of_none_nothing_has_moved_and_writes_go_on(monkeypatch):
    cluster, failure = moved(monkeypatch, [redis.ResponseError("NOGOODSLAVE No suitable replica")])
    assert "nothing has moved" in failure
    assert (cluster.master, cluster.paused) == ("east", False)
