"""What must hold for the hosts of a place."""

import ipaddress
from collections.abc import Iterator, Mapping, Sequence

from .problem import Problem
from .rules import Rule, matching

USER_DATA_LIMIT = 16 * 1024
"""Bytes that EC2 takes, before they are encoded."""

MANAGERS = Rule(
    lambda v: v in (1, 3) and not isinstance(v, bool),
    "not a number of managers that a Swarm is well served by",
    "1 or 3",
    "an even number bears no more losses than one less; use 3 where the place serves users, 1 for a witness",
)
METADATA_HOPS = Rule(
    lambda v: v in (1, 2) and not isinstance(v, bool),
    "not a distance to the machine's metadata that a host or its containers have",
    "1, the host alone, or 2, every container too",
    "leave it out, which is 1; 2 gives every container what its host may do",
)
IMAGE_ID = matching(
    r"ami-[0-9a-f]{8,17}|resolve:ssm:[\w./:-]+",
    "ami-..., or resolve:ssm: and the name of a parameter that holds one",
    "leave it out for Debian's own image, or name a parameter such as "
    "'resolve:ssm:/aws/service/debian/release/13/latest/arm64'",
)
ZONE = matching(r"[a-z]{2}(-[a-z]+)+-\d[a-z]", "a zone's name", "use a name such as 'us-east-1a'")
KEY_ARN = matching(
    r"arn:aws[\w-]*:kms:[a-z0-9-]+:\d{12}:key/[\w-]+", "the ARN of a KMS key", "give the key's ARN, no alias"
)
SCRIPT = matching(r"(?s)#!.+", "a script that begins with #!", "begin it with a line such as '#!/bin/sh'")


def every_pinned_host_exists(managers: int, hosts: int) -> Iterator[Problem]:
    """Containers are pinned to the hosts that the topology counts."""
    if managers < hosts:
        yield Problem(
            "managers",
            "fewer than the hosts that the place counts",
            f"{managers} managers, place.hosts {hosts}",
            "at least place.hosts",
            "containers are pinned to the place's hosts: add managers or let the place have fewer hosts",
        )


def there_is_a_network(subnets: int, security_groups: int) -> Iterator[Problem]:
    """Hosts that are made lie in subnets and behind security groups."""
    for name, count in (("subnets", subnets), ("security_group_ids", security_groups)):
        if not count:
            yield Problem(
                name, "missing", "nothing", "at least one", "give the network's, or adopt hosts by 'existing'"
            )


def every_host_has_a_subnet(addresses: Sequence[str], subnets: Sequence[str]) -> Iterator[Problem]:
    """The address that the topology gives a host lies in one of the subnets."""
    for number, address in enumerate(addresses):
        if subnets and not any(holds(subnet, address) for subnet in subnets):
            yield Problem(
                "subnets",
                f"none holds the address of host {number}",
                f"{address}; {', '.join(subnets)}",
                "a subnet for every host's address, as the topology computes it",
                "give the subnets that the place's own subnet is divided into",
            )


def hosts_are_spread(addresses: Sequence[str], zones: Mapping[str, str]) -> Iterator[Problem]:
    """No zone has two hosts while another has none. `zones` is a subnet to its zone."""
    seats = [zone for a in addresses for subnet, zone in zones.items() if holds(subnet, a)]
    idle = sorted(set(zones.values()) - set(seats))
    for zone in sorted({zone for zone in seats if seats.count(zone) > 1}) if idle else []:
        yield Problem(
            "subnets",
            f"{seats.count(zone)} hosts lie in zone {zone} and would be lost together",
            f"{', '.join(addresses)}, none in {', '.join(idle)}",
            "hosts over all the zones",
            "set place.zones to the number of zones, or give one zone's subnets only",
        )


def volumes_have_hosts(hosts: Sequence[int], managers: int) -> Iterator[Problem]:
    """A data volume belongs to a host that there is, and a host has one at most."""
    for index, host in enumerate(hosts):
        if host >= managers:
            yield Problem(
                f"data_volumes[{index}].host",
                "no such host",
                str(host),
                f"0 to {managers - 1}",
                "hosts are counted from 0: name one of the managers or add managers",
            )
        elif host in hosts[:index]:
            yield Problem(
                f"data_volumes[{index}].host",
                "this host has a data volume already",
                str(host),
                "one volume per host",
                "make that one larger: it grows without a new one",
            )


def balancers_have_hosts(balancers: int, managers: int) -> Iterator[Problem]:
    """One balancer per host."""
    if balancers > managers:
        yield Problem(
            "balancers",
            "more balancers than hosts",
            f"{balancers} on {managers} hosts",
            f"0 to {managers}",
            "one balancer per host: add managers or ask for fewer",
        )


def balancers_alone_are_public(
    addresses: Sequence[str], public: Mapping[str, bool], balancers: int
) -> Iterator[Problem]:
    """An Elastic IP is reached by the internet gateway's route, which serves nobody without one. `public` is
    a subnet to whether it has that route."""
    for host, address in enumerate(addresses):
        lies_in_public = next((kind for subnet, kind in public.items() if holds(subnet, address)), None)
        if lies_in_public is False and host < balancers:
            yield Problem(
                "balancers",
                f"host {host} has a balancer, and its address lies in no public subnet",
                f"{balancers} balancers, host {host} at {address}",
                "hosts in subnets whose way out is the internet gateway",
                f"set place.public_hosts to {balancers}, which gives them addresses there, and give the "
                "public subnets, with 'public': True",
            )
            return
        if lies_in_public and host >= balancers:
            yield Problem(
                "balancers",
                f"host {host} lies in a public subnet, where without an Elastic IP there is no way out",
                f"{balancers} balancers, host {host} at {address}",
                "a balancer on every host in a public subnet",
                "leave balancers out, which is place.public_hosts, or make the two equal",
            )
            return


def workers_have_a_way_out(subnets: int) -> Iterator[Problem]:
    """Workers have no Elastic IP: in a public subnet they would reach nothing."""
    if not subnets:
        yield Problem(
            "workers.subnet_ids",
            "missing: every subnet is public, and workers have no Elastic IP",
            "nothing",
            "at least one subnet whose way out is a NAT",
            "name the network's private subnets",
        )


def group_can_grow(minimum: int, maximum: int) -> Iterator[Problem]:
    """A group has a range, and is never empty while it may grow: nobody's CPU would be measured."""
    if minimum > maximum:
        yield Problem(
            "min",
            "more than max",
            f"min {minimum}, max {maximum}",
            "min <= max",
            "lower min or raise max",
        )
    elif minimum == 0 < maximum:
        yield Problem(
            "min",
            "a group without a member never grows: there is no CPU to measure",
            f"min 0, max {maximum}",
            "0 with max 0, which is no group; else at least 1",
            "begin with 1, or set max to 0",
        )


def user_data_fits(size: int) -> Iterator[Problem]:
    """EC2 refuses larger user data, when it is too late."""
    if size > USER_DATA_LIMIT:
        yield Problem(
            "setup",
            "the user data would be too large",
            f"{size} bytes",
            f"at most {USER_DATA_LIMIT} bytes, setup among them",
            "shorten setup, or let it fetch what is long",
        )


def holds(subnet: str, address: str) -> bool:
    """Whether the address lies in the subnet."""
    return ipaddress.IPv4Address(address) in ipaddress.IPv4Network(subnet)


def there_is_a_manager(count: int) -> Iterator[Problem]:
    """An adopted Swarm is reached by one of its managers at least."""
    if not count:
        yield Problem(
            "docker_hosts", "empty", "[]", "at least one", "name a manager, such as 'ssh://deploy@m1'"
        )
