"""The primary's member is killed and stays down."""

from ..alarms import Scenario, paged, ticketed
from ..members import member_named
from ..services import Held
from ..stage import Stage


def strike(stage: Stage) -> None:
    """Hold the primary's container down: another member takes over."""
    leader = member_named(stage.twin, stage.leader.name)
    node = Held(stage.twin, leader.place, leader.service)
    stage.strike(f"{leader.name} killed and held down", node.hold, repair=node.let_up)


SCENARIO = Scenario(
    name="primary-killed",
    summary="Kill the primary and hold it down: tickets tell of the member, a page at most of the failover.",
    strike=strike,
    lasts_s=150,
    must=ticketed("PatroniDown", "PostgresUnreachable"),
    # A probe may meet the failover; the member is back when the other region has missed it for two minutes.
    may=paged("PublicAddressDown") | ticketed("PeerUnreached"),
)
DRILL = SCENARIO.drill
