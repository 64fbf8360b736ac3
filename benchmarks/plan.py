"""How long the offline plan takes and how much memory, beside a flat program of the same raw resources.

    python -m benchmarks.plan [--runs 3]

Seconds are of CPU, so that what else runs does not count; each figure is the median of runs in processes of
their own. `services` are container services of the library with a config and a secret each, `stacks` whole
stacks over two regions and a witness. The flat program registers the recorded resources again, without
components, under the same monitor. `MiB` is how far the process's peak rises above what it had before the
program ran. The last columns are what each format adds; the first format reads the tables of properties, too.
"""

import argparse
import json
import pickle
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pulumi
import pulumi_docker as docker
from rich.console import Console
from rich.table import Table

from bicoastal import ContainerService, OverlayNetwork, TwoRegionStack
from bicoastal.cli.plan import Format, render
from bicoastal.plan import Plan, Secret, record
from bicoastal.plan.review import Review
from tests.library.samples import ARGUMENTS, container_service

SIZES = {"services": (50, 100, 200), "stacks": (1, 2, 4)}
PROJECT = "benchmark"


def services(count: int) -> None:
    """Declare container services of the library on one engine."""
    engine = pulumi.ResourceOptions(providers=[docker.Provider("docker-east", host="ssh://east")])
    network = OverlayNetwork("network", {"network_name": "stack_internal"}, engine)
    for i in range(count):
        own = {"service_name": f"stack_s{i}", "network_id": network.network_id, "ports": []}
        ContainerService(f"s{i}", container_service(**own), engine)


def stacks(count: int) -> None:
    """Declare whole stacks."""
    for i in range(count):
        TwoRegionStack(f"stack{i}", ARGUMENTS["TwoRegionStack"]())


def flat(resources: list[tuple[str, str, dict[str, Any]]]) -> None:
    """Register these resources by token, name and properties, and nothing else."""
    for token, name, properties in resources:
        pulumi.CustomResource(token, name, {key: _output(value) for key, value in properties.items()})


def _output(value: Any) -> Any:
    return pulumi.Output.secret(value.value) if isinstance(value, Secret) else value


def measure(program: Callable[[], object]) -> tuple[Plan, dict[str, float]]:
    """Record a program; its seconds, and the MiB by which the peak rose."""
    assert docker.Service, docker.Provider  # loaded, so that no figure has the import in it
    record(lambda: services(1), project=PROJECT, stack="warm", config={})
    before = _peak_mib()
    begun = time.process_time()
    plan = record(program, project=PROJECT, stack="stack", config={})
    return plan, {"seconds": time.process_time() - begun, "mib": _peak_mib() - before}


def _peak_mib() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def child(kind: str, size: int, file: Path) -> dict[str, float]:
    """What one process measures. A library's run leaves its resources in the file for the flat one."""
    if kind == "flat":
        raw = pickle.loads(file.read_bytes())  # noqa: S301 our own file
        return measure(lambda: flat(raw))[1]
    plan, figures = measure(lambda: {"services": services, "stacks": stacks}[kind](size))
    raw = [
        (r.type, r.name, dict(r.inputs)) for r in plan.resources if r.custom and ":providers:" not in r.type
    ]
    file.write_bytes(pickle.dumps(raw))
    figures["resources"] = len(raw)
    review = Review(PROJECT, "stack", plan, {}, frozenset())
    for form in Format:
        begun = time.process_time()
        render(review, form)
        figures[form.value] = time.process_time() - begun
    return figures


def run(kind: str, size: int, file: Path, runs: int) -> dict[str, float]:
    """The median of each figure over processes of their own."""
    command = [
        sys.executable,
        "-m",
        "benchmarks.plan",
        "--child",
        kind,
        "--size",
        str(size),
        "--file",
        str(file),
    ]
    seen = [json.loads(subprocess.run(command, capture_output=True, check=True).stdout) for _ in range(runs)]
    return {name: statistics.median(one[name] for one in seen) for name in seen[0]}


def main() -> None:
    """Measure everything and print one table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--child", help=argparse.SUPPRESS)
    parser.add_argument("--size", type=int, default=0, help=argparse.SUPPRESS)
    parser.add_argument("--file", type=Path, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.child:
        sys.stdout.write(json.dumps(child(options.child, options.size, options.file)))
        return
    columns = (
        "",
        "resources",
        "s",
        "ms each",
        "flat s",
        "ratio",
        "MiB",
        "flat MiB",
        *(f.value for f in Format),
    )
    table = Table(
        *columns,
        title=f"registration in CPU seconds, and those that rendering adds; median of {options.runs}",
    )
    with tempfile.TemporaryDirectory() as folder:
        for kind, sizes in SIZES.items():
            for size in sizes:
                file = Path(folder) / f"{kind}-{size}"
                ours = run(kind, size, file, options.runs)
                theirs = run("flat", size, file, options.runs)
                table.add_row(f"{size} {kind}", *_cells(ours, theirs))
    Console().print(table)


def _cells(ours: dict[str, float], theirs: dict[str, float]) -> list[str]:
    return [
        f"{ours['resources']:g}",
        f"{ours['seconds']:.2f}",
        f"{ours['seconds'] / ours['resources'] * 1000:.2f}",
        f"{theirs['seconds']:.2f}",
        f"{ours['seconds'] / theirs['seconds']:.2f}",
        f"{ours['mib']:.0f}",
        f"{theirs['mib']:.0f}",
        *(f"{ours[form.value]:.2f}" for form in Format),
    ]


if __name__ == "__main__":
    main()
