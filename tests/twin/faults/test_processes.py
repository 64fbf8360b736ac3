"""Faults 1 to 4 and 18: a process of the primary dies or freezes; its Postgres must not outlive the lease."""

from functools import partial

import pytest

from bicoastal.twin.drills.members import (
    PATRONI,
    POSTGRES,
    kill_container,
    member_named,
    neighbour_of,
    signal,
)
from bicoastal.twin.drills.outcome import Measure
from bicoastal.twin.drills.play import play
from bicoastal.twin.drills.registry import catalogue
from bicoastal.twin.drills.session import OpenSession
from bicoastal.twin.drills.stage import Stage
from tests.twin.faults.conftest import hold

pytestmark = [pytest.mark.twin, pytest.mark.timeout(900)]


def promotion_s(stage: Stage) -> float:
    """The part of the budget in which another member is promoted and found."""
    budget = stage.twin.environment.exports["failover_budget"]
    return float(budget["promotion_s"] + budget["reconnection_s"])


def test_1_a_crashed_postmaster_is_restarted_or_replaced_within_15_s(twin):
    (series,) = play(twin, [catalogue()["postmaster-crash"]], 1, print)
    assert series.passed, series.outcomes[0].verdict()


@pytest.mark.drill
def test_2_a_killed_container_is_back_or_replaced_and_rejoins(stage):
    leader = member_named(stage.twin, stage.leader.name)
    with stage.users():
        at = stage.strike("container killed", partial(kill_container, stage.twin, leader))
        hold(stage.gaps(stage.recovered(), promotion_s(stage)))
        hold([stage.redundancy_since(at)])
    hold(stage.lost())


@pytest.mark.drill
@pytest.mark.parametrize(
    ("fault", "processes"), [("3: Postgres freezes", POSTGRES), ("4: Patroni freezes", PATRONI)]
)
def test_a_primary_that_freezes_is_replaced_and_never_acknowledges_beside_the_new_one(
    stage, fault, processes
):
    twin, leader = stage.twin, member_named(stage.twin, stage.leader.name)
    beside = neighbour_of(twin, leader)
    with stage.users() as load, OpenSession(twin, leader, beside, stage.run) as inside:
        at = stage.strike(
            fault,
            partial(signal, twin, leader, "STOP", processes),
            repair=partial(signal, twin, leader, "CONT", processes),
        )
        gaps = stage.gaps(stage.recovered(), promotion_s(stage))
        healed_at = stage.heal("it goes on")
        assert inside.wait_for_its_end(60)
        redundancy = stage.redundancy_since(healed_at)
    load.acknowledged |= inside.acknowledged
    hold([*gaps, *stage.lost(), stage.two_primaries(inside.last_told(at)), redundancy])
    assert stage.failovers() == 1


def test_4_postgres_dies_with_its_patroni(stage):
    leader = member_named(stage.twin, stage.leader.name)
    with stage.users():
        at = stage.strike("Patroni killed", partial(signal, stage.twin, leader, "KILL", PATRONI))
        hold(stage.gaps(stage.recovered(), promotion_s(stage)))
        hold([stage.redundancy_since(at)])
    hold(stage.lost())


@pytest.mark.drill
def test_18_a_session_that_was_open_before_the_cut_is_told_of_nothing_after_the_new_primary_began(twin):
    """And 6: the region is read-only before another is promoted."""
    (series,) = play(twin, [catalogue()["partition"]], 1, print)
    (outcome,) = series.outcomes
    assert outcome.passed, outcome.verdict()
    assert outcome.measure("two primaries acknowledge") == Measure("two primaries acknowledge", 0, 0)
