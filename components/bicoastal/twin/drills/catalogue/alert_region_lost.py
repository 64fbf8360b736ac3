"""The primary's region is lost, with its watchers."""

from functools import partial

from ....monitoring.causes import REPLICAS_MISSING, SENTINELS_MISSING, VOTERS_MISSING
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
    # What misses the region may outlive its page by seconds, and it serves again some time after it is back.
    may=paged("PublicAddressDown")
    | ticketed(VOTERS_MISSING, SENTINELS_MISSING, REPLICAS_MISSING, "EdgePoolDown"),
)
DRILL = SCENARIO.drill
