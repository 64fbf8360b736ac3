"""The command `bicoastal`."""

import typer

from . import drills, faults, lifecycle, measures, operations, plan

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
plan.register(app)
app.add_typer(drills.app, name="drill")
