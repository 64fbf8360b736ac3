"""Faults 5 to 12: packets between places are lost: all or some, on one link or all, both ways or one."""

import time
from functools import partial

import pytest

from bicoastal.twin.drills.members import member_named, neighbour_of
from bicoastal.twin.drills.session import OpenSession
from bicoastal.twin.drills.stage import Stage
from tests.twin.faults.conftest import hold

pytestmark = [pytest.mark.twin, pytest.mark.timeout(900)]

CONSENSUS_PORTS = (2379, 2380)
DEGRADES_S = 30.0
"""A standby that is gone is noticed after 10 s of silence, and given up as a copy within two loops of 5 s."""
BLIP_S = 43.0
"""As long as the one that cost a large site a day, because its two sides went on apart."""


def sever_all(stage: Stage, ports: tuple[int, ...] = (), one_way: bool = False) -> None:
    """Cut the home region from every other place."""
    for place in set(stage.twin.layout.places) - {stage.home}:
        stage.twin.places.sever(stage.home, place, ports=ports, one_way=one_way)


def deafen(stage: Stage) -> None:
    """What the other places send to the home region is lost."""
    for place in set(stage.twin.layout.places) - {stage.home}:
        stage.twin.places.sever(place, stage.home, one_way=True)


def rejoin_all(stage: Stage) -> None:
    for place in stage.twin.layout.places:
        stage.twin.places.rejoin(place)


@pytest.mark.drill
def test_5_regions_that_lose_one_another_and_both_see_the_witness_keep_their_primary(stage):
    places, primary = stage.twin.places, stage.leader.name
    with stage.users():
        stage.strike(
            "east and west cut from one another",
            partial(places.sever, stage.home, stage.other),
            repair=partial(places.rejoin, stage.home),
        )
        time.sleep(DEGRADES_S)
        gaps = stage.gaps(stage.recovered(), DEGRADES_S)
        assert stage.leader.name == primary
        redundancy = stage.redundancy_since(stage.heal("link back"))
    hold([*gaps, *stage.lost(), redundancy])
    assert stage.failovers() == 0


@pytest.mark.drill
def test_8_a_lost_replication_link_makes_commits_wait_and_then_go_on_alone_without_a_failover(stage):
    twin = stage.twin
    members = twin.environment.database.members(twin.environment.topology)
    ports = sorted({member.port for member in members})
    with stage.users():
        stage.strike(
            "replication cut",
            partial(twin.places.sever, stage.home, stage.other, ports=ports),
            repair=partial(twin.places.rejoin, stage.home),
        )
        time.sleep(DEGRADES_S)
        gaps = stage.gaps(stage.recovered(), DEGRADES_S)
        redundancy = stage.redundancy_since(stage.heal("replication back"))
    hold([*gaps, *stage.lost(), redundancy])
    assert stage.failovers() == 0


@pytest.mark.drill
@pytest.mark.parametrize(
    ("fault", "cut"),
    [
        ("7: the standbys are reached, the consensus is not", partial(sever_all, ports=CONSENSUS_PORTS)),
        ("9: what the primary's region sends is lost", partial(sever_all, one_way=True)),
        ("9: what is sent to the primary's region is lost", deafen),
    ],
)
def test_a_primary_that_loses_the_consensus_stops_before_another_begins(stage, fault, cut):
    twin, leader = stage.twin, member_named(stage.twin, stage.leader.name)
    with stage.users() as load, OpenSession(twin, leader, neighbour_of(twin, leader), stage.run) as inside:
        at = stage.strike(fault, partial(cut, stage), repair=partial(rejoin_all, stage))
        assert inside.wait_for_its_end(60)
        gaps = stage.gaps(stage.recovered(inside.ended[0]), stage.budget_s)
        redundancy = stage.redundancy_since(stage.heal("all links back"))
    load.acknowledged |= inside.acknowledged
    hold([*gaps, *stage.lost(in_doubt=1), stage.two_primaries(inside.last_told(at)), redundancy])
    assert stage.failovers() == 1


@pytest.mark.drill
def test_10_a_lossy_link_moves_the_primary_at_most_once_and_loses_nothing(stage):
    places = stage.twin.places
    with stage.users():
        stage.strike(
            "30 % of the packets lost",
            partial(places.isolate, stage.home, share=0.3),
            repair=partial(places.rejoin, stage.home),
        )
        time.sleep(90)
        redundancy = stage.redundancy_since(stage.heal("link good"))
        stage.recovered(time.monotonic())
    hold([*stage.lost(), redundancy])
    assert stage.failovers() <= 1


@pytest.mark.drill
def test_11_a_blip_of_43_s_mixes_no_writes(stage):
    twin, leader = stage.twin, member_named(stage.twin, stage.leader.name)
    with stage.users() as load, OpenSession(twin, leader, neighbour_of(twin, leader), stage.run) as inside:
        at = stage.strike(
            "east cut off",
            partial(twin.places.isolate, stage.home),
            repair=partial(twin.places.rejoin, stage.home),
        )
        time.sleep(BLIP_S)
        healed_at = stage.heal("healed")
        gaps = stage.gaps(stage.recovered(healed_at), stage.budget_s)
        redundancy = stage.redundancy_since(healed_at)
    load.acknowledged |= inside.acknowledged
    hold([*gaps, *stage.lost(in_doubt=1), stage.two_primaries(inside.last_told(at)), redundancy])
    assert stage.failovers() <= 1
