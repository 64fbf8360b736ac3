"""What a report asks each Prometheus, in PromQL."""

import json
from collections.abc import Mapping
from dataclasses import dataclass

from ..monitoring.dashboards.queries import OF_USERS
from ..monitoring.durations import duration
from ..monitoring.objectives.recordings import TILE_S
from ..monitoring.objectives.records import INCIDENT_OPEN, OBJECTIVE, errors, total
from .period import Span

SECONDS = "http_request_duration_seconds"
ENDPOINT = ("method", "route")
WATCHED = INCIDENT_OPEN
"""There, as 0 or 1, whenever it evaluated its rules."""
_TOTAL, _ERRORS = total(TILE_S), errors(TILE_S)


@dataclass(frozen=True)
class Questions:
    """The questions about one span."""

    span: Span

    @property
    def objectives(self) -> str:
        """What was promised, as it was last declared."""
        return f"last_over_time({OBJECTIVE}[{duration(self.span.seconds)}])"

    @property
    def total(self) -> str:
        """How many events were counted, divided by the seconds of a tile."""
        return self._added(_TOTAL, self.span.seconds)

    @property
    def errors(self) -> str:
        """How many of them failed, likewise."""
        return self._added(_ERRORS, self.span.seconds)

    @property
    def tiles(self) -> str:
        """In how many tiles anything was recorded."""
        return f"count_over_time({_TOTAL}[{self._tiled(self.span.seconds)}])"

    @property
    def total_of_part(self) -> str:
        """The events of each bar of a chart."""
        return f"sum by (slo) ({self._added(_TOTAL, self.span.part_s)})"

    @property
    def errors_of_part(self) -> str:
        """Those of them that failed."""
        return f"sum by (slo) ({self._added(_ERRORS, self.span.part_s)})"

    @property
    def buckets(self) -> str:
        """How many requests of each endpoint took no longer than each bound."""
        increase = f"increase({SECONDS}_bucket{{{OF_USERS}}}[{duration(self.span.seconds)}])"
        return f"sum by (le, {', '.join(ENDPOINT)}) ({increase})"

    def good(self, slo: str, group: Mapping[str, str]) -> str:
        """The share of one objective's events that were good, as one Prometheus alone knows it."""
        errors, total = (
            self._added(f"{record}{_matching({'slo': slo, **group})}", self.span.seconds)
            for record in (_ERRORS, _TOTAL)
        )
        return f"1 - {errors} / {total}"

    def promised(self, slo: str) -> str:
        """What of it must be good."""
        return f"{OBJECTIVE}{_matching({'slo': slo})}"

    def quantile(self, share: float) -> str:
        """What a share of each endpoint's requests stayed under, as one Prometheus alone knows it."""
        return f"histogram_quantile({share}, {self.buckets})"

    def _added(self, record: str, seconds: int) -> str:
        return f"sum_over_time({record}[{self._tiled(seconds)}])"

    def _tiled(self, seconds: int) -> str:
        # A second less than the span: both ends of a subquery are asked, and the first one belongs to what
        # was before.
        return f"{duration(seconds - 1)}:{duration(TILE_S)}"


def _matching(labels: Mapping[str, str]) -> str:
    """PromQL's selector of these labels."""
    pairs = (f"{name}={json.dumps(value, ensure_ascii=False)}" for name, value in labels.items())
    return f"{{{', '.join(pairs)}}}"
