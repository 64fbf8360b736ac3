"""How long all checks take over the plan of one of this repository's environments.

    python -m benchmarks.checks            production
    python -m benchmarks.checks staging

Seconds of CPU: the first time, with the tables to be read, and the quickest of five after it.
"""

import sys
import time
from pathlib import Path

from bicoastal.checks.resources import CHECKS
from bicoastal.cli.planned import planned
from bicoastal.plan.findings import findings
from bicoastal.twin.project import Project


def main() -> None:
    """Plan the environment and judge it."""
    environment = sys.argv[1] if len(sys.argv) > 1 else "production"
    review = planned(Project.find(Path(__file__).parent), environment)
    took = []
    for _ in range(6):
        begun = time.process_time()
        found = findings(review.plan, review.config, review.secret_keys)
        took.append(time.process_time() - begun)
    resources = sum(one.custom for one in review.plan.resources)
    sys.stdout.write(
        f"{len(CHECKS)} checks, {environment}: {resources} resources, {len(found)} findings\n"
        f"first {took[0]:.2f} s, then {min(took[1:]):.2f} s\n"
    )


if __name__ == "__main__":
    main()
