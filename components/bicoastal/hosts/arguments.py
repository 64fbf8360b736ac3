"""What the hosts of a place are made of."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import NotRequired, TypedDict

import pulumi

from ..checks import hosts as checks
from ..checks.problem import Problem
from ..checks.rules import DOCKER_HOST, STACK_NAME, between
from ..component import ComponentArgs
from ..host_subnet import HostSubnet, HostSubnetArgs
from ..settings import setting
from ..topology import Place, PlaceArgs
from .user_data import VOLUME_STAND_IN, UserData

DEBIAN = "resolve:ssm:/aws/service/debian/release/13/latest/amd64"
"""Debian's own image, as of 2025. EC2 looks it up when it starts a machine: a newer one replaces nobody."""


class DataVolumeArgs(TypedDict):
    """The volume of a host that keeps a database."""

    host: int
    """The host's number, counted from 0."""
    size_gb: pulumi.Input[int]
    """GiB, 8 to 16384. It can grow, and the filesystem grows at the host's next boot; it never shrinks."""
    iops: NotRequired[pulumi.Input[int]]
    """Operations per second, 3000 to 16000. Default: 3000, which costs nothing more."""
    throughput_mb: NotRequired[pulumi.Input[int]]
    """MiB per second, 125 to 1000. Default: 125, which costs nothing more."""


class WorkersArgs(TypedDict):
    """Hosts without an address of their own, as many as the CPU asks for."""

    min: int
    """The fewest, 0 to 100. 0 only together with `max` 0."""
    max: int
    """The most, 0 to 100. 0: there is no group."""
    cpu_percent: NotRequired[pulumi.Input[float]]
    """The average CPU that the group is held at, 10 to 90 percent. Default: 60."""
    warm_up_s: NotRequired[pulumi.Input[int]]
    """Seconds until a new worker counts, 0 to 3600: it installs Docker and joins meanwhile. Default: 300."""
    instance_type: NotRequired[pulumi.Input[str]]
    """The machine. Default: the managers'."""
    subnet_ids: NotRequired[list[pulumi.Input[str]]]
    """Where they are made. Default: those of the hosts' subnets that are not public."""
    security_group_ids: NotRequired[list[pulumi.Input[str]]]
    """Their security groups. Default: the hosts'."""


class ExistingSwarmArgs(TypedDict):
    """A Swarm that is there already."""

    docker_hosts: list[str]
    """Its managers' engines: `ssh://`, `unix://`, or `tcp://` with TLS, for which the Docker provider needs
    certificates (port 2375, which has none, is refused). The first is used, and no other is tried while it
    does not answer: put another one first then, or give a name that leads to whichever is healthy."""
    balancer_addresses: NotRequired[list[pulumi.Input[str]]]
    """The public IPs of hosts with a balancer. Default: none."""


class SwarmHostsArgs(ComponentArgs):
    """What the hosts of a place are made of."""

    place: PlaceArgs
    """The place as the topology has it: hosts get the addresses that its members advertise."""
    subnets: NotRequired[list[HostSubnetArgs]]
    """Those of `RegionNetwork.host_subnets()`, or one for each zone and kind of host; a host is made in the
    one that its address lies in. Required unless `existing`."""
    security_group_ids: NotRequired[list[pulumi.Input[str]]]
    """The hosts' security groups, such as `RegionNetwork.groups_of(Role.MANAGER, Role.DATABASE)`. None needs
    to let SSH in. Required unless `existing`."""
    balancer_security_group_ids: NotRequired[list[pulumi.Input[str]]]
    """Further security groups of the hosts with a balancer, such as `RegionNetwork.groups_of(Role.BALANCER)`,
    which lets the edge in. Default: none."""
    managers: NotRequired[int]
    """How many hosts with fixed addresses, all of them managers: 1 or 3, and not fewer than `place.hosts`.
    Default: `place.hosts`."""
    instance_type: NotRequired[pulumi.Input[str]]
    """The managers' machine: one of Nitro's, of the image's architecture. Default: `m7i.large`."""
    image_id: NotRequired[pulumi.Input[str]]
    """A Debian: `ami-...`, or `resolve:ssm:` and a parameter's name. Default: Debian 13 for amd64. A
    change is for new machines only."""
    metadata_hops: NotRequired[pulumi.Input[int]]
    """How far away the machine's metadata, with its role's credentials, are heard, 1 or 2: with 1 on the host
    and in containers on its own network, with 2 in every container. Then whoever breaks into one, or makes it
    ask, has the host's role: on a manager the join tokens, so the Swarm's secrets and every host. Default: 1.
    A change is for new machines only."""
    root_size_gb: NotRequired[pulumi.Input[int]]
    """GiB of the encrypted root disk, 8 to 1024. Default: 40."""
    data_volumes: NotRequired[list[DataVolumeArgs]]
    """Encrypted volumes for what Docker volumes hold, one for each host that keeps a database. Default: none,
    data is on the root disk and goes with the host."""
    snapshot_retention_days: NotRequired[int]
    """Days that the daily snapshot of a data volume is kept, 1 to 365. Default: 14."""
    balancers: NotRequired[int]
    """How many hosts, from the first, carry a balancer and get an Elastic IP, 0 to `managers`. Their
    addresses lie in public subnets, and no other host's do. Default: `place.public_hosts`."""
    workers: NotRequired[WorkersArgs]
    """Further hosts in an Auto Scaling group. Default: none."""
    kms_key_arn: NotRequired[str]
    """The key for disks and join tokens; its policy must let EC2, and with workers Auto Scaling's role, use
    it. Default: the account's own keys."""
    setup: NotRequired[str]
    """A script, with its `#!` line, that runs once on each host when it is in the Swarm. It is no place for a
    secret. All that a host is told may have 16 KiB. Default: none."""
    protect: NotRequired[bool]
    """Whether data volumes cannot be deleted. Default: true."""
    wait_s: NotRequired[int]
    """Seconds that a first `up` waits until the engines answer, 0 to 3600; 0 does not wait. Default: 900."""
    existing: NotRequired[ExistingSwarmArgs]
    """A Swarm to adopt: nothing is made then, and the outputs are the same. Its hosts must have the addresses
    that the topology computes, and each engine the label `host=<number>`. Default: none, hosts are made."""
    stack: NotRequired[str]
    """The stack's name, 1 to 20 lower-case letters, digits and hyphens. Default: the Pulumi stack's."""


@dataclass(frozen=True, kw_only=True)
class DataVolume:
    """The volume of a host that keeps a database, checked."""

    host: int = setting(between(0, 4, "(a host's number)"))
    size_gb: pulumi.Input[int] = setting(between(8, 16384, "GiB"))
    iops: pulumi.Input[int] = setting(between(3000, 16000, "operations per second"), default=3000)
    throughput_mb: pulumi.Input[int] = setting(between(125, 1000, "MiB per second"), default=125)


@dataclass(frozen=True, kw_only=True)
class Workers:
    """Hosts without an address of their own, checked."""

    min: int = setting(between(0, 100, "workers"))
    max: int = setting(between(0, 100, "workers"))
    cpu_percent: pulumi.Input[float] = setting(between(10, 90, "percent"), default=60.0)
    warm_up_s: pulumi.Input[int] = setting(between(0, 3600, "seconds"), default=300)
    instance_type: pulumi.Input[str] | None = setting(default=None)
    subnet_ids: list[pulumi.Input[str]] = setting(factory=list)
    security_group_ids: list[pulumi.Input[str]] = setting(factory=list)

    def problems(self) -> Iterator[Problem]:
        """What is wrong between the fields."""
        yield from checks.group_can_grow(self.min, self.max)


@dataclass(frozen=True, kw_only=True)
class ExistingSwarm:
    """A Swarm that is there already, checked."""

    docker_hosts: list[str] = setting(DOCKER_HOST)
    balancer_addresses: list[pulumi.Input[str]] = setting(factory=list)

    def problems(self) -> Iterator[Problem]:
        """What is wrong between the fields."""
        yield from checks.there_is_a_manager(len(self.docker_hosts))


@dataclass(frozen=True, kw_only=True)
class SwarmHostsSettings:
    """What the hosts of a place are made of, checked."""

    place: Place
    subnets: list[HostSubnet] = setting(factory=list)
    security_group_ids: list[pulumi.Input[str]] = setting(factory=list)
    balancer_security_group_ids: list[pulumi.Input[str]] = setting(factory=list)
    managers: int | None = setting(checks.MANAGERS, default=None)
    instance_type: pulumi.Input[str] = setting(default="m7i.large")
    image_id: pulumi.Input[str] = setting(checks.IMAGE_ID, default=DEBIAN)
    metadata_hops: pulumi.Input[int] = setting(checks.METADATA_HOPS, default=1)
    root_size_gb: pulumi.Input[int] = setting(between(8, 1024, "GiB"), default=40)
    data_volumes: list[DataVolume] = setting(factory=list)
    snapshot_retention_days: int = setting(between(1, 365, "days"), default=14)
    balancers: int | None = setting(between(0, 3, "balancers"), default=None)
    workers: Workers | None = None
    kms_key_arn: str | None = setting(checks.KEY_ARN, default=None)
    setup: str | None = setting(checks.SCRIPT, default=None)
    protect: bool = True
    wait_s: int = setting(between(0, 3600, "seconds"), default=900)
    existing: ExistingSwarm | None = None
    stack: str = setting(STACK_NAME, factory=pulumi.get_stack)

    @property
    def manager_count(self) -> int:
        """How many hosts have a fixed address."""
        return self.place.hosts if self.managers is None else self.managers

    @property
    def balancer_count(self) -> int:
        """How many hosts carry a balancer."""
        return self.place.public_hosts if self.balancers is None else self.balancers

    @property
    def addresses(self) -> list[str]:
        """The managers' addresses, as the topology computes them."""
        return [self.place.address(host) for host in range(self.manager_count)]

    @property
    def group(self) -> Workers | None:
        """The workers, where there may be one."""
        return self.workers if self.workers and self.workers.max else None

    def subnet_of(self, host: int) -> HostSubnet:
        """The subnet that the host's address lies in."""
        address = self.place.address(host)
        return next(subnet for subnet in self.subnets if checks.holds(subnet.cidr, address))

    def groups_of(self, host: int) -> list[pulumi.Input[str]]:
        """The security groups of the host with this number."""
        own = self.balancer_security_group_ids if host < self.balancer_count else []
        return [*self.security_group_ids, *own]

    @property
    def worker_subnet_ids(self) -> list[pulumi.Input[str]]:
        """Where workers are made: they have no public address."""
        chosen = self.workers.subnet_ids if self.workers else []
        return chosen or [subnet.subnet_id for subnet in self.subnets if not subnet.public]

    def user_data(self, host: int | None, volume: str | None = None) -> str:
        """What the host with this number is told, or a worker."""
        return UserData(
            stack=self.stack,
            place=self.place.name,
            region=self.place.region,
            managers=self.addresses,
            number=host,
            volume=volume,
            key=self.kms_key_arn,
            setup=self.setup,
        ).render()

    def problems(self) -> Iterator[Problem]:
        """What is wrong between the fields."""
        if self.existing is not None:
            return
        count = self.manager_count
        if self.managers is None and (wrong := checks.MANAGERS.problem("place.hosts", count)):
            yield wrong
            return
        yield from checks.every_pinned_host_exists(count, self.place.hosts)
        yield from checks.there_is_a_network(len(self.subnets), len(self.security_group_ids))
        yield from checks.every_host_has_a_subnet(self.addresses, [subnet.cidr for subnet in self.subnets])
        yield from checks.hosts_are_spread(
            self.addresses, {subnet.cidr: subnet.zone for subnet in self.subnets}
        )
        yield from checks.volumes_have_hosts([volume.host for volume in self.data_volumes], count)
        yield from self._problems_of_ways_out(count)
        yield from checks.user_data_fits(len(self.user_data(0, VOLUME_STAND_IN).encode()))

    def _problems_of_ways_out(self, count: int) -> Iterator[Problem]:
        public = {subnet.cidr: subnet.public for subnet in self.subnets}
        too_many = list(checks.balancers_have_hosts(self.balancer_count, count))
        yield from too_many or checks.balancers_alone_are_public(self.addresses, public, self.balancer_count)
        if self.group and self.subnets:
            yield from checks.workers_have_a_way_out(len(self.worker_subnet_ids))
