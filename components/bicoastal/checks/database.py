"""What must hold for the Postgres cluster."""

import re
from collections.abc import Iterable, Iterator

from .problem import Problem


def lease_outlives_retries(ttl_s: int, loop_wait_s: int, retry_timeout_s: int) -> Iterator[Problem]:
    """Patroni's own rule: a primary that cannot reach the consensus steps down before its lease ends."""
    if loop_wait_s + 2 * retry_timeout_s > ttl_s:
        yield Problem(
            "timing",
            "the lease ends before the primary has stepped down",
            f"loop_wait {loop_wait_s} s + 2 x retry_timeout {retry_timeout_s} s > ttl {ttl_s} s",
            "loop_wait + 2 x retry_timeout <= ttl",
            "choose a profile, or lengthen ttl",
        )


def parameters_are_free(parameters: Iterable[str], own: str) -> Iterator[Problem]:
    """A user's Postgres parameter is none of those that the mode, TLS and recovery rest on."""
    for name in sorted(name for name in parameters if re.fullmatch(own, name.lower())):
        yield Problem(
            f"parameters.{name}",
            "set by the cluster itself",
            repr(name),
            "parameters that have nothing to do with TLS, durability, replication and recovery",
            "remove it; what is lost and how fast is said by mode, timing and maximum_slot_wal_mb",
        )


def another_region_holds_a_copy(synchronous: bool, copies: int, members_per_region: int) -> Iterator[Problem]:
    """In a synchronous mode at least one synchronous copy is in the other region: more copies than there are
    neighbours of the primary."""
    neighbours = members_per_region - 1
    if synchronous and copies <= neighbours:
        yield Problem(
            "synchronous_copies",
            "every synchronous copy may be in the primary's own region, and be lost with it",
            f"{copies} with {members_per_region} members per region",
            f"at least {members_per_region}",
            f"set synchronous_copies to {members_per_region}, or leave it to its default",
        )


def enough_members_for_copies(synchronous: bool, copies: int, members: int) -> Iterator[Problem]:
    """There cannot be more synchronous copies than standbys."""
    if synchronous and copies > members - 1:
        yield Problem(
            "synchronous_copies",
            "more copies than standbys",
            f"{copies} copies, {members - 1} standbys",
            f"at most {members - 1}",
            "add members or ask for fewer copies",
        )
