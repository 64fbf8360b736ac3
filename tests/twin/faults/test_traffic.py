"""Fault 29: what serves users in the primary's region is gone, and the primary is not."""

import pytest

from bicoastal.twin.drills.services import Held
from tests.twin.faults.conftest import hold

pytestmark = [pytest.mark.twin, pytest.mark.timeout(900)]


@pytest.mark.drill
@pytest.mark.parametrize("service", ["haproxy", "api"])
def test_29_users_go_to_the_other_region_while_the_primary_stays(stage, service):
    primary = stage.leader.name
    with stage.users() as load:
        held = Held(stage.twin, stage.home, service)
        at = stage.strike(f"every {service} of {stage.home} is down", held.hold, repair=held.let_up)
        gaps = stage.gaps(stage.recovered(), stage.budget_s)
        assert {answer.region for answer in load.writes if answer.at > at + 5} == {stage.other}
        assert stage.leader.name == primary
        stage.heal("back")
        assert stage.within(60, lambda: bool(stage.twin.edge.pools().get(stage.home)))
        stage.recovered()
        assert load.writes[-1].region == stage.home
    hold([*gaps, *stage.lost()])
    assert stage.failovers() == 0
