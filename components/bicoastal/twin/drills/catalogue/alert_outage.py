"""No region's API is there."""

from ....monitoring.causes.edge import outage_page_s
from ..alarms import Scenario, Term, mailed, paged, ticketed
from ..services import Held
from ..stage import Stage


def strike(stage: Stage) -> None:
    """Hold every task of both colours down, in both regions."""
    for region in (stage.home, stage.other):
        api = Held(stage.twin, region, "api")
        stage.strike(f"no API in {region}", api.hold, repair=api.let_up)


SCENARIO = Scenario(
    name="outage",
    summary="Hold the API down in both regions: somebody is paged within 120 s; the worst case as a sum.",
    strike=strike,
    lasts_s=150,
    must=paged("PublicAddressDown", "UptimeBudgetBurn1h")
    | ticketed("ApiColourDown", "EdgePoolDown", "ErrorRateNotMeasured", "PaymentsNotMeasured")
    | mailed("PaymentsNotMeasured"),
    worst=[Term(what=what, seconds=seconds) for what, seconds in outage_page_s().items()],
)
DRILL = SCENARIO.drill
