"""Operating a running environment."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Annotated

import rich
import typer

from ..operations.deploy import SOAK_S
from ..operations.deploy import deploy as run_deploy
from ..operations.running_colours import running_colours
from ..operations.scale import Scale
from ..operations.scale import scale as run_scale
from ..operations.switchover import Switchover, fail_back, switch_over
from ..twin.running import RunningTwin
from .common import AsJson, Name, existing_twin, print_json
from .console import console, plain


def register(app: typer.Typer) -> None:
    """Add the commands."""
    app.command()(deploy)
    app.command()(scale)
    app.command()(switchover)
    app.command()(failback)


def deploy(
    image: Annotated[str, typer.Argument(help="The API's new image: one that this machine has or can pull.")],
    name: Name = "local",
    soak: Annotated[
        float,
        typer.Option(
            min=1,
            max=3600,
            help="Seconds that it must stand before users come; a third of it again under users.",
        ),
    ] = SOAK_S,
    as_json: AsJson = False,
) -> None:
    """Give the API a new image without a failed request: under the idle colour first, then users move to it,
    and back by themselves when it fails. Exit code 1 then."""
    with _environment(name) as environment:
        done = run_deploy(environment, lambda: running_colours(environment), image, _say, soak)
        if as_json:
            print_json(done.as_json())
            return
        rich.print(
            f"{done.colour} is live with {done.image} after {done.seconds:g} s;"
            f" {done.errors} of {done.requests} requests to it failed"
        )


def scale(
    service: Annotated[str, typer.Argument(help="The service and its tasks in each region: api=5")],
    name: Name = "local",
) -> None:
    """Run a service with another number of tasks; only what changes is touched."""
    with _environment(name) as environment:
        wanted = Scale.parse(service)
        changed = run_scale(environment, wanted, _say)
        rich.print(
            f"{wanted.service}: {wanted.tasks} tasks in each region, healthy;"
            f" changed: {', '.join(changed) or 'nothing'}"
        )


def switchover(
    region: Annotated[str, typer.Argument(help="The region that the primary moves to.")],
    name: Name = "local",
    member: Annotated[
        str | None, typer.Option(help="The member there. Default: one that is a synchronous standby.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Move the primary to the other region as planned; users follow by health."""
    with _environment(name) as environment:
        _tell(switch_over(environment, region, _say, member), as_json)


def failback(name: Name = "local", as_json: AsJson = False) -> None:
    """Move the primary home to the region that is declared to have it, once everything there is ready."""
    with _environment(name) as environment:
        _tell(fail_back(environment, _say), as_json)


def _tell(done: Switchover, as_json: bool) -> None:
    if as_json:
        print_json(done.as_json())
        return
    rich.print(
        f"{done.primary} is primary, after {done.primary_before}: no writes for at most {done.write_gap_s} s;"
        f" redundant again {done.redundant_after_s} s later; {plain(done.cache)}."
        " Users follow when the edge's probes see it"
    )


@contextmanager
def _environment(name: str) -> Iterator[RunningTwin]:
    with existing_twin(name) as twin:
        yield RunningTwin(twin)


def _say(text: str) -> None:
    console.print(plain(text))
