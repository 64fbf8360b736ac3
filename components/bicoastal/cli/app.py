"""All commands, under one name."""

from .commands import HOMES, app_of

app = app_of(HOMES)
from . import drills, edge_ranges, faults, lifecycle, measures, operations, plan, review, runner

app = typer.Typer(
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    help="A production stack on two coasts, and its twin on one machine.",
)
lifecycle.register(app)
operations.register(app)
faults.register(app)
measures.register(app)
runner.register(app)
edge_ranges.register(app)
plan.register(app)
review.register(app)
app.add_typer(drills.app, name="drill")
