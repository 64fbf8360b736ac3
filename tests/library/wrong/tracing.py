"""Wrong traces."""

from typing import Any

from tests.library.arguments import ARGUMENTS
from tests.library.wrong.table import Broken, Wrong


def jaeger(**own: Any) -> Broken:
    return lambda: ("Jaeger", {**ARGUMENTS["Jaeger"](), **own})


WRONG: Wrong = {
    "more traces than Jaeger's memory holds": (
        jaeger(storage={"max_traces": 50_000}),
        "storage.max_traces",
        "50000 traces",
        "at most 41943 traces",
    ),
    "a memory that holds fewer traces than the default": (
        jaeger(limits={"memory_mb": 128}),
        "storage.max_traces",
        "20000 traces (the default)",
        "at most 10485 traces",
    ),
}
