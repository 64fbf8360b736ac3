"""From the edge's decision until clients follow it."""

from .term import Term

PROPAGATION_S = 5.0
"""Seconds until a load balancer's decision holds everywhere at the edge. Assumed: vendors publish
"seconds"."""
CONFIRMATION_S = 5.0
"""Seconds that a coordinator takes to be sure before it switches a record. Assumed."""
API_S = 5.0
"""Seconds that the vendor's API takes to change a record. Assumed; there have been hours in which it took
none."""

_ASSUMED = f"{PROPAGATION_S:g} s until the edge agrees"


def of_load_balancer(dns_ttl_s: float | None = None) -> Term:
    """The term of a load balancer that is proxied, or, with `dns_ttl_s`, of one that only answers DNS:
    clients then keep the lost region's address for as long as that, half of it on average. Clients that do
    not heed the TTL take longer and are not in it."""
    if dns_ttl_s is None:
        return Term(
            name="propagation",
            seconds=PROPAGATION_S,
            average_s=PROPAGATION_S,
            arithmetic=f"{_ASSUMED}, proxied",
            source="an assumption: the vendor publishes 'seconds'",
        )
    return Term(
        name="propagation",
        seconds=PROPAGATION_S + dns_ttl_s,
        average_s=PROPAGATION_S + dns_ttl_s / 2,
        arithmetic=f"{_ASSUMED} + TTL {dns_ttl_s:g} s, not proxied, of clients that heed it",
        source="monitor.proxied, monitor.ttl_s, and the assumption that the edge agrees within 5 s",
        change="let the edge proxy requests (monitor.proxied), or shorten the TTL (monitor.ttl_s)",
    )


def of_switched_record(dns_ttl_s: float | None = None) -> Term:
    """The term of a plain DNS record that a coordinator changes through the vendor's API, proxied or with
    `dns_ttl_s`. The library makes none: it is here to be compared with."""
    term = of_load_balancer(dns_ttl_s)
    return Term(
        name="propagation",
        seconds=CONFIRMATION_S + API_S + term.seconds,
        average_s=CONFIRMATION_S + API_S + term.average_s,
        arithmetic=f"confirmation {CONFIRMATION_S:g} s + API {API_S:g} s + {term.arithmetic}",
        source=term.source,
        change="let a load balancer's probes decide instead of a record that is switched",
    )
