"""How fast an error budget burns before somebody hears of it.

A factor of 1 uses the budget up in exactly the objective's window. Each alert looks at two windows: the long
one says that much is gone, the short one, a twelfth of it, that it still burns.
"""

from dataclasses import dataclass
from decimal import Decimal

from ..severity import Severity

MINUTE, HOUR, DAY = 60, 3600, 86400


@dataclass(frozen=True)
class BurnRate:
    """One of the alerts."""

    short_s: int
    long_s: int
    factor: Decimal
    severity: Severity


BURN_RATES = (
    BurnRate(5 * MINUTE, HOUR, Decimal("14.4"), Severity.CRITICAL),
    BurnRate(30 * MINUTE, 6 * HOUR, Decimal("6"), Severity.CRITICAL),
    BurnRate(2 * HOUR, DAY, Decimal("3"), Severity.WARNING),
    BurnRate(6 * HOUR, 3 * DAY, Decimal("1"), Severity.WARNING),
)
"""Of a window of 30 days they use 2, 5, 10 and 10 percent of the budget before they fire."""


def text(number: Decimal) -> str:
    """The number as PromQL reads it: every digit, no exponent, no zeros at the end."""
    return f"{number.normalize():f}"


def decimal(number: float) -> Decimal:
    """The number that was written, and not the nearest that a computer holds."""
    return Decimal(str(number))
