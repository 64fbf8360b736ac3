"""Faults 13 to 16, 19 and 38: places are lost, several at a time, and come back in any order."""

import time
from functools import partial

import httpx
import pytest

from bicoastal.twin.drills.load import Load
from bicoastal.twin.drills.outcome import Measure
from bicoastal.twin.drills.services import Held
from bicoastal.twin.drills.stage import Stage
from tests.twin.faults.conftest import hold

pytestmark = [pytest.mark.twin, pytest.mark.timeout(900)]

LONGER_THAN_A_LEASE_S = 60.0
LESS_THAN_A_FAILOVER_S = 5.0


def primaries(stage: Stage) -> list[str]:
    """Members that say they are the writable primary."""
    members = stage.twin.environment.database.members(stage.twin.environment.topology)
    return [member.name for member in members if stage.cluster.is_primary(member.name)]


def kill(stage: Stage, *places: str) -> float:
    at = 0.0
    for place in places:
        at = stage.strike(
            f"{place} killed",
            partial(stage.twin.places.kill, place),
            repair=partial(stage.twin.places.revive, place),
        )
    return at


def writes_since(load: Load, moment: float) -> int:
    return sum(answer.at > moment for answer in load.writes)


def stays_without_a_primary(stage: Stage, load: Load, since: float) -> None:
    """For longer than a lease nobody is primary, and no write is acknowledged."""
    time.sleep(LONGER_THAN_A_LEASE_S)
    assert primaries(stage) == []
    assert writes_since(load, since + 5) == 0


def back(stage: Stage, text: str) -> Measure:
    """Repair all; users are answered again, and any region may be lost again."""
    healed_at = stage.heal(text)
    stage.recovered(healed_at)
    return stage.redundancy_since(healed_at)


def test_13_a_lost_witness_changes_nothing(stage):
    primary = stage.leader.name
    with stage.users():
        kill(stage, "witness")
        time.sleep(20)
        gaps = stage.gaps(time.monotonic(), LESS_THAN_A_FAILOVER_S)
        assert primaries(stage) == [primary]
        redundancy = stage.redundancy_since(stage.heal("witness back"))
    hold([*gaps, *stage.lost(), redundancy])
    assert stage.failovers() == 0


@pytest.mark.drill
def test_14_without_a_majority_of_voters_nobody_writes_and_nothing_is_lost(stage):
    with stage.users() as load:
        for place in (stage.other, "witness"):
            voter = Held(stage.twin, place, "etcd-1")
            at = stage.strike(f"the voter in {place} is down", voter.hold, repair=voter.let_up)
        assert stage.within(LONGER_THAN_A_LEASE_S, lambda: not primaries(stage))
        stopped_at = time.monotonic()
        stays_without_a_primary(stage, load, stopped_at)
        redundancy = back(stage, "the voters are back")
    assert stopped_at - at < LONGER_THAN_A_LEASE_S
    hold([*stage.lost(), redundancy])


@pytest.mark.drill
def test_15_a_region_that_is_left_alone_does_not_promote_itself(stage):
    with stage.users() as load:
        at = kill(stage, stage.home, "witness")
        stays_without_a_primary(stage, load, at)
        redundancy = back(stage, "all back")
    hold([*stage.lost(), redundancy])


@pytest.mark.drill
def test_16_a_member_that_may_lack_acknowledged_rows_is_not_promoted(stage):
    copy = next(
        member
        for member in stage.cluster.state().members
        if member.place == stage.other and member.role == "sync_standby"
    )
    with stage.users() as load:
        standby = Held(stage.twin, copy.place, copy.name.removeprefix(f"{copy.place}-"))
        stage.strike(f"the copy {copy.name} is down", standby.hold, repair=standby.let_up)
        at = kill(stage, stage.home)
        stays_without_a_primary(stage, load, at)
        redundancy = back(stage, "both back")
    hold([*stage.lost(), redundancy])


@pytest.mark.drill
def test_19_a_region_that_missed_writes_and_boots_first_takes_none(stage):
    with stage.users() as load:
        kill(stage, stage.other)
        stage.recovered(time.monotonic() + 15)
        at = kill(stage, "witness", stage.home)
        for place in (stage.other, "witness"):
            stage.twin.places.revive(place)
        stage.note("the stale region is back, with the witness")
        stays_without_a_primary(stage, load, at)
        redundancy = back(stage, "all back")
    hold([*stage.lost(), redundancy])


@pytest.mark.drill
def test_38_a_client_that_stays_with_the_old_region_is_told_of_no_write_that_is_not_in_the_new_one(stage):
    address = stage.twin.layout.place(stage.home).address
    pinned = Load(f"http://{address}:8080", stage.load.journal, f"{stage.run}-pinned", writers=2, readers=0)
    with stage.users() as load, pinned:
        kill(stage, stage.home)
        gaps = stage.gaps(stage.recovered(), stage.budget_s)
        back_at = stage.heal(f"{stage.home} back")
        redundancy = stage.redundancy_since(back_at)
        stage.recovered(time.monotonic())
        assert writes_since(pinned, back_at) > 0
        answer = httpx.get(f"http://{address}:8080/region-health", trust_env=False)
        assert (answer.status_code, answer.text) == (503, "secondary")
    assert stage.leader.place == stage.other
    load.acknowledged |= pinned.acknowledged
    hold([*gaps, *stage.lost(), redundancy])
