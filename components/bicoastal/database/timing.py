"""How fast Patroni notices a lost primary, and what that costs on a slow link."""

from dataclasses import dataclass
from enum import Enum

from ..failover.term import Term
from ..ingress.routes import HealthCheck
from ..ingress.timing import found_up_average_s, found_up_worst_s

DECISION_S = 2.0
"""Seconds that the election and the promotion itself take at worst, beyond lease and loop: Patroni waits so
long for another member's answer. On average half of it."""


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

    def promotion_worst_s(self, check: HealthCheck) -> float:
        """Worst seconds from the loss of the primary's host until clients reach the new primary: the lease
        was renewed just before and runs out, a standby's loop comes round, it is promoted, and the
        balancer's checks find it."""
        return self.ttl_s + self.loop_wait_s + DECISION_S + found_up_worst_s(check)

    def promotion_average_s(self, check: HealthCheck) -> float:
        """Average seconds of the same: the lease is half a loop old, and a standby's loop is half round."""
        lease = self.ttl_s - self.loop_wait_s / 2
        return lease + self.loop_wait_s / 2 + DECISION_S / 2 + found_up_average_s(check)

    def crash_worst_s(self, start_timeout_s: float, check: HealthCheck) -> float:
        """Worst seconds from a crash of Postgres, with its Patroni alive, until clients reach a new primary:
        a loop until Patroni sees it, its attempts to start it again, a loop until a standby sees the lease
        given up."""
        return 2 * self.loop_wait_s + start_timeout_s + DECISION_S + found_up_worst_s(check)

    def crash_average_s(self, start_timeout_s: float, check: HealthCheck) -> float:
        """Average seconds of the same, where Postgres does not come up again by itself."""
        return self.loop_wait_s + start_timeout_s + DECISION_S / 2 + found_up_average_s(check)

    def promotion(self, check: HealthCheck) -> Term:
        """The term of the failover budget: promotion by Patroni, seen through the balancer's `check`."""
        return Term(
            name="promotion",
            seconds=self.promotion_worst_s(check),
            average_s=self.promotion_average_s(check),
            arithmetic=(
                f"ttl {self.ttl_s} s + loop_wait {self.loop_wait_s} s + election {DECISION_S:g} s"
                f" + check {check.interval_s:g} s + {check.rise - 1} more x {check.fast_interval_s:g} s"
            ),
            source="database.timing, and the balancer's check of the route to the primary",
            change="choose the timing profile 'fast' (database.timing)",
        )


TIMINGS = {
    TimingProfile.WAN: Timing(ttl_s=30, loop_wait_s=5, retry_timeout_s=10),
    TimingProfile.FAST: Timing(ttl_s=20, loop_wait_s=5, retry_timeout_s=5),
}
