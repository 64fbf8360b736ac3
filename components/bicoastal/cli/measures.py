"""What the twin takes of the machine, and how quick it is."""

from typing import Annotated

import rich
import typer
from rich.table import Table

from ..twin.latency import LIMIT_MS, Latencies, latencies
from ..twin.usage import usage
from .common import AsJson, Name, existing_twin, print_json
from .console import console


def register(app: typer.Typer) -> None:
    """Add the commands."""
    app.command("usage")(show_usage)
    app.command("latency")(show_latency)


def show_usage(
    name: Name = "local",
    seconds: Annotated[float, typer.Option(min=1, max=3600, help="How long to watch.")] = 30,
) -> None:
    """How much memory and CPU the twin takes."""
    with existing_twin(name) as twin:
        seen = usage(twin, seconds)
        rich.print(
            f"memory {seen.memory_bytes / 2**30:.2f} GiB, "
            f"CPU {seen.cores * 100:.0f} % of one core over {seen.seconds:g} s"
        )


def show_latency(
    name: Name = "local",
    rate: Annotated[float, typer.Option(min=20, max=10_000, help="Requests a second.")] = 200,
    seconds: Annotated[float, typer.Option(min=5, max=600, help="How long at each hop.")] = 20,
    runs: Annotated[int, typer.Option(min=1, max=100, help="How often the whole way.")] = 3,
    as_json: AsJson = False,
) -> None:
    """How long a request takes at a steady rate, and what each hop adds. Exit code 1 over the limit."""
    with existing_twin(name) as twin:
        seen = latencies(twin, rate, seconds, runs, lambda what, state: console.print(f"{what}: {state}"))
        if as_json:
            print_json(seen.as_json())
        else:
            rich.print(_table(seen))
        if not seen.passed:
            raise typer.Exit(1)


def _table(seen: Latencies) -> Table:
    word = "[green]passed[/green]" if seen.passed else "[red]failed[/red]"
    title = f"ms at {seen.rate:g} requests a second; worst P95 through the edge at most {LIMIT_MS:g}: {word}"
    table = Table(title=title)
    for column in ("way in", "P50", "P95", "worst", "P99", "+P50", "+P95", "failed", "rate"):
        table.add_column(column, no_wrap=True)
    for hop, p50, p95 in zip(seen.hops, seen.added(50), seen.added(95), strict=True):
        figures = (hop.median(50), hop.median(95), hop.worst(95), hop.median(99))
        added = (f"{p50:+.1f}", f"{p95:+.1f}")
        table.add_row(
            hop.hop, *(f"{ms:.1f}" for ms in figures), *added, str(hop.failed), f"{hop.rate_reached:.0f}"
        )
    return table
