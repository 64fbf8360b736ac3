"""What must hold for the edge's probes."""

from collections.abc import Iterator

from .problem import Problem


def probe_ends_before_the_next(interval_s: int, timeout_s: int, retries: int) -> Iterator[Problem]:
    """A probe with its retries is over before the next one starts."""
    if timeout_s * (retries + 1) >= interval_s:
        yield Problem(
            "timeout_s",
            "a probe may still run when the next one starts",
            f"{timeout_s} s x {retries + 1} tries, every {interval_s} s",
            "timeout_s x (retries + 1) < interval_s",
            "shorten the timeout, take retries away, or lengthen the interval",
        )
