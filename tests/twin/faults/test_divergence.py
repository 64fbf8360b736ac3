"""Fault 26: the old primary has written what no other member has."""

import time
from contextlib import closing
from functools import partial

import pytest

from bicoastal.database import Member
from bicoastal.twin.drills.members import containers_of, member_named
from bicoastal.twin.drills.stage import Stage
from tests.twin.faults.conftest import hold

pytestmark = [pytest.mark.twin, pytest.mark.drill, pytest.mark.timeout(900)]

WRITTEN_ALONE = "set synchronous_commit = local; create table written_alone (); "
IS_IT_THERE = "select to_regclass('written_alone')"
WAYS_BACK = (b"running pg_rewind", b"replica has been created using")
"""What Patroni's log says when a member's data is rewound, or copied anew."""


def sql(stage: Stage, member: Member, statement: str) -> str:
    """The member's answer, asked within its own container: no cut of the network reaches it."""
    address = ["-h", "/run/postgresql", "-p", str(member.port), "-U", "postgres"]
    command = ["psql", *address, "-d", stage.twin.environment.database.database, "-Atqc", statement]
    with closing(stage.twin.places.engine(member.place)) as engine:
        (container,) = engine.containers.list(filters=containers_of(member))
        code, output = container.exec_run(command)
    assert code == 0, output
    return output.decode().strip()


def went_back(stage: Stage, member: Member, since: int) -> bool:
    with closing(stage.twin.places.engine(member.place)) as engine:
        (container,) = engine.containers.list(filters=containers_of(member))
        said = container.logs(since=since)
    return any(way in said for way in WAYS_BACK)


def test_26_a_primary_that_has_diverged_gives_up_what_it_wrote_alone_and_follows(stage):
    places, old = stage.twin.places, member_named(stage.twin, stage.leader.name)
    with stage.users():
        stage.strike(
            f"{stage.home} cut off",
            partial(places.isolate, stage.home),
            repair=partial(places.rejoin, stage.home),
        )
        since = int(time.time())
        sql(stage, old, WRITTEN_ALONE)
        assert sql(stage, old, IS_IT_THERE) == "written_alone"
        gaps = stage.gaps(stage.recovered(), stage.budget_s)
        redundancy = stage.redundancy_since(stage.heal(f"{stage.home} rejoined"))
    assert stage.failovers() == 1
    assert sql(stage, old, IS_IT_THERE) == ""
    assert went_back(stage, old, since)
    hold([*gaps, *stage.lost(in_doubt=1), redundancy])
