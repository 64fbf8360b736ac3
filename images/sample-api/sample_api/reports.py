"""What clients tell beside pins: payments, and how long a page took to load."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum

from .pins import Invalid

MOST_CENTS = 100_000_00
LONGEST_LOAD_S = 60


class Outcome(Enum):
    """What the payment provider's stand-in does, as the test cards of real ones say it. Its values are the
    statuses that a client gets."""

    SUCCESS = 201
    DECLINED = 402
    FAILURE = 502


@dataclass(frozen=True)
class Payment:
    """A payment to the provider's stand-in: no money, no card."""

    cents: int
    outcome: Outcome

    @classmethod
    def of(cls, body: object) -> "Payment":
        """The payment that a request's JSON body describes. Raises `Invalid`."""
        fields = _object(body)
        cents, outcome = fields.get("cents"), str(fields.get("outcome", "success"))
        if not isinstance(cents, int) or isinstance(cents, bool) or not 1 <= cents <= MOST_CENTS:
            raise Invalid("cents", cents, f"a whole number from 1 to {MOST_CENTS}")
        if outcome.upper() not in Outcome.__members__:
            allowed = ", ".join(name.lower() for name in Outcome.__members__)
            raise Invalid("outcome", outcome, f"one of {allowed}")
        return cls(cents, Outcome[outcome.upper()])


def load_seconds(body: object) -> float:
    """The seconds that a browser's beacon tells. Raises `Invalid`."""
    seconds = _object(body).get("seconds")
    is_number = isinstance(seconds, int | float) and not isinstance(seconds, bool)
    if not is_number or not 0 <= seconds <= LONGEST_LOAD_S:
        raise Invalid("seconds", seconds, f"a number from 0 to {LONGEST_LOAD_S}")
    return float(seconds)


def _object(body: object) -> Mapping[str, object]:
    if not isinstance(body, Mapping):
        raise Invalid("body", body, "a JSON object")
    return body
