"""What a place's network is made of."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from ipaddress import IPv4Network
from typing import NotRequired, TypedDict

import pulumi

from ..address_plan import AddressPlan, PlannedSubnet, host_addresses
from ..checks import network as checks
from ..checks.problem import Problem
from ..checks.rules import NAME, PRIVATE_NETWORK, STACK_NAME
from ..checks.topology import no_network_of_docker
from ..component import ComponentArgs
from ..settings import setting
from ..topology import Place, Topology, TopologyArgs
from .edge_ranges import known_edge_ranges
from .endpoints import Endpoint, default_endpoints
from .flow_logs import FlowLogOptions, FlowLogOptionsArgs
from .listeners import Listener, ListenerArgs
from .nat import NatMode
from .security_groups import problems_of_groups, ranges_of_peers
from .zones import default_zones


class ExistingNetworkArgs(TypedDict):
    """A network that is there already. How many subnets and route tables it names must be known."""

    vpc_id: pulumi.Input[str]
    """Its id. A change replaces all security groups and endpoints."""
    private_subnet_ids: list[pulumi.Input[str]]
    """A private subnet in each zone; hosts' addresses must lie in the first."""
    public_subnet_ids: NotRequired[list[pulumi.Input[str]]]
    """A public subnet in each zone. Default: none."""
    route_table_ids: NotRequired[list[pulumi.Input[str]]]
    """Every route table whose subnets speak to other places. Default: none."""


@dataclass(frozen=True, kw_only=True)
class ExistingNetwork:
    """A network that is there already, checked."""

    vpc_id: pulumi.Input[str]
    private_subnet_ids: list[pulumi.Input[str]]
    public_subnet_ids: list[pulumi.Input[str]] = setting(factory=list)
    route_table_ids: list[pulumi.Input[str]] = setting(factory=list)


class RegionNetworkArgs(ComponentArgs):
    """What a place's network is made of."""

    topology: TopologyArgs
    """All places: the network is made for this one's hosts, and lets the others' call what spans places."""
    place: str
    """The name of the place that the network belongs to."""
    range: NotRequired[str]
    """The network's private IPv4 range, /16 to /24, overlapping no peer's and nothing that Docker keeps for
    itself. It may be wider than the place's subnet where hosts are in one zone and none is public. Default:
    the place's subnet. A change replaces the network and everything in it."""
    peer_ranges: NotRequired[dict[str, str]]
    """Another place's network, by the place's name, where it is not the place's subnet. Default: none."""
    zones: NotRequired[list[str]]
    """Two or three availability zones, of which the place's hosts stand in the first as many as the place
    has `zones`; it may not have more. Default: the region's a, b and c, or those that `zones.json` says. A
    change replaces the subnets in that zone and everything in them; a third one may be added at any time."""
    nat: NotRequired[NatMode]
    """`per_zone`, `single` or `none`: how private hosts reach the internet. Default: `per_zone`."""
    endpoints: NotRequired[list[Endpoint]]
    """The cloud's services that are reached without leaving its network. Default: `s3`, `ssm`, `ssmmessages`
    and `kms`; without NAT also `ec2`, `sts`, `ecr.api` and `ecr.dkr`; in an existing network none."""
    edge_ranges: NotRequired[list[str]]
    """The public networks that the edge calls from, as CIDR: only they reach the balancer, on ports 80 and
    443. At most 20 of IPv4 and 10 of IPv6. Default: what the edge's vendor published when the library was
    released; `known_edge_ranges(file)` gives newer ones. An empty list lets nobody in."""
    listeners: NotRequired[list[ListenerArgs]]
    """Further ports to open, beside those of the stack's own parts. Default: none."""
    flow_logs: NotRequired[FlowLogOptionsArgs]
    """How flow logs are kept. Default: a year, under a key of their own; in an existing network there are
    none of ours."""
    existing: NotRequired[ExistingNetworkArgs]
    """A network that is there already: then only security groups and the endpoints that are named are made.
    `range` says its range. Default: a new network."""
    stack: NotRequired[str]
    """The first part of names that are unique in an account: 1 to 20 lower-case letters, digits and hyphens.
    Default: the Pulumi stack's name."""


@dataclass(frozen=True, kw_only=True)
class RegionNetworkSettings:
    """What a place's network is made of, checked."""

    topology: Topology
    place: str = setting(NAME)
    range: str | None = setting(PRIVATE_NETWORK, default=None)
    peer_ranges: dict[str, str] = setting(PRIVATE_NETWORK, factory=dict)
    zones: list[str] | None = setting(checks.ZONE, default=None)
    nat: NatMode | None = None
    endpoints: list[Endpoint] | None = None
    edge_ranges: list[str] = setting(checks.EDGE_RANGE, factory=known_edge_ranges)
    listeners: list[Listener] = setting(factory=list)
    flow_logs: FlowLogOptions | None = None
    existing: ExistingNetwork | None = None
    stack: str = setting(STACK_NAME, factory=pulumi.get_stack)

    @property
    def here(self) -> Place:
        """The place itself."""
        return self.topology.place(self.place)

    @property
    def whole_range(self) -> str:
        """The network's range."""
        return self.range or self.here.subnet

    @property
    def zone_names(self) -> list[str] | None:
        """The zones of a new network; None where nobody knows them."""
        return default_zones(self.here.region) if self.zones is None else self.zones

    @cached_property
    def addresses(self) -> AddressPlan:
        """The subnets of a new network."""
        return AddressPlan(self.whole_range, len(self.zone_names or ()))

    @cached_property
    def host_subnets(self) -> Sequence[PlannedSubnet]:
        """The subnets of a new network in which the place's hosts stand or may come to stand: the private
        ones of its zones, then the public ones that have a host."""
        here, plan = self.here, self.addresses
        if not here.divided:
            return [plan.holding(here.address())]
        return [*plan.private[: here.zones], *plan.public[: min(here.zones, here.public_hosts)]]

    @cached_property
    def kept_addresses(self) -> Mapping[str, IPv4Network]:
        """What is kept for hosts in each of their subnets, by the subnet's key."""
        here = self.here
        return {
            subnet.key: host_addresses(subnet.range if here.divided else here.network)
            for subnet in self.host_subnets
        }

    @property
    def nat_mode(self) -> NatMode:
        """How private hosts reach the internet; in an existing network we do not forbid it."""
        return self.nat or NatMode.PER_ZONE

    @property
    def nat_zones(self) -> Sequence[int]:
        """The numbers of the zones, counted from 1, that have a NAT gateway."""
        count = {NatMode.PER_ZONE: self.addresses.zones, NatMode.SINGLE: 1, NatMode.NONE: 0}[self.nat_mode]
        return range(1, count + 1)

    @property
    def chosen_endpoints(self) -> Sequence[Endpoint]:
        """The endpoints that are made."""
        if self.endpoints is not None:
            return self.endpoints
        return [] if self.existing else default_endpoints(self.nat_mode)

    def problems(self) -> Iterator[Problem]:
        """What is wrong between the fields."""
        yield from problems_of_groups(
            self.topology, self.place, self.peer_ranges, self.edge_ranges, self.listeners
        )
        if self.place not in [place.name for place in self.topology.places]:
            return
        peers = ranges_of_peers(self.topology, self.place, self.peer_ranges)
        yield from checks.no_overlap_with_peers(self.whole_range, peers)
        for name, network in self.peer_ranges.items():
            yield from no_network_of_docker(f"peer_ranges.{name}", network)
        endpoints = [endpoint.value for endpoint in self.chosen_endpoints]
        yield from checks.no_endpoint_twice(endpoints)
        if self.existing is None:
            yield from self._problems_of_a_new_network()
            return
        yield from no_network_of_docker("range", self.whole_range)
        shaping = [key for key in ("zones", "nat", "flow_logs") if getattr(self, key) is not None]
        yield from checks.nothing_for_a_new_network(shaping)
        subnets, tables = self.existing.private_subnet_ids, self.existing.route_table_ids
        yield from checks.endpoints_have_a_home(endpoints, Endpoint.S3.value, len(subnets), len(tables))

    def _problems_of_a_new_network(self) -> Iterator[Problem]:
        wrong_zones = list(checks.zones_are_the_regions(self.zone_names, self.here.region))
        too_small = list(checks.range_holds_its_subnets(self.whole_range))
        yield from [*wrong_zones, *too_small]
        if wrong_zones or too_small:
            return
        here = self.here
        yield from checks.hosts_have_their_zones(here.zones, self.zone_names or [])
        if here.divided:
            yield from checks.divided_place_is_the_network(self.whole_range, here.subnet)
        else:
            hosts = [here.address(host) for host in range(here.hosts)]
            yield from checks.hosts_lie_in_subnets(hosts, [one.range for one in self.addresses.private])
