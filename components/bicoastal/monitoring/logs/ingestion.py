"""How much a Loki takes."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import NotRequired, TypedDict

from ...checks.problem import Problem
from ...checks.rules import between
from ...settings import setting


class IngestionArgs(TypedDict):
    """How much a Loki takes: what comes beyond it is refused and sent again, and lost once its collector has
    tried for about an hour."""

    rate_mb_s: NotRequired[float]
    """MB of lines in a second, on average, 0.1 to 1000. Default: 4."""
    burst_mb: NotRequired[float]
    """MB of lines at once, 1 to 1000, and not less than `rate_mb_s`. Default: 8."""
    streams: NotRequired[int]
    """Sets of labels that write at a time, 10 to 1000000. Default: 5000."""
    line_kb: NotRequired[int]
    """KB of a line, 1 to 1024: a longer one is cut there. Default: 256."""


@dataclass(frozen=True, kw_only=True)
class Ingestion:
    """How much a Loki takes, checked."""

    rate_mb_s: float = setting(between(0.1, 1000, "MB per second"), default=4.0)
    burst_mb: float = setting(between(1, 1000, "MB"), default=8.0)
    streams: int = setting(between(10, 1_000_000, "streams"), default=5000)
    line_kb: int = setting(between(1, 1024, "KB"), default=256)

    def problems(self) -> Iterator[Problem]:
        """What is wrong between the fields."""
        if self.burst_mb < self.rate_mb_s:
            yield Problem(
                "burst_mb",
                "less than what may come in a second",
                str(self.burst_mb),
                f"at least rate_mb_s, {self.rate_mb_s:g}",
                "raise it, or lower rate_mb_s",
            )
