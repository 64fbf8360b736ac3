"""Courses of events that alerts are tried on by `promtool test rules`."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field


@dataclass(frozen=True, kw_only=True)
class Trial:
    """What was measured, and what must be firing then."""

    series: Mapping[str, str]
    """Each series with its values as promtool writes them, such as `up{job="node"}` and `1x10 0x20`."""
    at_s: int
    """Seconds from the beginning to the moment that is looked at."""
    fires: Sequence[Mapping[str, str]] = field(default_factory=list)
    """The labels of each alert that must fire, beside those that its rule gives; nothing for a quiet one."""
    interval_s: int = 15
    """Seconds from one value to the next."""
