"""Which addresses of a place's network its subnets have."""

import ipaddress
from dataclasses import dataclass

from ..topology import Place

MOST_HOSTS = 5
"""The most hosts that a place may have: their addresses are kept for them from the beginning."""


@dataclass(frozen=True)
class AddressPlan:
    """The subnets of a network over its zones.

    Three quarters of the range are the private subnets, a quarter each and beginning with the range itself,
    since hosts have the first addresses; the last quarter holds the public ones. So a second and a third zone
    never move what is there.
    """

    range: str
    zones: int

    @property
    def private(self) -> list[ipaddress.IPv4Network]:
        """The private subnets, zone by zone."""
        return list(ipaddress.IPv4Network(self.range).subnets(2))[: self.zones]

    @property
    def public(self) -> list[ipaddress.IPv4Network]:
        """The public subnets, zone by zone."""
        last = list(ipaddress.IPv4Network(self.range).subnets(2))[3]
        return list(last.subnets(2))[: self.zones]

    def zone_of(self, address: str) -> int:
        """The number of the zone, counted from 0, whose private subnet holds the address.

        Raises `ValueError` where none does.
        """
        for zone, subnet in enumerate(self.private):
            if ipaddress.IPv4Address(address) in subnet:
                return zone
        raise ValueError(f"{address} lies in no private subnet of {self.range}")


def host_addresses(place: Place) -> ipaddress.IPv4Network:
    """The smallest network that holds the addresses of all hosts that the place may ever have."""
    last = ipaddress.IPv4Address(place.address(MOST_HOSTS - 1))
    kept = ipaddress.IPv4Network(place.address())
    while last not in kept:
        kept = kept.supernet()
    return kept
