"""Record what a real Alloy tells of CloudWatch's figures: `python -m tests.monitoring.cloudwatch.record`.

Alloy is found as the tests find it; a stand-in answers it in AWS' place.
"""

import sys
import tempfile
from pathlib import Path

from tests.monitoring.cloudwatch.exporter import FIGURES, exporter
from tests.monitoring.cloudwatch.stand_in import cloudwatch
from tests.monitoring.programs import found
from tests.monitoring.record import RECORDED, once


def main() -> None:
    """Write the page of the job `cloudwatch`."""
    program = found("alloy") or sys.exit("no Alloy on PATH, nor as ALLOY_BIN")
    with (
        tempfile.TemporaryDirectory() as folder,
        cloudwatch(FIGURES) as aws,
        exporter(program, Path(folder), aws.url) as running,
    ):
        kept = list(once(running.page().splitlines()))
    (RECORDED / "cloudwatch.prom").write_text("\n".join(kept) + "\n")


if __name__ == "__main__":
    main()
