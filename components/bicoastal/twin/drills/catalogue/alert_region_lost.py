"""The primary's region is lost, with its watchers."""

from functools import partial

from ..alarms import Scenario, paged, ticketed
from ..stage import Stage


def strike(stage: Stage) -> None:
    """Everything in the home region dies at once."""
    places, home = stage.twin.places, stage.home
    stage.strike(f"{home} killed", partial(places.kill, home), repair=partial(places.revive, home))


SCENARIO = Scenario(
    name="region-lost",
    summary="Kill the primary's region: its loss is paged, and what is lost with it is not told beside it.",
    strike=strike,
    lasts_s=240,
    must=paged("RegionLost"),
    may=paged("PublicAddressDown") | ticketed("EtcdMembersMissing"),
)
DRILL = SCENARIO.drill
