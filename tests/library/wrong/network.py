"""Wrong settings of networks: the arguments that hold one, and what its error must say."""

from typing import Any

from tests.library.arguments import ARGUMENTS
from tests.library.samples import topology
from tests.library.wrong.table import Broken, Wrong


def _network(**own: Any) -> Broken:
    return lambda: ("RegionNetwork", {**ARGUMENTS["RegionNetwork"](), **own})


def _spread(**own: Any) -> dict[str, Any]:
    """The sample topology, whose first region is otherwise spread."""
    places = topology()
    places["regions"][0] |= own
    return places


def _peering(**accepter: Any) -> Broken:
    def broken() -> tuple[str, dict[str, Any]]:
        args = ARGUMENTS["RegionPeering"]()
        args["accepter"].update(accepter)
        return "RegionPeering", args

    return broken


WRONG: Wrong = {
    "a network for no place": (_network(place="north"), "place", "'north'", "east, west, witness"),
    "a network that overlaps a peer's": (
        _network(peer_ranges={"west": "10.1.64.0/18"}),
        "range",
        "10.1.0.0/16 and 10.1.64.0/18",
        "networks that share no address",
    ),
    "a peer that is none": (
        _network(peer_ranges={"east": "10.9.0.0/16"}),
        "peer_ranges.east",
        "'east'",
        "west, witness",
    ),
    "a network too small for its subnets": (
        _network(range="10.1.0.0/25"),
        "range",
        "10.1.0.0/25",
        "/16 to /24",
    ),
    "a network larger than a VPC": (_network(range="172.16.0.0/12"), "range", "172.16.0.0/12", "/16 to /24"),
    "hosts outside the private subnets": (
        _network(range="10.4.0.0/16"),
        "range",
        "10.1.0.10",
        "10.4.0.0/18, 10.4.64.0/18, 10.4.128.0/18",
    ),
    "fewer zones than the place's hosts stand in": (
        _network(topology=_spread(hosts=3, zones=3), zones=["us-east-1a", "us-east-1b"]),
        "zones",
        "us-east-1a, us-east-1b, with the place's zones 3",
        "at least 3 zones",
    ),
    "a place over zones that is not the network": (
        _network(topology=_spread(hosts=2, zones=2, subnet="10.1.0.0/20"), range="10.1.0.0/16"),
        "range",
        "10.1.0.0/16, with the place's subnet 10.1.0.0/20",
        "10.1.0.0/20",
    ),
    "a network that reaches into Swarm's own range": (
        _network(range="10.0.0.0/15", existing={"vpc_id": "vpc-1", "private_subnet_ids": ["subnet-1"]}),
        "range",
        "10.0.0.0/15",
        "outside 10.0.0.0/16",
    ),
    "a peer's network in Swarm's own range": (
        _network(peer_ranges={"west": "10.0.128.0/17"}),
        "peer_ranges.west",
        "10.0.128.0/17",
        "outside 10.0.0.0/16",
    ),
    "a public network": (_network(range="8.8.0.0/16"), "range", "'8.8.0.0/16'", "a private IPv4 network"),
    "a zone of another region": (
        _network(zones=["us-east-1a", "us-west-2b"]),
        "zones",
        "us-east-1a, us-west-2b",
        "us-east-1's zones",
    ),
    "one zone": (_network(zones=["us-east-1a"]), "zones", "us-east-1a", "two or three"),
    "a zone twice": (
        _network(zones=["us-east-1a", "us-east-1a"]),
        "zones",
        "us-east-1a, us-east-1a",
        "each once",
    ),
    "a zone that is a letter": (
        _network(zones=["a", "us-east-1b"]),
        "zones[0]",
        "'a'",
        "an availability zone",
    ),
    "a region whose zones differ between accounts": (
        lambda: (
            "RegionNetwork",
            {
                "place": "east",
                "topology": topology(
                    regions=[
                        {"name": "east", "region": "us-west-1", "subnet": "10.1.0.0/16"},
                        {"name": "west", "region": "us-west-2", "subnet": "10.2.0.0/16"},
                    ],
                    witness={"name": "witness", "region": "us-east-2", "subnet": "10.3.0.0/16"},
                ),
            },
        ),
        "zones",
        "nothing",
        "two or three of us-west-1's zones",
    ),
    "unknown NAT": (_network(nat="both"), "nat", "'both'", "'per_zone', 'single', 'none'"),
    "an endpoint twice": (_network(endpoints=["ssm", "ssm"]), "endpoints", "'ssm'", "each once"),
    "the world as the edge": (
        _network(edge_ranges=["0.0.0.0/0"]),
        "edge_ranges[0]",
        "'0.0.0.0/0'",
        "/8 or smaller",
    ),
    "the world as the edge, by IPv6": (_network(edge_ranges=["::/0"]), "edge_ranges[0]", "'::/0'", "/16 or"),
    "half the world as the edge": (
        _network(edge_ranges=["128.0.0.0/1"]),
        "edge_ranges[0]",
        "'128.0.0.0/1'",
        "/8 or smaller",
    ),
    "a private range as the edge": (
        _network(edge_ranges=["10.0.0.0/8"]),
        "edge_ranges[0]",
        "'10.0.0.0/8'",
        "a public IPv4 network",
    ),
    "an edge range with host bits": (
        _network(edge_ranges=["104.16.0.1/13"]),
        "edge_ranges[0]",
        "'104.16.0.1/13'",
        "no host bits set",
    ),
    "more edge ranges than rules": (
        _network(edge_ranges=[f"104.16.{number}.0/24" for number in range(21)]),
        "edge_ranges",
        "21",
        "at most 20",
    ),
    "a listener with a name of ours": (
        _network(listeners=[{"name": "redis", "roles": ["cache"], "callers": ["worker"], "port": 6381}]),
        "listeners",
        "'redis'",
        "each name once",
    ),
    "ports that go down": (
        _network(
            listeners=[
                {
                    "name": "vault",
                    "roles": ["manager"],
                    "callers": ["worker"],
                    "port": 8201,
                    "last_port": 8200,
                }
            ]
        ),
        "listeners[0].last_port",
        "8201 to 8200",
        "8201 to 65535",
    ),
    "a retention that CloudWatch lacks": (
        _network(flow_logs={"retention_days": 100}),
        "flow_logs.retention_days",
        "100",
        "365",
    ),
    "a key that is no ARN": (
        _network(flow_logs={"key_arn": "alias/logs"}),
        "flow_logs.key_arn",
        "'alias/logs'",
        "the ARN of a KMS key",
    ),
    "NAT for a network that is there": (
        _network(nat="single", existing={"vpc_id": "vpc-1", "private_subnet_ids": ["subnet-1"]}),
        "nat",
        "nat and existing",
        "one of the two",
    ),
    "a gateway without route tables": (
        _network(endpoints=["s3"], existing={"vpc_id": "vpc-1", "private_subnet_ids": ["subnet-1"]}),
        "existing.route_table_ids",
        "[]",
        "at least one route table",
    ),
    "endpoints without subnets": (
        _network(endpoints=["ssm"], existing={"vpc_id": "vpc-1", "private_subnet_ids": []}),
        "existing.private_subnet_ids",
        "[]",
        "at least one subnet",
    ),
    "an account's name for its number": (
        lambda: ("NetworkFlowLogs", {**ARGUMENTS["NetworkFlowLogs"](), "account_id": "production"}),
        "account_id",
        "'production'",
        "12 digits",
    ),
    "a connection within one region": (
        _peering(region="us-east-1"),
        "accepter.region",
        "'us-east-1'",
        "another region than 'us-east-1'",
    ),
    "a connection of networks that overlap": (
        _peering(range="10.1.128.0/17"),
        "accepter.range",
        "10.1.0.0/16 and 10.1.128.0/17",
        "share no address",
    ),
    "a connection without a route": (
        _peering(route_table_ids=[]),
        "accepter.route_table_ids",
        "[]",
        "at least one route table",
    ),
}
