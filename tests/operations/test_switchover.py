"""Planned moves of the primary, and what is refused."""

import pytest

from bicoastal.database import PostgresCluster
from bicoastal.operations import switchover
from bicoastal.operations.lock import exclusively
from bicoastal.operations.refusal import OperationFailed, Refused
from bicoastal.operations.switchover import fail_back, switch_over
from bicoastal.settings import read
from tests.operations.environments import FakeEnvironment, state

IN_WEST = state("west-postgres-1", "west-postgres-2", "east-postgres-2")


def quiet(_: str) -> None:
    """Nobody listens."""


@pytest.fixture
def environment(tmp_path):
    return FakeEnvironment(tmp_path)


def refused(environment, told, region="west", member=None):
    with pytest.raises(Refused, match=told):
        switch_over(environment, region, quiet, member)
    assert environment.the_cluster.asked == []


def test_a_switchover_tells_the_gap_and_when_the_cluster_is_redundant_again(environment):
    done = switch_over(environment, "west", quiet)
    assert (done.primary_before, done.primary) == ("east-postgres-1", "west-postgres-1")
    assert 0 <= done.write_gap_s < 1
    assert done.redundant_after_s < 1


def test_the_redis_master_comes_along(environment):
    done = switch_over(environment, "west", quiet)
    assert environment.the_redis.master == "west"
    assert done.cache == "the Redis master is in west, writes to it held back for 0.4 s"


def test_a_redis_master_that_is_there_already_is_left_alone(environment):
    environment.the_redis.master = "west"
    assert switch_over(environment, "west", quiet).cache == "the Redis master is in west"


def test_a_redis_that_cannot_move_holds_up_no_primary_and_says_why(environment):
    environment.the_redis.refusal = "west-redis does not stream from the master"
    done = switch_over(environment, "west", quiet)
    assert done.primary == "west-postgres-1"
    assert done.cache.startswith("the Redis master is in east: place: west-redis does not stream")


def test_an_unknown_region_is_refused_with_the_regions(environment):
    refused(environment, "no such region; given: 'mars'; allowed: east, west", "mars")


def test_the_witness_is_no_region(environment):
    refused(environment, "no such region", "witness")


def test_the_region_of_the_primary_is_refused(environment):
    refused(environment, "the primary east-postgres-1 is there already; given: 'east'; allowed: west", "east")


def test_a_dead_region_is_refused(environment):
    environment.lost["west"] = "its container does not run"
    refused(environment, "cannot be reached; given: 'west' .its container does not run")


def test_a_region_without_a_synchronous_standby_is_refused_with_its_members(environment):
    environment.the_cluster.now = state("east-postgres-1", "east-postgres-2")
    refused(environment, "no synchronous standby; given: west-postgres-1: replica, streaming, west-p")


def test_a_member_that_is_no_synchronous_standby_is_refused(environment):
    refused(
        environment,
        "member: no synchronous standby; given: west-postgres-2: replica, streaming",
        member="west-postgres-2",
    )


def test_a_member_of_another_region_is_refused(environment):
    refused(environment, "no member in west; given: 'east-postgres-2'", member="east-postgres-2")


def test_a_standby_that_does_not_answer_is_refused(environment):
    environment.the_cluster.deaf = {"west-postgres-1"}
    refused(environment, "its standby does not answer; given: west-postgres-1")


def test_without_a_primary_nothing_is_switched(environment):
    environment.the_cluster.now = state(None)
    refused(environment, "there is no primary to take over from")


def test_a_switchover_while_a_deploy_runs_is_refused(environment):
    with exclusively(environment.folder, "deploy"):
        refused(environment, "another operation is under way; given: deploy of process")


def test_without_a_synchronous_mode_any_streaming_standby_may_take_over(environment):
    environment.database = read(PostgresCluster, {"mode": "async"}, "The cluster")
    environment.the_cluster.now = state("east-postgres-1")
    assert switch_over(environment, "west", quiet).primary == "west-postgres-1"


def test_a_candidate_that_was_refused_is_asked_for_again(environment, monkeypatch):
    monkeypatch.setattr(switchover.time, "sleep", lambda _: None)
    environment.the_cluster.refusals = 2
    assert switch_over(environment, "west", quiet).primary == "west-postgres-1"


def test_a_switchover_that_is_never_accepted_says_who_is_primary(environment, monkeypatch):
    monkeypatch.setattr(switchover.time, "sleep", lambda _: None)
    environment.the_cluster.refusals = 3
    with pytest.raises(OperationFailed, match=r"412.*the primary is still east-postgres-1"):
        switch_over(environment, "west", quiet)


def test_a_cluster_that_does_not_become_redundant_is_told(environment, monkeypatch):
    monkeypatch.setattr(switchover, "REDUNDANCY_LIMIT_S", 0.0)
    environment.the_cluster.never_redundant = True
    with pytest.raises(OperationFailed, match="west-postgres-1 is primary, but the cluster is not redundant"):
        switch_over(environment, "west", quiet)


def test_a_failback_says_what_it_waits_for_and_moves_when_all_is_ready(tmp_path, monkeypatch):
    monkeypatch.setattr(switchover.time, "sleep", lambda _: None)
    environment = FakeEnvironment(tmp_path, IN_WEST)
    rejoining = state("west-postgres-1", "west-postgres-2", east_postgres_1="starting")
    environment.the_cluster.later = [IN_WEST, rejoining, state("west-postgres-1", "west-postgres-2"), IN_WEST]
    said: list[str] = []
    assert fail_back(environment, said.append).primary == "east-postgres-2"
    assert said[:2] == [
        "waiting for east-postgres-1 (starting) to stream",
        "waiting for a synchronous standby in east",
    ]


def test_a_failback_that_is_never_ready_is_refused_with_what_is_missing(tmp_path):
    environment = FakeEnvironment(tmp_path, state("west-postgres-1", "west-postgres-2"))
    with pytest.raises(Refused, match="not ready after 0 s; given: a synchronous standby in east"):
        fail_back(environment, quiet, limit_s=0)
    assert environment.the_cluster.asked == []


def test_a_failback_is_refused_while_home_is_dead_or_has_the_primary(tmp_path):
    environment = FakeEnvironment(tmp_path)
    with pytest.raises(Refused, match="is there already"):
        fail_back(environment, quiet)
    environment.lost["east"] = "its container does not run"
    with pytest.raises(Refused, match="cannot be reached"):
        fail_back(environment, quiet)
