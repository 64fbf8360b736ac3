"""The Redis drills: what counts as acknowledged, and runs that must not pass."""

import time
from types import SimpleNamespace

import pytest
import redis

from bicoastal.twin.drills import redis_load, redis_stage
from bicoastal.twin.drills.redis_load import DirectWriters, InsideWriter, RedisLoad
from bicoastal.twin.drills.redis_stage import lose_master_place
from tests.twin_parts.stages import FakeStage


class Master:
    """A node that says OK to every write; from the third on no copy confirms any, and the fourth is lost."""

    def __init__(self):
        self.keys = []

    def __enter__(self):
        return self

    def __exit__(self, *_):
        pass

    client = __enter__

    def set(self, key, value, ex):
        self.keys.append(key)
        return True

    def execute_command(self, *_):
        if len(self.keys) > 2:
            raise redis.ConnectionError("gone")
        return 1

    def mget(self, keys):
        return [None if key == self.keys[3] else "1" for key in keys]


def test_what_the_master_alone_took_is_counted_apart_and_no_later_attempt_hides_its_loss(
    tmp_path, monkeypatch
):
    master = Master()
    monkeypatch.setattr(redis_load, "application", lambda *_: master)
    with RedisLoad(None, "west", "run", tmp_path / "run.jsonl", writers=1, rate=1000) as load:
        deadline = time.monotonic() + 20
        while len(master.keys) < 5 and time.monotonic() < deadline:
            time.sleep(0.01)
    assert len(set(master.keys)) == len(master.keys)
    assert load.acknowledged == {"run:0:1", "run:0:2"}
    assert load.taken == set(master.keys)
    assert load.lost() == set()
    assert load.taken_and_lost() == {"run:0:4"}


def test_a_node_asked_directly_says_when_it_began_to_take_writes(monkeypatch):
    class Node(Master):
        def set(self, key, value, ex):
            self.keys.append(key)
            if len(self.keys) < 3:
                raise redis.ResponseError("READONLY")

    node = Node()
    monkeypatch.setattr(redis_load, "direct", lambda *_: node)
    nodes = [SimpleNamespace(place=place, address="10.0.0.1", port=6380) for place in ("east", "west")]
    credentials = SimpleNamespace(passwords={"redis_application": "word"}, ca_pem="")
    twin = SimpleNamespace(environment=SimpleNamespace(redis_nodes=nodes, credentials=credentials))
    began = time.monotonic()
    with DirectWriters(twin, ["west"]) as direct:
        while not direct.accepted_at and time.monotonic() < began + 20:
            time.sleep(0.01)
    assert len(node.keys) >= 3
    assert began + 2 * redis_load.RETRY_AFTER_S < direct.first_accepted(began) < float("inf")


class Load:
    """Writes that stand still from moment 100 to 107.5."""

    def __init__(self, *_):
        self.at = [99.0, 99.9, 107.5, 108.0, 111.0]
        self.acknowledged = {"one"}

    def __enter__(self):
        return self

    def __exit__(self, *_):
        pass

    def lost(self):
        return set()

    def taken_and_lost(self):
        return {"two", "three"}


class Direct(Load):
    def first_accepted(self, since):
        return 106.0


def lost_with(inside, tmp_path, monkeypatch):
    """The outcome of a cut at moment 100 with this client inside, after whose repair all is well."""
    stage = FakeStage(tmp_path)
    state = SimpleNamespace(redundant=True, master=SimpleNamespace(place="east"))
    stage.twin.redis = lambda: SimpleNamespace(state=lambda: state, close=lambda: None)
    stage.twin.layout.places = ("east", "west", "witness")
    stage.strike = lambda *_, repair: 100.0
    clock = SimpleNamespace(monotonic=lambda: 100.3, sleep=lambda _: None)
    for name, fake in (("RedisLoad", Load), ("DirectWriters", Direct), ("time", clock)):
        monkeypatch.setattr(redis_stage, name, fake)
    monkeypatch.setattr(redis_stage, "InsideWriter", lambda *_: inside)
    return lose_master_place(stage, lambda: None, lambda: None, is_alive=True)


@pytest.fixture
def client(monkeypatch):
    monkeypatch.setattr(InsideWriter, "__enter__", lambda self: self)
    monkeypatch.setattr(InsideWriter, "__exit__", lambda *_: None)
    return lambda accepted, refused: InsideWriter(None, "east", accepted, refused)


def test_a_cut_off_master_that_refuses_in_time_passes(client, tmp_path, monkeypatch):
    outcome = lost_with(client([99.0, 103.0], [104.0, 110.0]), tmp_path, monkeypatch)
    assert outcome.passed
    assert outcome.measure("taken by the master alone and lost").value == 2


def test_two_masters_are_counted_from_the_next_ones_own_word(client, tmp_path, monkeypatch):
    outcome = lost_with(client([99.0, 107.0], [110.0]), tmp_path, monkeypatch)
    assert outcome.measure("two masters take writes").value == 1.0
    assert not outcome.passed


@pytest.mark.parametrize("last_word", [100.2, 105.0])
def test_a_client_inside_that_is_not_heard_of_any_more_fails_the_run(
    client, tmp_path, monkeypatch, last_word
):
    with pytest.raises(RuntimeError, match="not heard of"):
        lost_with(client([99.0], [last_word]), tmp_path, monkeypatch)
