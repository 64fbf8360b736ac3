"""How urgent an alert is, and whom it concerns."""

from enum import Enum


class Severity(Enum):
    """Symptoms that users feel page; causes make tickets."""

    CRITICAL = "critical"
    """Wakes somebody, by PagerDuty."""
    WARNING = "warning"
    """A ticket for the working day, in Slack."""
    NONE = "none"
    """Tells that the way works, such as the dead man's switch."""


class Audience(Enum):
    """Who must know beside those on call."""

    OPERATIONS = "operations"
    """Nobody else."""
    BUSINESS = "business"
    """Those who answer for the product, by e-mail."""
