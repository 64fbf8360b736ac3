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


def proxied_has_no_ttl(proxied: bool, ttl_s: int | None) -> Iterator[Problem]:
    """What the edge proxies has no TTL of its own: clients see the edge's addresses, which stay."""
    if proxied and ttl_s is not None:
        yield Problem(
            "ttl_s",
            "what is proxied has no TTL of its own: clients are given the edge's addresses, which do not "
            "change, "
            "and the edge sets their TTL",
            f"ttl_s {ttl_s} with proxied",
            "a TTL without proxied, or proxied without a TTL",
            "remove ttl_s; a failover then needs no client to resolve anew. Or set proxied to false",
        )
