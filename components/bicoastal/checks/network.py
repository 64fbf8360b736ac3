"""What must hold for a place's network and for the connection between two."""

import ipaddress
from collections.abc import Collection, Iterator, Mapping, Sequence

from .problem import Problem
from .rules import NETWORK, Rule, matching
from .topology import SMALLEST_PREFIX

LARGEST_PREFIX = 16
"""A VPC is at most a /16."""
WIDEST_EDGE_RANGE = {4: 8, 6: 16}
"""What is wider is no vendor's network but a good part of the internet."""
MOST_EDGE_RANGES = {4: 20, 6: 10}
"""Each counts as a rule on two ports, and a security group holds 60 for each family of addresses."""


def _is_edge_range(value: object) -> bool:
    if not NETWORK.holds(value):
        return False
    network = ipaddress.ip_network(str(value))
    return network.is_global and network.prefixlen >= WIDEST_EDGE_RANGE[network.version]


EDGE_RANGE = Rule(
    _is_edge_range,
    "not a range of an edge",
    "a public IPv4 network of /8 or smaller, or an IPv6 one of /16 or smaller, with no host bits set",
    "take the ranges that the edge's vendor publishes; the world may not come in",
)
ZONE = matching(
    r"[a-z]{2}(-[a-z]+)+-\d(-[a-z]+-\d+)?[a-z]",
    "the name of an availability zone",
    "use a name such as 'us-east-1a'",
)
KMS_KEY_ARN = matching(
    r"arn:aws[a-z-]*:kms:[a-z0-9-]+:\d{12}:key/[\w-]+",
    "the ARN of a KMS key",
    "give the key's ARN and not its id or alias: 'arn:aws:kms:us-east-1:123456789012:key/...'",
)
ACCOUNT = matching(r"\d{12}", "the 12 digits of an AWS account", "take them from the account's page")
LOG_GROUP = matching(
    r"[\w./#-]{1,512}",
    "1 to 512 letters, digits, and . _ / # -",
    "use a name such as '/production/east/flow'",
)
RETENTIONS = (1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922)
RETENTION = Rule(
    lambda v: v in RETENTIONS,
    "no retention that CloudWatch has",
    f"{', '.join(map(str, RETENTIONS))} days",
    "choose one of these",
)


def place_is_there(place: str, names: Sequence[str]) -> Iterator[Problem]:
    """The place is one of the topology's."""
    if place not in names:
        yield Problem("place", "no such place", repr(place), ", ".join(names), "name one of these")


def range_holds_its_subnets(network: str) -> Iterator[Problem]:
    """A VPC has the size that AWS allows, and room for a public and a private subnet in each zone."""
    prefix = ipaddress.IPv4Network(network).prefixlen
    if not LARGEST_PREFIX <= prefix <= SMALLEST_PREFIX:
        yield Problem(
            "range",
            "too small for its subnets" if prefix > SMALLEST_PREFIX else "larger than a VPC may be",
            network,
            f"/{LARGEST_PREFIX} to /{SMALLEST_PREFIX}",
            "give `range` such a network that holds the place's subnet, or change the place's subnet",
        )


def hosts_have_their_zones(zones: int, names: Sequence[str]) -> Iterator[Problem]:
    """The place's hosts stand in the first of the network's zones."""
    if zones > len(names):
        yield Problem(
            "zones",
            "fewer than the place spreads its hosts over",
            f"{', '.join(names)}, with the place's zones {zones}",
            f"at least {zones} zones",
            "name further zones here, or spread the place's hosts over fewer",
        )


def divided_place_is_the_network(network: str, subnet: str) -> Iterator[Problem]:
    """Where hosts stand in several subnets, their addresses follow from the place's subnet alone, which every
    other place knows: so that is the network."""
    if network != subnet:
        yield Problem(
            "range",
            "not the place's subnet, whose hosts stand in several subnets of it",
            f"{network}, with the place's subnet {subnet}",
            subnet,
            "leave it out and give the place the network's whole range, or leave out zones and public_hosts",
        )


def hosts_lie_in_subnets(
    addresses: Sequence[str], subnets: Sequence[ipaddress.IPv4Network]
) -> Iterator[Problem]:
    """Each host's fixed address lies in a private subnet of a network that is wider than the place."""
    for address in addresses:
        if not any(ipaddress.IPv4Address(address) in subnet for subnet in subnets):
            yield Problem(
                "range",
                "a host's address lies in no private subnet",
                address,
                f"an address in {', '.join(map(str, subnets))}",
                "let the range begin with the place's subnet",
            )
            return


def peers_are_known(given: Sequence[str], places: Sequence[str]) -> Iterator[Problem]:
    """A peer's range is given for a place that is one."""
    for name in given:
        if name not in places:
            yield Problem(
                f"peer_ranges.{name}", "no other place", repr(name), ", ".join(places), "name one of these"
            )


def no_overlap_with_peers(network: str, peers: Mapping[str, str]) -> Iterator[Problem]:
    """No address is here and at a peer: there would be no way to the peer's."""
    for name, other in peers.items():
        if ipaddress.IPv4Network(network).overlaps(ipaddress.IPv4Network(other)):
            yield Problem(
                "range",
                f"overlaps the network of {name}",
                f"{network} and {other}",
                "networks that share no address",
                f"give this place or {name} a range of its own",
            )


def zones_are_the_regions(zones: Sequence[str] | None, region: str) -> Iterator[Problem]:
    """Two or three zones of this region, each once. None stands for a region without zones known to us."""
    if zones is None:
        yield Problem(
            "zones",
            f"missing: which zones an account has in {region} differs",
            "nothing",
            f"two or three of {region}'s zones",
            "name them, such as ['us-west-1a', 'us-west-1c']",
        )
        return
    foreign = [zone for zone in zones if zone[:-1] != region and not zone.startswith(f"{region}-")]
    if foreign or len(set(zones)) != len(zones) or not 2 <= len(zones) <= 3:
        yield Problem(
            "zones",
            f"not in {region}" if foreign else "not two or three different zones",
            ", ".join(zones) or "none",
            f"two or three of {region}'s zones, each once",
            f"such as ['{region}a', '{region}b', '{region}c']",
        )


def edge_ranges_fit(ranges: Sequence[str]) -> Iterator[Problem]:
    """The edge's ranges fit into a security group's rules."""
    for version, most in MOST_EDGE_RANGES.items():
        count = sum(ipaddress.ip_network(one).version == version for one in ranges)
        if count > most:
            yield Problem(
                "edge_ranges",
                f"too many IPv{version} ranges for a security group",
                str(count),
                f"at most {most}",
                "join neighbours into larger ranges",
            )


def nothing_for_a_new_network(given: Sequence[str]) -> Iterator[Problem]:
    """What shapes a new network says nothing about one that is there already."""
    for key in given:
        yield Problem(
            key,
            "given together with `existing`",
            f"{key} and existing",
            "one of the two",
            "leave it out: the network that is there keeps what it has",
        )


def no_endpoint_twice(endpoints: Sequence[str]) -> Iterator[Problem]:
    """A service has one endpoint."""
    for name in sorted({name for name in endpoints if endpoints.count(name) > 1}):
        yield Problem("endpoints", "an endpoint is named twice", repr(name), "each once", "name it once")


def endpoints_have_a_home(
    endpoints: Sequence[str], gateway: str, subnets: int, route_tables: int
) -> Iterator[Problem]:
    """In a network that is there: an endpoint with an address needs a subnet, the gateway's a route table."""
    if gateway in endpoints and not route_tables:
        yield Problem(
            "existing.route_table_ids",
            f"empty, with the endpoint of {gateway}",
            "[]",
            "at least one route table",
            "name the route tables whose subnets reach it",
        )
    if set(endpoints) - {gateway} and not subnets:
        yield Problem(
            "existing.private_subnet_ids",
            "empty, with endpoints that have an address",
            "[]",
            "at least one subnet",
            "name a private subnet in each zone",
        )


def listeners_differ(names: Sequence[str], own: Collection[str]) -> Iterator[Problem]:
    """Each listener has a name of its own: rules are named after it."""
    for name in sorted({name for name in names if names.count(name) > 1 or name in own}):
        yield Problem(
            "listeners", "two listeners have one name", repr(name), "each name once", "choose another name"
        )


def ports_ascend(port: int, last_port: int | None) -> Iterator[Problem]:
    """A range of ports goes upwards."""
    if last_port is not None and last_port < port:
        yield Problem(
            "last_port",
            "below the first port",
            f"{port} to {last_port}",
            f"{port} to 65535",
            "exchange the two, or leave it out for one port",
        )


def two_different_regions(requester: str, accepter: str) -> Iterator[Problem]:
    """The two networks are in different regions."""
    if requester == accepter:
        yield Problem(
            "accepter.region",
            "both networks are in one region",
            repr(accepter),
            f"another region than {requester!r}",
            "name the region of the other network",
        )


def ranges_are_apart(requester: str, accepter: str) -> Iterator[Problem]:
    """The two networks share no address."""
    if ipaddress.IPv4Network(requester).overlaps(ipaddress.IPv4Network(accepter)):
        yield Problem(
            "accepter.range",
            "the two networks overlap",
            f"{requester} and {accepter}",
            "networks that share no address",
            "AWS cannot join them: give one a range of its own",
        )


def a_route_table_is_named(count: int) -> Iterator[Problem]:
    """Without a route a connection carries nothing."""
    if not count:
        yield Problem(
            "route_table_ids",
            "empty",
            "[]",
            "at least one route table",
            "name each route table whose subnets speak to the other network",
        )
