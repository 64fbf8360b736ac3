"""What must hold between the places of a topology."""

import ipaddress
from collections.abc import Iterator, Sequence
from itertools import combinations

from .problem import Problem


def two_regions(count: int) -> Iterator[Problem]:
    """Exactly two regions serve users."""
    if count != 2:
        yield Problem(
            "regions", "wrong number of regions", str(count), "exactly 2", "name one region on each coast"
        )


def no_name_twice(names: Sequence[str]) -> Iterator[Problem]:
    """Every place has a name of its own."""
    for name in sorted({name for name in names if names.count(name) > 1}):
        yield Problem(
            "regions", "two places have one name", repr(name), "a name of its own for each", "rename one"
        )


def no_region_twice(places: Sequence[tuple[str, str]]) -> Iterator[Problem]:
    """No two places lie in the same cloud region: they would be lost together."""
    for (one, region), (other, same) in combinations(places, 2):
        if region == same:
            yield Problem(
                "regions",
                f"{one} and {other} are in the same cloud region and would be lost together",
                repr(region),
                "two different regions, and the witness in a third",
                f"move {other} to another region",
            )


def no_overlap(places: Sequence[tuple[str, str]]) -> Iterator[Problem]:
    """No two places share addresses: they reach each other by address."""
    for (one, subnet), (other, second) in combinations(places, 2):
        if ipaddress.IPv4Network(subnet).overlaps(ipaddress.IPv4Network(second)):
            yield Problem(
                "regions",
                f"the subnets of {one} and {other} overlap",
                f"{subnet} and {second}",
                "subnets that share no address",
                f"give {other} a range of its own",
            )


def one_engine_each(hosts: Sequence[tuple[str, str | None]]) -> Iterator[Problem]:
    """Every place names an engine of its own, or none does and the caller brings the providers."""
    named = [(place, host) for place, host in hosts if host is not None]
    without = [place for place, host in hosts if host is None]
    if named and without:
        yield Problem(
            "docker_host",
            "named for some places only",
            f"missing for {', '.join(without)}",
            "one for every place, or for none",
            "without it a place's services would go to whatever engine is the default",
        )
    for (one, host), (other, same) in combinations(named, 2):
        if host == same:
            yield Problem(
                "docker_host",
                f"{one} and {other} have one engine",
                repr(host),
                "an engine of its own for each place",
                f"name a manager of {other}'s own Swarm",
            )


def odd_voters(count: int) -> Iterator[Problem]:
    """An even number of voters can split in halves, and costs a voter that adds nothing."""
    if count % 2 == 0 or count < 3:
        yield Problem(
            "voters",
            "no odd number of voters",
            f"{count} in all places together",
            "3, 5 or 7",
            "add a witness in a third place, or change the voters of one place",
        )


def primary_is_a_region(primary: str | None, regions: Sequence[str]) -> Iterator[Problem]:
    """The primary is one of the two regions."""
    if primary is not None and primary not in regions:
        yield Problem(
            "primary", "not a region", repr(primary), ", ".join(regions), "name one of the two regions"
        )


def hosts_carry_voters(place: str, hosts: int, voters: int) -> Iterator[Problem]:
    """At most one voter per host: two on one host are lost together."""
    if voters > hosts:
        yield Problem(
            "voters",
            f"{place} has more voters than hosts",
            f"{voters} voters on {hosts} hosts",
            "at most one voter per host",
            "add hosts or take voters away",
        )


def hosts_fit_subnet(subnet: str, hosts: int, first: int) -> Iterator[Problem]:
    """Every host has an address inside the subnet, below the broadcast address."""
    size = ipaddress.IPv4Network(subnet).num_addresses
    if first + hosts >= size:
        yield Problem(
            "hosts",
            "the subnet is too small",
            f"{hosts} hosts in {subnet}",
            "fewer hosts",
            "use a larger subnet",
        )
