"""All commands by the module that they live in: one that is asked for loads what it needs and no more."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from importlib import import_module

import typer


@dataclass(frozen=True)
class Home:
    """A module with commands."""

    module: str
    extra: str
    """The extra of the distribution that brings what it needs."""
    commands: Sequence[str]


HOMES = (
    Home("lifecycle", "twin", ("up", "down", "status")),
    Home("operations", "twin", ("deploy", "scale", "switchover", "failback")),
    Home("faults", "twin", ("kill", "revive")),
    Home("measures", "twin", ("usage", "latency")),
    Home("runner", "cli", ("ssh-proxy", "preflight", "await-engines")),
    Home("alerts", "twin", ("alerts", "post-incident")),
    Home("silences", "twin", ("silence",)),
    Home("edge_ranges", "cli", ("edge-ranges",)),
    Home("monitoring", "monitoring", ("monitoring",)),
    Home("plan", "cli", ("plan",)),
    Home("review", "cli", ("review",)),
    Home("report", "cli", ("report",)),
    Home("drills", "twin", ("drill",)),
)


def app_for(words: Sequence[str]) -> typer.Typer:
    """The command for these words of a command line: with those of one module when it begins with one of
    them, with all else."""
    asked = [home for home in HOMES if words and words[0] in home.commands]
    return app_of(asked or HOMES)


def app_of(homes: Iterable[Home]) -> typer.Typer:
    """The command with these modules' commands. Where the extra of one is not installed, its commands say
    so and do no more."""
    app = typer.Typer(
        no_args_is_help=True,
        add_completion=False,
        pretty_exceptions_enable=False,
        help="A production stack on two coasts, and its twin on one machine.",
    )
    # With it a command is called by its name even where there is only one.
    app.callback()(lambda: None)
    for home in homes:
        try:
            import_module(f".{home.module}", __package__).register(app)
        except ModuleNotFoundError as missing:
            if is_ours(missing):
                raise
            for command in home.commands:
                _add_stand_in(app, command, home.extra, missing)
    return app


def is_ours(missing: ModuleNotFoundError) -> bool:
    """Whether a module of the library itself is missing, which no extra brings."""
    return (missing.name or "").split(".")[0] == __package__.split(".")[0]


def _add_stand_in(app: typer.Typer, command: str, extra: str, missing: ModuleNotFoundError) -> None:
    def refuse() -> None:
        typer.echo(
            f"bicoastal {command} needs {missing.name}, which is not installed; "
            f"the extra {extra!r} brings it: pip install 'bicoastal[{extra}]'",
            err=True,
        )
        raise typer.Exit(2)

    takes_anything = {"allow_extra_args": True, "ignore_unknown_options": True, "help_option_names": []}
    app.command(command, help=f"(needs the extra {extra!r})", context_settings=takes_anything)(refuse)
