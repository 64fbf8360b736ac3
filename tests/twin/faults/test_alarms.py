"""Who is told of a fault, from the fault to its repair."""

import pytest

from bicoastal.twin.drills.play import play
from bicoastal.twin.drills.registry import catalogue

pytestmark = [pytest.mark.twin, pytest.mark.timeout(1200)]


@pytest.mark.drill
def test_a_lost_exporter_is_told_of_and_nothing_else_is(twin):
    (series,) = play(twin, [catalogue()["alert-exporter-gone"]], 1, print)
    assert series.passed, series.outcomes[0].verdict()
