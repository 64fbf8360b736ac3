"""What a runner needs to reach production's hosts: the way there, and a look at whether it is complete."""

from typing import Annotated

import typer

from ..hosts.engines import EnginesSilent, await_engines
from ..hosts.managers import NotReached
from ..hosts.preflight import preflight as look
from ..hosts.ssh import swarm_ssh_options
from ..hosts.ssh_proxy import keep_words, open_session
from .console import console, plain

Region = Annotated[str, typer.Option(help="The hosts' region, such as us-east-1.")]


def register(app: typer.Typer) -> None:
    """Add the commands."""
    app.command("ssh-proxy")(ssh_proxy)
    app.command()(preflight)
    app.command("await-engines")(await_all)


def ssh_proxy(
    target: Annotated[
        str, typer.Argument(help="A Swarm, such as east.production, or one manager: 0.east.production.")
    ],
    region: Region,
    parameters: Annotated[str, typer.Option(help="The path of the Swarm's SSM parameters.")],
    user: Annotated[str, typer.Option(help="The user on the host.")],
) -> None:
    """For ssh, as its ProxyCommand: an SSM session with the first healthy manager, or with the one that is
    named, with a key that lives for 60 s. What it says stands in ~/.ssh/bicoastal/said-<target>, too."""

    def say(text: str) -> None:
        keep_words(target, text)
        console.print(plain(text), soft_wrap=True)

    try:
        open_session(target, region, parameters, user, say)
    except NotReached as failure:
        keep_words(target, str(failure))
        console.print(f"[bold red]failed[/bold red] {plain(str(failure))}", soft_wrap=True)
        raise typer.Exit(1) from None


def await_all(
    swarm: Annotated[str, typer.Argument(help="A place's Swarm, such as east.production.")],
    region: Region,
    managers: Annotated[int, typer.Option(min=1, help="How many managers it has.")] = 3,
    limit: Annotated[int, typer.Option(min=0, help="Seconds to wait at most.")] = 900,
) -> None:
    """Wait until a Swarm made by SwarmHosts reaches all its managers, as after a reboot: the next one may not
    go before. Exit code 1 when it takes too long."""
    place, _, stack = swarm.partition(".")
    if not stack:
        console.print(f"{plain(swarm)} is no Swarm's name: <place>.<stack>, such as east.production")
        raise typer.Exit(2)
    try:
        await_engines(swarm, swarm_ssh_options(stack, place, region), managers, limit, typer.echo)
    except EnginesSilent as failure:
        console.print(f"[bold red]failed[/bold red] {plain(str(failure))}", soft_wrap=True)
        raise typer.Exit(1) from None
    typer.echo(f"{swarm} reaches all its {managers} managers")


def preflight(
    region: Annotated[
        str | None, typer.Option(help="Ask AWS in this region who we are. Default: nothing is sent.")
    ] = None,
) -> None:
    """Look for what a runner needs to apply a program and to reach the hosts; exit code 1 when something is
    missing or too old."""
    complete = True
    for finding in look(region):
        complete = complete and finding.good
        verdict = "ok" if finding.good else finding.wrong
        typer.echo(f"{verdict:7} {finding.what}: {finding.told}")
        if not finding.good:
            typer.echo(f"        fix: {finding.fix}")
    if not complete:
        raise typer.Exit(1)
