"""Where the stack lives: two regions that serve users and, in a third place, a witness that only votes."""

import ipaddress
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import NotRequired, TypedDict

from .address_plan import FIRST_HOST, MOST_HOSTS, AddressPlan
from .checks import topology as checks
from .checks.problem import Problem
from .checks.rules import CLOUD_REGION, DOCKER_HOST, NAME, PRIVATE_NETWORK, between
from .settings import setting


class PlaceArgs(TypedDict):
    """One place: a region, or the witness's place."""

    name: str
    """The place's name, such as `east`: 1 to 40 lower-case letters, digits and hyphens."""
    region: str
    """The cloud region that it lies in, such as `us-east-1`; every place has another one."""
    subnet: str
    """The private IPv4 network of its hosts, /28 or larger, overlapping neither another place's nor what
    Docker keeps for its own networks: 10.0.0.0/16, 172.17.0.0/16 and 172.18.0.0/16. Host *i* has the address
    number 10 + *i* of it, or of the part that it stands in: every peer is known before anything exists."""
    hosts: NotRequired[int]
    """How many hosts carry containers, 1 to 5. Default: 1."""
    zones: NotRequired[int]
    """Over how many zones they stand, 1 to 3 and not more than `hosts`: host *i* in zone *i* modulo `zones`,
    so that another host moves none. Another zone moves those whose zone it changes, and none where as many
    hosts come with it and each has a zone of its own. Default: 1."""
    public_hosts: NotRequired[int]
    """How many hosts, from the first, stand in the public subnets, since the edge reaches a balancer on them
    by an Elastic IP: 0 to `hosts`. A change moves the hosts in question. With more than one zone, or with a
    public host, the subnet is the whole network and a /24 or larger: its first three quarters are the private
    subnets, zone by zone, and the quarters of the last one the public subnets. Default: 0."""
    voters: NotRequired[int]
    """How many members of the consensus cluster run here, 0 to 3 and at most one per host. Default: 1."""
    docker_host: NotRequired[str]
    """The Docker engine of a manager: `ssh://`, `unix://`, or `tcp://` with TLS (not port 2375), another one
    for each place; named for all places or for none. Default: the provider given by `opts`."""
    ssh_options: NotRequired[list[str]]
    """Options for ssh where `docker_host` is `ssh://`, such as `swarm_ssh_options` makes. Default: none."""


class TopologyArgs(TypedDict):
    """Two regions and a witness."""

    regions: list[PlaceArgs]
    """Exactly two. The order is the edge's: the first gets the traffic while it holds the primary."""
    witness: NotRequired[PlaceArgs]
    """The third place, which serves no users and only votes. Without it the loss of a region may leave no
    majority; promotion is then manual, and the outputs say so."""
    primary: NotRequired[str]
    """The name of the region where the database is first made. Default: the first region."""


@dataclass(frozen=True, kw_only=True)
class Place:
    """One place, checked."""

    name: str = setting(NAME)
    region: str = setting(CLOUD_REGION)
    subnet: str = setting(PRIVATE_NETWORK)
    hosts: int = setting(between(1, MOST_HOSTS, "hosts"), default=1)
    zones: int = setting(between(1, 3, "zones"), default=1)
    public_hosts: int = setting(between(0, MOST_HOSTS, "hosts"), default=0)
    voters: int = setting(between(0, 3, "voters"), default=1)
    docker_host: str | None = setting(DOCKER_HOST, default=None)
    ssh_options: list[str] = setting(factory=list)

    def address(self, host: int = 0) -> str:
        """The fixed private address of the host with this number, counted from 0: number 10 + `host` of the
        subnet that it stands in."""
        return str(self.subnet_of(host)[FIRST_HOST + host])

    def subnet_of(self, host: int) -> ipaddress.IPv4Network:
        """The private or public subnet that the host with this number stands in, in zone `host` modulo
        `zones`; the place's own where that is not divided."""
        if not self.divided:
            return self.network
        side = self._plan.public if host < self.public_hosts else self._plan.private
        return side[host % self.zones].range

    @property
    def divided(self) -> bool:
        """Whether the place's subnet is a network of several: hosts need more than one zone or kind of it."""
        return self.zones > 1 or self.public_hosts > 0

    @cached_property
    def network(self) -> ipaddress.IPv4Network:
        """The private network of the place's hosts."""
        return ipaddress.IPv4Network(self.subnet)

    @cached_property
    def _plan(self) -> AddressPlan:
        return AddressPlan(self.subnet, self.zones)

    def problems(self) -> Iterator[Problem]:
        """What is wrong between the fields."""
        yield from checks.hosts_carry_voters(self.name, self.hosts, self.voters)
        yield from checks.hosts_fit_subnet(self.subnet, self.hosts, FIRST_HOST)
        yield from checks.no_zone_without_a_host(self.zones, self.hosts)
        yield from checks.public_hosts_are_hosts(self.public_hosts, self.hosts)
        yield from checks.no_network_of_docker("subnet", self.subnet)
        if self.divided:
            yield from checks.subnet_can_be_divided(self.subnet, self.zones, self.public_hosts)


@dataclass(frozen=True, kw_only=True)
class Topology:
    """All places, checked against one another."""

    regions: list[Place]
    witness: Place | None = None
    primary: str | None = None

    @property
    def places(self) -> list[Place]:
        """The two regions and, where there is one, the witness."""
        return [*self.regions, *([self.witness] if self.witness else [])]

    @property
    def primary_region(self) -> Place:
        """The region where the database is first made."""
        return self.place(self.primary) if self.primary else self.regions[0]

    def place(self, name: str) -> Place:
        """The place of this name; KeyError when there is none."""
        return {place.name: place for place in self.places}[name]

    def is_region(self, name: str) -> bool:
        """Whether the place serves users."""
        return any(region.name == name for region in self.regions)

    @property
    def voters(self) -> int:
        """The members of the consensus cluster in all places."""
        return sum(place.voters for place in self.places)

    @property
    def automatic_promotion(self) -> bool:
        """Whether the loss of either region leaves a majority of voters, so that nobody must be woken."""
        return all(2 * (self.voters - region.voters) > self.voters for region in self.regions)

    def problems(self) -> Iterator[Problem]:
        """What is wrong between the places."""
        if len(self.regions) != 2:
            yield from checks.two_regions(len(self.regions))
            return
        yield from checks.no_name_twice([place.name for place in self.places])
        yield from checks.no_region_twice([(place.name, place.region) for place in self.places])
        yield from checks.no_overlap([(place.name, place.subnet) for place in self.places])
        yield from checks.one_engine_each([(place.name, place.docker_host) for place in self.places])
        yield from checks.odd_voters(self.voters)
        yield from checks.primary_is_a_region(self.primary, [region.name for region in self.regions])
