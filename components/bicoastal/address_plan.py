"""Which addresses of a place's network its subnets have, and which of a subnet's its hosts have."""

import ipaddress
from dataclasses import dataclass
from functools import cached_property

FIRST_HOST = 10
"""The number that the first host has in its subnet: clouds keep the first few addresses for themselves."""
MOST_HOSTS = 5
"""The most hosts that a place may have: their addresses are kept for them from the beginning."""


@dataclass(frozen=True)
class PlannedSubnet:
    """One subnet of a network."""

    zone: int
    """The number of its zone, counted from 0."""
    public: bool
    """Whether its way out is the network's gateway, and not a NAT."""
    range: ipaddress.IPv4Network

    @property
    def key(self) -> str:
        """Its name in the network, such as `private-1`: zones are counted from 1 there."""
        return f"{'public' if self.public else 'private'}-{self.zone + 1}"


@dataclass(frozen=True)
class AddressPlan:
    """The subnets of a network over its zones.

    Three quarters of the range are the private subnets, a quarter each and beginning with the range itself;
    the last quarter holds the public ones, a quarter of it each. So a second and a third zone never move what
    is there. A /24 is the smallest range whose public subnets are as large as AWS wants them, /28.
    """

    range: str
    zones: int

    @cached_property
    def private(self) -> list[PlannedSubnet]:
        """The private subnets, zone by zone."""
        quarters = list(ipaddress.IPv4Network(self.range).subnets(2))[: self.zones]
        return [PlannedSubnet(zone, False, quarter) for zone, quarter in enumerate(quarters)]

    @cached_property
    def public(self) -> list[PlannedSubnet]:
        """The public subnets, zone by zone."""
        last = list(ipaddress.IPv4Network(self.range).subnets(2))[3]
        quarters = list(last.subnets(2))[: self.zones]
        return [PlannedSubnet(zone, True, quarter) for zone, quarter in enumerate(quarters)]

    def holding(self, address: str) -> PlannedSubnet:
        """The subnet that holds the address.

        Raises `ValueError` where none does.
        """
        for subnet in [*self.private, *self.public]:
            if ipaddress.IPv4Address(address) in subnet.range:
                return subnet
        raise ValueError(f"{address} lies in no subnet of {self.range}")


def host_addresses(subnet: ipaddress.IPv4Network) -> ipaddress.IPv4Network:
    """The smallest part of a subnet that holds the addresses of all hosts that a place may ever have."""
    kept = ipaddress.IPv4Network(subnet[FIRST_HOST])
    while subnet[FIRST_HOST + MOST_HOSTS - 1] not in kept:
        kept = kept.supernet()
    return kept
