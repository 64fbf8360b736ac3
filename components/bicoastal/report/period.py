"""The span of time that a report is about."""

from dataclasses import dataclass
from datetime import UTC, datetime
from enum import Enum

from ..monitoring.objectives.burn import DAY, HOUR
from ..monitoring.objectives.recordings import TILE_S
from ..monitoring.objectives.slo import PERIODS


class Period(Enum):
    """How long it is."""

    DAY = "day"
    WEEK = "week"
    MONTH = "month"


@dataclass(frozen=True)
class Span:
    """A period with its end, in whole tiles."""

    period: Period
    end_s: int
    """Seconds since 1970."""

    @classmethod
    def until(cls, period: Period, moment: datetime) -> "Span":
        """The period up to the last whole five minutes before a moment."""
        return cls(period, int(moment.timestamp()) // TILE_S * TILE_S)

    @property
    def seconds(self) -> int:
        """Its length: a month has 30 days, as its error budget."""
        return PERIODS[self.period.value]

    @property
    def part_s(self) -> int:
        """The length of one bar in a chart."""
        return {Period.DAY: HOUR, Period.WEEK: 6 * HOUR, Period.MONTH: DAY}[self.period]

    @property
    def start_s(self) -> int:
        """Seconds since 1970."""
        return self.end_s - self.seconds

    @property
    def part_ends(self) -> range:
        """The end of each part, since Prometheus looks back from there."""
        return range(self.start_s + self.part_s, self.end_s + 1, self.part_s)


def moment(seconds: float) -> str:
    """A time as it is shown."""
    return datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%d %H:%M:%S UTC")
