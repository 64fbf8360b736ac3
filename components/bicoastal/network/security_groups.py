"""The security groups of a place, one for each role, and every rule in them."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from ipaddress import ip_network
from typing import NotRequired

import pulumi

from ..aws import ec2, vpc
from ..checks import network as checks
from ..checks.problem import Problem
from ..checks.rules import NAME, PRIVATE_NETWORK
from ..component import Component, ComponentArgs
from ..settings import setting
from ..topology import Topology, TopologyArgs
from .edge_ranges import known_edge_ranges
from .listeners import LISTENERS, WITNESS_ROLES, Listener, ListenerArgs, Role
from .traffic import Peer, Permit, Traffic

BUCKETS = "s3"


class SecurityGroupsArgs(ComponentArgs):
    """What the groups of a place are made of."""

    topology: TopologyArgs
    """All places: their networks' ranges are where peers call from."""
    place: str
    """The name of the place that the groups belong to."""
    vpc_id: pulumi.Input[str]
    """The place's network. A change replaces all groups."""
    peer_ranges: NotRequired[dict[str, str]]
    """Another place's network, by the place's name, where it is not the place's subnet. Default: none."""
    edge_ranges: NotRequired[list[str]]
    """The public networks that the edge calls from, as CIDR: only they reach the balancer, on ports 80 and
    443. At most 20 of IPv4 and 10 of IPv6. Default: what the edge's vendor published when the library was
    released; `known_edge_ranges(file)` gives newer ones. An empty list lets nobody in."""
    listeners: NotRequired[list[ListenerArgs]]
    """Further ports to open, beside those of the stack's own parts. Default: none."""
    outbound: NotRequired[bool]
    """Whether hosts may call ports 80 and 443 anywhere. Default: true."""
    s3_prefix_list_id: NotRequired[pulumi.Input[str]]
    """The buckets' prefix list, which hosts may call where they may call nothing else outside. Default:
    none."""


@dataclass(frozen=True, kw_only=True)
class SecurityGroupsSettings:
    """What the groups of a place are made of, checked."""

    topology: Topology
    place: str = setting(NAME)
    vpc_id: pulumi.Input[str]
    peer_ranges: dict[str, str] = setting(PRIVATE_NETWORK, factory=dict)
    edge_ranges: list[str] = setting(checks.EDGE_RANGE, factory=known_edge_ranges)
    listeners: list[Listener] = setting(factory=list)
    outbound: bool = setting(default=True)
    s3_prefix_list_id: pulumi.Input[str] | None = setting(default=None)

    @property
    def roles(self) -> list[Role]:
        """The roles that there are in this place."""
        return roles_in(self.topology, self.place)

    @cached_property
    def edge(self) -> dict[str, list[str]]:
        """The edge's ranges of each family, by the key of their prefix list."""
        if Role.BALANCER not in self.roles:
            return {}
        families = {
            f"edge-ipv{version}": [one for one in self.edge_ranges if ip_network(one).version == version]
            for version in checks.MOST_EDGE_RANGES
        }
        return {key: ranges for key, ranges in families.items() if ranges}

    @cached_property
    def permits(self) -> list[Permit]:
        """Every rule of every group."""
        traffic = Traffic(
            roles=self.roles,
            peers=[
                Peer(name, network, roles_in(self.topology, name))
                for name, network in ranges_of_peers(self.topology, self.place, self.peer_ranges).items()
            ],
            listeners=[*LISTENERS, *self.listeners],
            edge=list(self.edge),
            outbound=self.outbound,
            buckets=None if self.s3_prefix_list_id is None else BUCKETS,
        )
        return list(traffic.permits())

    def problems(self) -> Iterator[Problem]:
        """What is wrong between the fields."""
        yield from problems_of_groups(
            self.topology, self.place, self.peer_ranges, self.edge_ranges, self.listeners
        )


def roles_in(topology: Topology, place: str) -> list[Role]:
    """The roles that there are in a place."""
    return list(Role) if topology.is_region(place) else WITNESS_ROLES


def ranges_of_peers(topology: Topology, place: str, given: dict[str, str]) -> dict[str, str]:
    """The range of each other place's network: the one given, or the place's subnet."""
    return {
        other.name: given.get(other.name, other.subnet) for other in topology.places if other.name != place
    }


def problems_of_groups(
    topology: Topology,
    place: str,
    peer_ranges: dict[str, str],
    edge: Sequence[str],
    listeners: Sequence[Listener],
) -> Iterator[Problem]:
    """What is wrong between what the groups of a place are made of."""
    names = [one.name for one in topology.places]
    yield from checks.place_is_there(place, names)
    yield from checks.peers_are_known(list(peer_ranges), [name for name in names if name != place])
    yield from checks.edge_ranges_fit(edge)
    yield from checks.listeners_differ([one.name for one in listeners], {one.name for one in LISTENERS})


class SecurityGroups(Component[SecurityGroupsSettings]):
    """The security groups of a place, one for each role. Every rule is a resource of its own and names the
    group that calls or is called; only where that is in another place it names the other network's range.
    Each call has a rule on both its sides: what is not listed neither comes in nor goes out.

    From the internet only the edge comes in, to the balancer. Groups keep AWS' own names, so that one that
    must be replaced is there anew before the old one goes.

    Raises `pulumi.InputPropertiesError` for any argument that breaks its rule.
    """

    ids: pulumi.Output[dict[str, str]]
    """The groups' ids by role. The witness's place has none of the balancer, the database and what the cloud
    manages."""

    def __init__(
        self, name: str, args: SecurityGroupsArgs, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        super().__init__(name, args, opts, SecurityGroupsSettings)
        self._region = self.settings.topology.place(self.settings.place).region
        self._groups = {role: self._add_group(role) for role in self.settings.roles}
        self._lists: dict[str, pulumi.Input[str]] = {
            key: self._add_list(key, ranges) for key, ranges in self.settings.edge.items()
        }
        if self.settings.s3_prefix_list_id is not None:
            self._lists[BUCKETS] = self.settings.s3_prefix_list_id
        for permit in self.settings.permits:
            self._add_rule(permit)
        self.ids = pulumi.Output.all(**{role.value: group.id for role, group in self._groups.items()})
        self.register_outputs({"ids": self.ids})

    @classmethod
    def children_of(cls, settings: SecurityGroupsSettings) -> Sequence[str]:
        groups = [_group_key(role) for role in settings.roles]
        return [*groups, *settings.edge, *(permit.key for permit in settings.permits)]

    def _add_group(self, role: Role) -> ec2.SecurityGroup:
        key = _group_key(role)
        return ec2.SecurityGroup(
            self.child_name(key),
            **self.customized(
                key,
                {
                    "region": self._region,
                    "vpc_id": self.settings.vpc_id,
                    "description": f"{self.settings.place}: {role.value.replace('_', ' ')}",
                    "tags": self.labels(Name=self.child_name(key)),
                },
            ),
            opts=self.child_opts(key),
        )

    def _add_list(self, key: str, ranges: list[str]) -> pulumi.Output[str]:
        version = ip_network(ranges[0]).version
        made = ec2.ManagedPrefixList(
            self.child_name(key),
            **self.customized(
                key,
                {
                    "region": self._region,
                    "address_family": f"IPv{version}",
                    # With room, since a list that rules name cannot grow while it gets new ranges.
                    "max_entries": checks.MOST_EDGE_RANGES[version],
                    "entries": [ec2.ManagedPrefixListEntryArgs(cidr=one) for one in ranges],
                    "tags": self.labels(Name=self.child_name(key)),
                },
            ),
            opts=self.child_opts(key),
        )
        return made.id

    def _add_rule(self, permit: Permit) -> None:
        kind = vpc.SecurityGroupIngressRule if permit.inbound else vpc.SecurityGroupEgressRule
        kind(
            self.child_name(permit.key),
            **self.customized(
                permit.key,
                {
                    "region": self._region,
                    "security_group_id": self._groups[permit.group].id,
                    "ip_protocol": permit.protocol.value,
                    "from_port": permit.from_port,
                    "to_port": permit.to_port,
                    "description": permit.key.replace("-", " "),
                    **self._other_side(permit),
                    "tags": self.labels(Name=self.child_name(permit.key)),
                },
            ),
            opts=self.child_opts(permit.key),
        )

    def _other_side(self, permit: Permit) -> dict[str, pulumi.Input[str]]:
        if permit.other is not None:
            return {"referenced_security_group_id": self._groups[permit.other].id}
        if permit.prefix_list is not None:
            return {"prefix_list_id": self._lists[permit.prefix_list]}
        assert permit.range is not None
        return {"cidr_ipv4": permit.range}


def _group_key(role: Role) -> str:
    return f"group-{role.value.replace('_', '-')}"
