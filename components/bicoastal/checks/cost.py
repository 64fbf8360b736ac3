"""What must hold for budgets."""

import re
from collections.abc import Iterator, Sequence
from decimal import ROUND_HALF_UP, Decimal

from .problem import Problem
from .rules import Rule, between, matching

AMOUNT = between(0.01, 1_000_000_000, "of the currency")
PERCENT = between(0, 1000, "percent")
EMAIL = matching(r"[^@\s]+@[^@\s]+\.[^@\s]+", "an e-mail address", "use one such as 'costs@example.com'")
CURRENCY = matching(r"[A-Z]{3}", "three capital letters", "use the account's currency, such as 'USD'")
TAG_KEY = Rule(
    lambda v: (
        isinstance(v, str)
        and re.fullmatch(r"[\w .:/=+\-@]{1,128}", v) is not None
        and not v.startswith("aws:")
    ),
    "not a tag's key",
    "1 to 128 letters, digits, spaces and _.:/=+-@, not beginning with 'aws:'",
    "use the key that resources are tagged with, such as 'environment'",
)
EMAILS_PER_ALARM = 10


def yearly_limit(last_year: float, growth_percent: float) -> float:
    """Last year's amount and the growth that is allowed, in whole cents."""
    grown = Decimal(str(last_year)) * (1 + Decimal(str(growth_percent)) / 100)
    return float(grown.quantize(Decimal("0.01"), ROUND_HALF_UP))


def written(number: float) -> str:
    """The number as AWS writes it: no exponent, no zeros at the end."""
    return f"{Decimal(str(number)).normalize():f}"


def month_within_year(path: str, monthly: object, yearly: float | None) -> Iterator[Problem]:
    """One month may not use up what the year has."""
    if isinstance(monthly, int | float) and yearly is not None and monthly > yearly:
        yield Problem(
            path,
            "a single month may cost more than the whole year",
            f"{monthly:.2f} a month, {yearly:.2f} a year",
            f"at most {yearly:.2f}",
            "lower monthly_limit, or raise last_year_amount or growth_percent",
        )


def somebody_is_told(emails: int, topic: bool) -> Iterator[Problem]:
    """An alarm that nobody hears is none, and AWS takes ten addresses at most."""
    if not emails and not topic:
        yield Problem(
            "email_addresses",
            "nobody would be told",
            "neither e-mail addresses nor a topic",
            "at least one",
            "give email_addresses, topic_arn, or both",
        )
    if emails > EMAILS_PER_ALARM:
        yield Problem(
            "email_addresses",
            "more than AWS tells",
            f"{emails} addresses",
            f"at most {EMAILS_PER_ALARM}",
            "use a mailing list or a topic",
        )


def environments_are_distinct(names: Sequence[str]) -> Iterator[Problem]:
    """At least one environment, each once."""
    if not names:
        yield Problem(
            "environments", "no environment", "an empty list", "at least one", "name what has a budget"
        )
    for name in sorted({name for name in names if names.count(name) > 1}):
        yield Problem("environments", "named twice", repr(name), "each once", "remove one of them")
