"""Faults injected on purpose, each with a verdict."""

import statistics
from typing import Annotated

import rich
import typer

from ..twin.drills.region_loss import RegionLoss, region_loss
from .common import AsJson, Name, console, existing_twin, print_json

app = typer.Typer(no_args_is_help=True, help="Faults injected on purpose, each with a verdict.")


@app.callback()
def _group() -> None:
    """With a callback the one drill keeps its name."""


@app.command("region-loss")
def drill_region_loss(
    name: Name = "local",
    runs: Annotated[int, typer.Option(min=1, max=1000, help="How often.")] = 1,
    as_json: AsJson = False,
) -> None:
    """Kill the primary's region while users write; print the seconds beside the budget. Exit code 1 when a
    run exceeds it or loses more than it may."""
    with existing_twin(name) as twin:
        results = []
        for number in range(1, runs + 1):
            console.print(f"run {number} of {runs}")
            result = region_loss(twin, lambda text: console.print(f"  {text}"))
            console.print("  " + _verdict(result))
            results.append(result)
        if as_json:
            print_json(_summary(results))
        else:
            _print_summary(results)
        if not all(result.passed for result in results):
            raise typer.Exit(1)


def _verdict(result: RegionLoss) -> str:
    word = "[green]passed[/green]" if result.passed else "[red]failed[/red]"
    return (
        f"{word}: write gap {result.write_gap_s} s, read gap {result.read_gap_s} s of {result.budget_s:g} s,"
        f" {result.lost} of {result.acknowledged} acknowledged rows lost (bound {result.lost_bound}),"
        f" full redundancy {result.redundancy_s} s after the return,"
        f" cloned anew: {', '.join(result.cloned_anew) or 'none'}"
    )


def _summary(results: list[RegionLoss]) -> dict[str, object]:
    gaps = [result.write_gap_s for result in results]
    return {
        "drill": "region-loss",
        "passed": all(result.passed for result in results),
        "write_gap_s": {"median": statistics.median(gaps), "worst": max(gaps)},
        "budget_s": results[0].budget_s,
        "lost": sum(result.lost for result in results),
        "runs": [result.as_json() for result in results],
    }


def _print_summary(results: list[RegionLoss]) -> None:
    for label, values in (
        ("write gap", [r.write_gap_s for r in results]),
        ("read gap", [r.read_gap_s for r in results]),
        ("full redundancy", [r.redundancy_s for r in results]),
    ):
        rich.print(f"{label:<16} median {statistics.median(values):6.1f} s   worst {max(values):6.1f} s")
    rich.print(f"{'budget':<16} {results[0].budget_s:g} s")
    rich.print(
        f"{'acknowledged':<16} {sum(r.acknowledged for r in results)}, lost {sum(r.lost for r in results)}"
    )
