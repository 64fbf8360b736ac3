"""How long the offline plan takes and how much memory, beside a flat program of the same raw resources.

    python -m benchmarks.plan [--runs 3]

Seconds are of CPU, so that what else runs does not count. Each program runs in a process of its own and there
five times: `first` is the first of them, in which modules are loaded and templates compiled, and the other
figures are of the quickest of the rest. All are medians over `--runs` processes. `services` are container
services of the library with a config and a secret each, `stacks` whole stacks over two regions and a witness,
`production` is this repository's program with its tracked settings.

The flat program, which `benchmarks.flat` writes, registers the recorded resources again without the library,
under the same monitor. `empty` is the same program with an empty component for each of the library's as
their parents: what it takes more than `flat` is the price of components in Pulumi's SDK, and what the library
takes more than `empty` is the library's own. `MiB` is how far the process's peak rises in the first run. The
last columns are what each format adds; the first one reads the tables of properties, too.
"""

import argparse
import gc
import json
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path

import pulumi
import pulumi_docker as docker
from rich.console import Console
from rich.table import Table

from bicoastal import ContainerService, OverlayNetwork, TwoRegionStack
from bicoastal.cli.plan import Format, render
from bicoastal.plan import Plan, record
from bicoastal.plan.fill_ins import with_stand_ins
from bicoastal.plan.review import Review
from bicoastal.twin.project import Project
from tests.library.samples import ARGUMENTS, container_service

from .flat import flat_program

SIZES = {"services": (50, 100, 200), "stacks": (1, 2, 4), "production": (1,)}
PROJECT = "benchmark"
REFERENCES = {"flat": False, "empty": True}
"""The programs beside the library's, and whether each has components."""


def services(count: int) -> Plan:
    """Container services of the library on one engine."""

    def program() -> None:
        engine = pulumi.ResourceOptions(providers=[docker.Provider("docker-east", host="ssh://east")])
        network = OverlayNetwork("network", {"network_name": "stack_internal"}, engine)
        for i in range(count):
            own = {"service_name": f"stack_s{i}", "network_id": network.network_id, "ports": []}
            ContainerService(f"s{i}", container_service(**own), engine)

    return record(program, project=PROJECT, stack="stack", config={})


def stacks(count: int) -> Plan:
    """Whole stacks."""

    def program() -> None:
        for i in range(count):
            TwoRegionStack(f"stack{i}", ARGUMENTS["TwoRegionStack"]())

    return record(program, project=PROJECT, stack="stack", config={})


def production(_: int) -> Plan:
    """This repository's environment."""
    project = Project.find(Path.cwd())
    tracked, secret_keys = project.config("production")
    config, _to_fill_in = with_stand_ins(tracked)
    if str(project.main) not in sys.path:
        sys.path.insert(0, str(project.main))
    return record(
        project.program, project=project.name, stack="production", config=config, secret_keys=secret_keys
    )


PROGRAMS = {"services": services, "stacks": stacks, "production": production}


def measure(program: Callable[[], Plan]) -> tuple[Plan, dict[str, float]]:
    """Run a program five times: its plan and figures."""
    before = _peak_mib()
    plan, first = _timed(program)
    figures = {"first": first, "mib": _peak_mib() - before}
    return plan, {**figures, "seconds": min(_timed(program)[1] for _ in range(4))}


def _timed(program: Callable[[], Plan]) -> tuple[Plan, float]:
    gc.collect()  # what the run before has left
    begun = time.process_time()
    plan = program()
    return plan, time.process_time() - begun


def _peak_mib() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def child(kind: str, size: int, folder: Path) -> dict[str, float]:
    """What one process measures. The library's run leaves the other programs in the folder."""
    if kind in REFERENCES:
        program = compile((folder / f"{kind}.py").read_text(), kind, "exec")

        def flat() -> None:
            exec(program, {})  # noqa: S102 our own file

        return measure(lambda: record(flat, project=PROJECT, stack="stack", config={}))[1]
    plan, figures = measure(partial(PROGRAMS[kind], size))
    for name, with_components in REFERENCES.items():
        (folder / f"{name}.py").write_text(flat_program(plan, with_components=with_components))
    figures["resources"] = sum(one.custom for one in plan.resources)
    figures["components"] = len(plan.resources) - figures["resources"]
    review = Review(PROJECT, "stack", plan, {}, frozenset())
    for form in Format:
        begun = time.process_time()
        render(review, form)
        figures[form.value] = time.process_time() - begun
    return figures


def run(kind: str, size: int, folder: Path) -> dict[str, float]:
    """The figures of one process."""
    arguments = ["--child", kind, "--size", str(size), "--folder", str(folder)]
    command = [sys.executable, "-m", "benchmarks.plan", *arguments]
    figures: dict[str, float] = json.loads(subprocess.run(command, capture_output=True, check=True).stdout)
    return figures


def medians(kind: str, size: int, runs: int) -> dict[str, dict[str, float]]:
    """The median of each figure, by program. One run of each follows the other, so that a machine that is
    slower for a while is so for all."""
    with tempfile.TemporaryDirectory() as name:
        rounds = [{which: run(which, size, Path(name)) for which in (kind, *REFERENCES)} for _ in range(runs)]
    return {
        "library" if which == kind else which: {
            figure: statistics.median(one[which][figure] for one in rounds) for figure in rounds[0][which]
        }
        for which in (kind, *REFERENCES)
    }


def main() -> None:
    """Measure everything and print the tables."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--child", help=argparse.SUPPRESS)
    parser.add_argument("--size", type=int, default=0, help=argparse.SUPPRESS)
    parser.add_argument("--folder", type=Path, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.child:
        figures = child(options.child, options.size, options.folder)
        sys.stdout.write(json.dumps(figures))
        return
    registration = Table(
        *(
            "",
            "resources",
            "components",
            "s",
            "ms each",
            "flat",
            "empty",
            "s / flat",
            "empty / flat",
            "s / empty",
        ),
        title=f"registration in seconds of CPU, median of {options.runs}",
    )
    others = Table(
        *("", "first s", "flat first s", "MiB", "flat MiB", *(form.value for form in Format)),
        title="the first run, and the seconds that each format adds",
    )
    for kind, sizes in SIZES.items():
        for size in sizes:
            found = medians(kind, size, options.runs)
            label = kind if len(sizes) == 1 else f"{size} {kind}"
            registration.add_row(label, *_registration(found))
            others.add_row(label, *_others(found))
    Console().print(registration, others)


def _registration(found: dict[str, dict[str, float]]) -> list[str]:
    ours = found["library"]
    seconds, flat, empty = (found[which]["seconds"] for which in ("library", "flat", "empty"))
    return [
        f"{ours['resources']:g}",
        f"{ours['components']:g}",
        f"{seconds:.2f}",
        f"{seconds / ours['resources'] * 1000:.2f}",
        f"{flat:.2f}",
        f"{empty:.2f}",
        f"{seconds / flat:.2f}",
        f"{empty / flat:.2f}",
        f"{seconds / empty:.2f}",
    ]


def _others(found: dict[str, dict[str, float]]) -> list[str]:
    ours, flat = found["library"], found["flat"]
    return [
        f"{ours['first']:.2f}",
        f"{flat['first']:.2f}",
        f"{ours['mib']:.0f}",
        f"{flat['mib']:.0f}",
        *(f"{ours[form.value]:.2f}" for form in Format),
    ]


if __name__ == "__main__":
    main()
