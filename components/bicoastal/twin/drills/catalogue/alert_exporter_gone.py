"""An exporter is gone; what it tells of is well."""

from ..alarms import Scenario, ticketed
from ..services import Held
from ..stage import Stage


def strike(stage: Stage) -> None:
    """Hold one exporter of Postgres down."""
    exporter = Held(stage.twin, stage.home, "postgres-exporter-1")
    stage.strike(f"no postgres-exporter-1 in {stage.home}", exporter.hold, repair=exporter.let_up)


SCENARIO = Scenario(
    name="exporter-gone",
    summary="Hold one exporter down: one ticket says so, and nothing else is told.",
    strike=strike,
    lasts_s=210,
    must=ticketed("PostgresExporterDown"),
)
DRILL = SCENARIO.drill
