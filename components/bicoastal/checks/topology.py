"""What must hold between the places of a topology."""

import ipaddress
from collections.abc import Iterator, Sequence
from itertools import combinations

from .problem import Problem

OVERLAYS = "10.0.0.0/16"
"""Where Swarm finds addresses for its overlay networks, 256 of them: hosts begin their Swarm with it."""
BRIDGES = ("172.17.0.0/16", "172.18.0.0/16")
"""What Docker gives the two bridges of a Swarm's host."""
SMALLEST_PREFIX = 24
"""In a /24 a public subnet is a /28, the least that there may be."""


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


def no_zone_without_a_host(zones: int, hosts: int) -> Iterator[Problem]:
    """Each zone that hosts are spread over has one."""
    if zones > hosts:
        yield Problem(
            "zones",
            "more zones than hosts",
            f"{zones} zones, {hosts} hosts",
            "at most one zone per host",
            "add hosts, or spread them over fewer zones; a network may have more zones than its hosts",
        )


def public_hosts_are_hosts(public: int, hosts: int) -> Iterator[Problem]:
    """Public hosts are some of the hosts."""
    if public > hosts:
        yield Problem(
            "public_hosts",
            "more than there are hosts",
            f"{public} public of {hosts} hosts",
            f"0 to {hosts}",
            "add hosts, or let fewer of them be public",
        )


def subnet_can_be_divided(subnet: str, zones: int, public: int) -> Iterator[Problem]:
    """There is room for a private and a public subnet in each zone."""
    if ipaddress.IPv4Network(subnet).prefixlen > SMALLEST_PREFIX:
        yield Problem(
            "subnet",
            "too small to be divided into private and public subnets",
            f"{subnet} with zones {zones}, public_hosts {public}",
            f"/{SMALLEST_PREFIX} or larger",
            "use a range such as '10.1.0.0/16', or leave zones and public_hosts out",
        )


def no_network_of_docker(name: str, network: str) -> Iterator[Problem]:
    """No host has an address that Docker may give to a network of its own: from a container on it, or from a
    host with such a bridge, that address would be another's. It holds for every place, since each reaches all
    others."""
    for kept in (OVERLAYS, *BRIDGES):
        if ipaddress.IPv4Network(network).overlaps(ipaddress.IPv4Network(kept)):
            yield Problem(
                name,
                "Docker gives these addresses to networks of its own",
                network,
                f"a network outside {', '.join((OVERLAYS, *BRIDGES))}",
                "use a range such as '10.1.0.0/16'",
            )
            return
