"""What the stack runs on at AWS: for each place a network and hosts that form its Swarm, and the connections
between the places."""

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import combinations
from typing import Any, cast

import pulumi
import pulumi_aws as aws

from bicoastal import RegionNetwork, RegionNetworkArgs, RegionPeering, Role, SwarmHosts
from bicoastal.cache import redis_nodes
from bicoastal.database import voters
from bicoastal.hosts import WorkersArgs
from bicoastal.topology import Place

from .groups import Cloud, Groups
from .profiles import Machines
from .settings import Environment, edge_ranges

NAME = "smellpin"
SERVING = [Role.MANAGER, Role.DATABASE, Role.CACHE, Role.CONSENSUS]
"""What every host of a region is. AWS lets a host have five groups: one with a balancer has them all."""
VOTING = [Role.MANAGER, Role.CACHE, Role.CONSENSUS]


def tags_of(environment: Environment) -> dict[str, str]:
    """By which costs are told apart."""
    return {"project": NAME, "environment": environment.name}


def aws_provider(environment: Environment, cloud: Cloud) -> aws.Provider:
    """The only provider: every resource names its region, and no other account is touched. Credentials come
    from the runner. The region of its own is the witness's, so that it answers while either of the others is
    lost."""
    topology = environment.stack.topology
    return aws.Provider(
        f"{NAME}-aws",
        region=(topology.witness or topology.primary_region).region,
        allowed_account_ids=[cloud.account_id],
    )


@dataclass(frozen=True)
class Ground:
    """What the stack stands on."""

    hosts: Mapping[str, SwarmHosts]
    """The hosts of each place."""
    peerings: list[RegionPeering]

    @property
    def parts(self) -> list[pulumi.Resource]:
        """All of it, for what comes after."""
        return [*self.peerings, *self.hosts.values()]

    def balancer_addresses(self, region: Place) -> list[pulumi.Output[str]]:
        """The public addresses of a region's balancers."""
        addresses = self.hosts[region.name].balancer_addresses
        return [addresses[number] for number in range(region.public_hosts)]


def add_ground(environment: Environment, provider: aws.Provider) -> Ground:
    """Networks, connections and hosts of all places."""
    options = pulumi.ResourceOptions(providers=[provider])
    places = environment.stack.topology.places
    networks = {place.name: _network(environment, place, options) for place in places}
    peerings = [
        RegionPeering(
            f"{NAME}-{one.name}-{other.name}-peering",
            {
                "requester": networks[one.name].peered(),
                "accepter": networks[other.name].peered(),
                "tags": tags_of(environment),
            },
            options,
        )
        for one, other in combinations(places, 2)
    ]
    hosts = {place.name: _hosts(environment, place, networks[place.name], options) for place in places}
    return Ground(hosts, peerings)


def _machines(environment: Environment, place: Place) -> Machines:
    sizes = environment.groups.sizes
    serves = environment.stack.topology.is_region(place.name)
    return sizes.region_machines if serves else sizes.witness_machines


def _network(environment: Environment, place: Place, options: pulumi.ResourceOptions) -> RegionNetwork:
    sizes, machines = environment.groups.sizes, _machines(environment, place)
    cloud = environment.groups.cloud
    args: RegionNetworkArgs = {
        "topology": environment.args["topology"],
        "place": place.name,
        "nat": machines.nat,
        "endpoints": machines.endpoints,
        "edge_ranges": edge_ranges(),
        "flow_logs": {"retention_days": sizes.flow_log_days, "protect": sizes.protect},
        "tags": tags_of(environment),
    }
    if cloud is not None and place.name in cloud.zones:
        args["zones"] = cloud.zones[place.name]
    return RegionNetwork(f"{NAME}-{place.name}-network", args, options)


def _hosts(
    environment: Environment, place: Place, network: RegionNetwork, options: pulumi.ResourceOptions
) -> SwarmHosts:
    sizes, machines = environment.groups.sizes, _machines(environment, place)
    serves = environment.stack.topology.is_region(place.name)
    return SwarmHosts(
        f"{NAME}-{place.name}-hosts",
        {
            "place": place,  # type: ignore[typeddict-item]  # checked already
            "subnets": network.host_subnets(),
            "security_group_ids": network.groups_of(*(SERVING if serves else VOTING)),
            "balancer_security_group_ids": network.groups_of(Role.BALANCER) if serves else [],
            "instance_type": machines.instance_type,
            "data_volumes": [
                {"host": host, "size_gb": machines.data_gb} for host in _keepers(environment, place)
            ],
            "snapshot_retention_days": sizes.snapshot_days,
            "protect": sizes.protect,
            "workers": _workers(environment, network) if serves else {"min": 0, "max": 0},
            "tags": tags_of(environment),
        },
        options,
    )


def _workers(environment: Environment, network: RegionNetwork) -> WorkersArgs:
    """A region's workers. Of all roles they have the Swarm's alone: the balancers, on fixed hosts, call their
    tasks and are called by them on the place's overlay network."""
    chosen: dict[str, Any] = environment.groups.chosen_workers
    return cast(WorkersArgs, {**chosen, "security_group_ids": network.groups_of(Role.WORKER)})


def _keepers(environment: Environment, place: Place) -> list[int]:
    """The hosts of a place on which something keeps data: a voter, a database's member or Redis."""
    stack = environment.stack
    addresses = {
        *(voter.address for voter in voters(stack.topology)),
        *(member.address for member in stack.database.members(stack.topology)),
        *(node.address for node in redis_nodes(stack.topology)),
    }
    return [host for host in range(place.hosts) if place.address(host) in addresses]


def engines(environment: Environment, ground: Ground, groups: Groups) -> dict[str, dict[str, Any]]:
    """What the stack's providers are told beside the topology's own words: an engine once it answers, and the
    registry's password."""
    registry = groups.registry
    auth: dict[str, Any] = {}
    if registry is not None:
        password = environment.config.require_secret("registry_password")
        login = {"address": registry.address, "username": registry.username, "password": password}
        auth = {"registry_auth": [login]}
    return {
        f"docker-{place.name}": {
            "host": ground.hosts[place.name].docker_host,
            **auth,
        }
        for place in environment.stack.topology.places
    }
