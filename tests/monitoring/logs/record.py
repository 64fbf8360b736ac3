"""Record what a real Loki tells of itself: `python -m tests.monitoring.logs.record`.

Loki is found as the tests find it. It has taken lines and refused some by then, so that it tells of both.
"""

import sys
import tempfile
from pathlib import Path

from tests.monitoring.logs.server import Server, program
from tests.monitoring.logs.test_loki import SMALL
from tests.monitoring.record import RECORDED, once


def main() -> None:
    """Write the page of the job `loki`."""
    found = program()
    if found is None:
        sys.exit("no Loki on PATH, nor as LOKI_BIN")
    with tempfile.TemporaryDirectory() as folder, Server(found, Path(folder), ingestion=SMALL) as server:
        server.push("a line")
        server.push(*("x" * 1000 for _ in range(3000)), labels={"service": "fast"})
        server.until(lambda: server.lines() == ["a line"])
        kept = list(once(server.asked("/metrics")[1].splitlines()))
    (RECORDED / "loki.prom").write_text("\n".join(kept) + "\n")


if __name__ == "__main__":
    main()
