"""Replication between the regions is cut."""

from functools import partial

from ..alarms import Scenario, ticketed
from ..stage import Stage


def strike(stage: Stage) -> None:
    """Packets to the members' Postgres are dropped between the regions, both ways; all else goes on."""
    twin = stage.twin
    members = twin.environment.database.members(twin.environment.topology)
    ports = sorted({member.port for member in members})
    stage.strike(
        "replication cut",
        partial(twin.places.sever, stage.home, stage.other, ports=ports),
        repair=partial(twin.places.rejoin, stage.home),
    )


SCENARIO = Scenario(
    name="replication-cut",
    summary="Cut replication between the regions: tickets tell of the copies that do not stream.",
    strike=strike,
    lasts_s=270,
    # The other region sees no primary either, and says so to the edge.
    must=ticketed("PostgresNotStreaming", "PeerUnreached", "EdgePoolDown"),
    # Its figures are of five minutes, and so is its hold.
    may=ticketed("BackendConnectionsFail"),
)
DRILL = SCENARIO.drill
