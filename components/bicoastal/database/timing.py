"""How fast Patroni notices a lost primary, and what that costs on a slow link."""

from dataclasses import dataclass
from enum import Enum

DECISION_S = 2.0
"""Seconds that the election and the promotion itself take beyond lease and loop."""


class TimingProfile(Enum):
    """How fast a lost primary is replaced. Shorter leases give way to a slow link sooner."""

    WAN = "wan"
    """ttl 30, loop_wait 5, retry_timeout 10 seconds: rides out ten seconds without the consensus. Default."""
    FAST = "fast"
    """ttl 20, loop_wait 5, retry_timeout 5 seconds: Patroni's shortest lease, for links that hardly fail."""


@dataclass(frozen=True)
class Timing:
    """Patroni's three clocks, in seconds."""

    ttl_s: int
    loop_wait_s: int
    retry_timeout_s: int

    def promotion_worst_s(self, check_interval_s: float, rise: int) -> float:
        """Worst seconds from the loss of the primary's host until clients reach the new primary: the lease
        runs out, a standby's loop comes round, it is promoted, and the balancer's checks find it."""
        return self.ttl_s + self.loop_wait_s + DECISION_S + check_interval_s * rise


TIMINGS = {
    TimingProfile.WAN: Timing(ttl_s=30, loop_wait_s=5, retry_timeout_s=10),
    TimingProfile.FAST: Timing(ttl_s=20, loop_wait_s=5, retry_timeout_s=5),
}
