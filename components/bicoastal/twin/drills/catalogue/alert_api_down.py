"""The API is gone where the primary is."""

from ..alarms import Scenario, mailed, paged, ticketed
from ..services import Held
from ..stage import Stage


def strike(stage: Stage) -> None:
    """Hold every task of both colours down, in the primary's region."""
    api = Held(stage.twin, stage.home, "api")
    stage.strike(f"no API in {stage.home}", api.hold, repair=api.let_up)


SCENARIO = Scenario(
    name="api-down",
    summary="Hold the API down in the primary's region: the set of alerts is exactly the expected one.",
    strike=strike,
    lasts_s=150,
    must=ticketed("ApiColourDown", "EdgePoolDown", "ErrorRateNotMeasured", "PaymentsNotMeasured")
    | mailed("PaymentsNotMeasured"),
    # Until the edge has found it out nobody is served, which a probe may meet.
    may=paged("PublicAddressDown"),
)
DRILL = SCENARIO.drill
