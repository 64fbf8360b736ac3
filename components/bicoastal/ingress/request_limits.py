"""What one client may ask of a region."""

from dataclasses import dataclass
from typing import NotRequired, TypedDict

from ..checks.rules import between
from ..settings import setting


class RequestLimitsArgs(TypedDict):
    """What one client, by its own address, may ask of each Nginx task; more is refused with 429. A client's
    requests are spread over a region's tasks."""

    requests_per_s: NotRequired[int]
    """Requests per second, 1 to 100000. Default: 200."""
    burst: NotRequired[int]
    """Requests beyond that rate that are taken at once, 0 to 100000. Default: 400, two seconds' worth."""
    connections: NotRequired[int]
    """Requests at the same time, 1 to 10000. Default: 100."""
    body_kb: NotRequired[int]
    """KiB of a request's body, 1 to 102400; a larger one is refused with 413. Default: 1024."""
    header_kb: NotRequired[int]
    """KiB of one header's line, 1 to 64; there is room for four such lines. Default: 8."""
    client_timeout_s: NotRequired[int]
    """Seconds without a byte from a client, or to it, until it is cut, 1 to 300. Default: 10."""


@dataclass(frozen=True, kw_only=True)
class RequestLimits:
    """What one client may ask, checked."""

    requests_per_s: int = setting(between(1, 100_000, "requests per second"), default=200)
    burst: int = setting(between(0, 100_000, "requests"), default=400)
    connections: int = setting(between(1, 10_000, "requests at the same time"), default=100)
    body_kb: int = setting(between(1, 102_400, "KiB"), default=1024)
    header_kb: int = setting(between(1, 64, "KiB"), default=8)
    client_timeout_s: int = setting(between(1, 300, "seconds"), default=10)
