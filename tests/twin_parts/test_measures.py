"""What a stage measures: each figure with a run in which it must not pass."""

import math

import httpx
import pytest

from tests.twin_parts.stages import FakeStage, answers


@pytest.fixture
def stage(tmp_path):
    return FakeStage(tmp_path)


def named(measures, name):
    return next(measure for measure in measures if measure.name == name)


def test_an_old_primary_that_acknowledges_after_the_promotion_is_found_though_no_user_was_told_yet(stage):
    stage.cluster.promotions = [("west-postgres-1", 130.0)]
    stage.load.writes = answers(99, 141)
    beside = stage.two_primaries(last_old=134.0)
    assert beside.value == pytest.approx(4, abs=0.01)
    assert not beside.passed
    assert stage.two_primaries(last_old=129.9).passed
    assert stage.first_answer_of_the_new() == 141


def test_a_primary_that_stays_acknowledges_beside_nobody(stage):
    stage.cluster.promotions = [("east-postgres-1", 130.0)]  # restarted in place
    assert stage.two_primaries(last_old=150.0).passed
    assert stage.promoted_at() == math.inf


def test_each_change_of_the_primary_since_the_run_began_is_a_failover(stage):
    stage.cluster.promotions = [
        ("west-postgres-2", 50.0),
        ("west-postgres-1", 130.0),
        ("west-postgres-1", 140.0),
        ("east-postgres-1", 150.0),
    ]
    assert stage.failovers() == 2


@pytest.mark.parametrize(
    "told",
    [
        lambda stage: stage.two_primaries(100.0),
        lambda stage: stage.failovers(),
        lambda stage: stage.first_answer_of_the_new(),
        lambda stage: stage.outcome([]),
    ],
)
def test_where_nobody_tells_the_history_no_figure_is_given(stage, told):
    stage.cluster.is_silent = True
    with pytest.raises(httpx.HTTPError, match="no member"):
        told(stage)


def test_a_history_that_does_not_lead_to_the_primary_gives_no_figure(stage):
    stage.cluster.leader = "west-postgres-1"
    with pytest.raises(httpx.HTTPError, match="does not tell"):
        stage.two_primaries(100.0)
    stage.cluster.promotions = [("west-postgres-1", 130.0)]
    assert stage.failovers() == 1


def test_a_broken_run_has_an_outcome_though_nobody_tells_the_history(stage):
    stage.cluster.is_silent = True
    assert stage.broken().run == "drill-1"


def test_a_run_that_could_not_be_prepared_asks_for_no_history(stage, monkeypatch):
    stage._first_primary = ""
    monkeypatch.setattr(stage.cluster, "history", lambda: pytest.fail("it was asked"))
    assert stage.broken().events == []


def test_an_acknowledged_write_that_the_database_lacks_is_lost(stage):
    stage.load.acknowledged = {("drill-1-0", 1), ("drill-1-0", 2)}
    stage.rows = {("drill-1-0", 1)}
    assert not named(stage.lost(), "acknowledged writes lost").passed
    assert named(stage.lost(bound=1), "acknowledged writes lost").passed


def test_a_row_that_nobody_was_told_of_counts_where_few_may_be_in_doubt(stage):
    stage.rows = {("drill-1-0", 1), ("drill-1-0", 2)}
    assert not named(stage.lost(in_doubt=1), "stored but unacknowledged").passed
    assert named(stage.lost(), "stored but unacknowledged").passed


def test_users_who_wait_longer_than_the_limit_fail_the_run(stage):
    stage.load.writes, stage.load.reads = answers(99, 160), answers(99, 120, 160)
    write_gap, read_gap = stage.gaps(until=161, limit_s=58)
    assert (write_gap.value, write_gap.passed) == (61, False)
    assert (read_gap.value, read_gap.passed) == (40, True)


def test_users_of_whom_no_read_is_answered_are_not_warmed_up(stage, monkeypatch):
    waited = []
    monkeypatch.setattr(stage.load, "_begin", lambda: None)
    monkeypatch.setattr(stage.load, "wait_for_acknowledgements", lambda count, limit_s: None)
    monkeypatch.setattr(stage.load, "wait_for_reads", lambda count, limit_s: waited.append(count))
    with stage.users():
        assert waited == [10]


def test_nobody_who_answers_is_a_gap_as_long_as_the_run(stage):
    assert [gap.passed for gap in stage.gaps(until=161, limit_s=58)] == [False, False]


def test_redundancy_that_does_not_come_back_fails_the_run(stage):
    stage.cluster.is_redundant = False
    assert not stage.redundancy_since(100.0).passed
