"""What a report asks each Prometheus, in PromQL."""

import json
from collections.abc import Mapping
from dataclasses import dataclass

from ..monitoring.dashboards.queries import OF_USERS
from ..monitoring.durations import duration
from .period import TILE_S, Span

SECONDS = "http_request_duration_seconds"
ENDPOINT = ("method", "route")
FIRING = 'ALERTS{alertstate="firing", severity="critical"}'
WATCHED = "count(up)"
"""There whenever it scraped anything."""


@dataclass(frozen=True)
class Questions:
    """The questions about one span."""

    span: Span

    @property
    def objectives(self) -> str:
        """What was promised, as it was last declared."""
        return f"last_over_time(slo:objective:ratio[{duration(self.span.seconds)}])"

    @property
    def total(self) -> str:
        """How many events were counted, divided by the seconds of a tile."""
        return self._added("slo:sli_total:rate5m", self.span.seconds)

    @property
    def errors(self) -> str:
        """How many of them failed, likewise."""
        return self._added("slo:sli_errors:rate5m", self.span.seconds)

    @property
    def tiles(self) -> str:
        """In how many tiles anything was recorded."""
        return f"count_over_time(slo:sli_total:rate5m[{self._tiled(self.span.seconds)}])"

    @property
    def total_of_part(self) -> str:
        """The events of each bar of a chart."""
        return f"sum by (slo) ({self._added('slo:sli_total:rate5m', self.span.part_s)})"

    @property
    def errors_of_part(self) -> str:
        """Those of them that failed."""
        return f"sum by (slo) ({self._added('slo:sli_errors:rate5m', self.span.part_s)})"

    @property
    def buckets(self) -> str:
        """How many requests of each endpoint took no longer than each bound."""
        increase = f"increase({SECONDS}_bucket{{{OF_USERS}}}[{duration(self.span.seconds)}])"
        return f"sum by (le, {', '.join(ENDPOINT)}) ({increase})"

    def good(self, slo: str, group: Mapping[str, str]) -> str:
        """The share of one objective's events that were good, as one Prometheus alone knows it."""
        errors, total = (
            self._added(f"{record}{_matching({'slo': slo, **group})}", self.span.seconds)
            for record in ("slo:sli_errors:rate5m", "slo:sli_total:rate5m")
        )
        return f"1 - {errors} / {total}"

    def promised(self, slo: str) -> str:
        """What of it must be good."""
        return f"slo:objective:ratio{_matching({'slo': slo})}"

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
    return "{" + ", ".join(f"{name}={json.dumps(value)}" for name, value in labels.items()) + "}"
