"""The networks of the places, what may pass in them, and the connections between them."""

import ipaddress
import json
import re
from collections import Counter
from itertools import combinations

import pulumi
import pytest

from bicoastal import Endpoint, NatMode, NetworkFlowLogs, RegionNetwork, RegionPeering, Role
from bicoastal.application.route import PORT as API_PORT
from bicoastal.cache import redis_nodes
from bicoastal.cache.route import ROUTE_PORT
from bicoastal.database import PostgresCluster
from bicoastal.database.primary import PORT as POSTGRES_PORT
from bicoastal.database.voters import CLIENT_PORT, PEER_PORT
from bicoastal.ingress.routes import HTTP_PORT
from bicoastal.network import AddressPlan, known_edge_ranges
from bicoastal.network.address_plan import MOST_HOSTS, host_addresses
from bicoastal.network.listeners import LISTENERS, Protocol
from bicoastal.plan.record import Plan
from bicoastal.settings import read
from bicoastal.testing import PulumiMocks
from bicoastal.topology import Topology
from tests.library.samples import topology

VPC = "aws:ec2/vpc:Vpc"
SUBNET = "aws:ec2/subnet:Subnet"
RESERVATION = "aws:ec2/subnetCidrReservation:SubnetCidrReservation"
NAT = "aws:ec2/natGateway:NatGateway"
ADDRESS = "aws:ec2/eip:Eip"
ROUTE = "aws:ec2/route:Route"
ROUTE_TABLE = "aws:ec2/routeTable:RouteTable"
ASSOCIATION = "aws:ec2/routeTableAssociation:RouteTableAssociation"
ENDPOINT = "aws:ec2/vpcEndpoint:VpcEndpoint"
GROUP = "aws:ec2/securityGroup:SecurityGroup"
DEFAULT_GROUP = "aws:ec2/defaultSecurityGroup:DefaultSecurityGroup"
PREFIX_LIST = "aws:ec2/managedPrefixList:ManagedPrefixList"
INGRESS = "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule"
EGRESS = "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule"
FLOW_LOG = "aws:ec2/flowLog:FlowLog"
LOG_GROUP = "aws:cloudwatch/logGroup:LogGroup"
KEY = "aws:kms/key:Key"
ROLE = "aws:iam/role:Role"
ROLE_POLICY = "aws:iam/rolePolicy:RolePolicy"
CONNECTION = "aws:ec2/vpcPeeringConnection:VpcPeeringConnection"
ACCEPTANCE = "aws:ec2/vpcPeeringConnectionAccepter:VpcPeeringConnectionAccepter"
OPTIONS = "aws:ec2/peeringConnectionOptions:PeeringConnectionOptions"

TOPOLOGY = read(Topology, topology(), "topology")
EXISTING = {
    "vpc_id": "vpc-1",
    "private_subnet_ids": ["subnet-a", "subnet-b"],
    "public_subnet_ids": ["subnet-c"],
    "route_table_ids": ["rtb-1", "rtb-2"],
}


@pytest.fixture(scope="module")
def network():
    """The plan of a place's network. A plan is data: one of the same arguments is made once."""
    made: dict[str, Plan] = {}

    def plan(place="east", **own):
        args = {"topology": topology(), "place": place, **own}
        if repr(args) not in made:
            made[repr(args)] = PulumiMocks().run(lambda: RegionNetwork("it", args), stack="production")
        return made[repr(args)]

    return plan


def inputs(plan, token):
    return {resource.name.removeprefix("it-"): resource.inputs for resource in plan.of_type(token)}


def rules(plan, token):
    """The rules, by the end of their names, as (group, other side, protocol, ports)."""
    return {
        rule.name.removeprefix("it-groups-"): (
            side(rule.inputs["securityGroupId"]),
            side(
                rule.inputs.get("referencedSecurityGroupId")
                or rule.inputs.get("prefixListId")
                or rule.inputs["cidrIpv4"]
            ),
            rule.inputs["ipProtocol"],
            (rule.inputs["fromPort"], rule.inputs["toPort"]),
        )
        for rule in plan.of_type(token)
    }


def side(reference):
    return re.sub(r"<it-groups-(?:group-)?([\w-]+)\.id>", r"\1", reference)


def allowed(plan, token):
    return set(rules(plan, token).values())


# Subnets and ways out


def test_the_network_has_the_places_range_and_resolves_names(network):
    vpc = inputs(network(), VPC)["vpc"]
    assert vpc["cidrBlock"] == "10.1.0.0/16"
    assert vpc["enableDnsSupport"] is True
    assert vpc["enableDnsHostnames"] is True


def test_the_subnets_lie_over_three_zones_and_give_no_public_address(network):
    subnets = inputs(network("west"), SUBNET)
    assert {name: (subnet["availabilityZone"], subnet["cidrBlock"]) for name, subnet in subnets.items()} == {
        "private-1": ("us-west-2a", "10.2.0.0/18"),
        "private-2": ("us-west-2b", "10.2.64.0/18"),
        "private-3": ("us-west-2c", "10.2.128.0/18"),
        "public-1": ("us-west-2a", "10.2.192.0/20"),
        "public-2": ("us-west-2b", "10.2.208.0/20"),
        "public-3": ("us-west-2c", "10.2.224.0/20"),
    }
    assert not any(subnet["mapPublicIpOnLaunch"] for subnet in subnets.values())


@pytest.mark.parametrize("prefix", [16, 20, 24])
def test_subnets_fit_their_range_and_share_no_address(prefix):
    plan = AddressPlan(f"10.1.0.0/{prefix}", 3)
    subnets = [*plan.private, *plan.public]
    assert all(subnet.subnet_of(ipaddress.IPv4Network(plan.range)) for subnet in subnets)
    assert all(subnet.prefixlen <= 28 for subnet in subnets)
    assert not any(one.overlaps(other) for one, other in combinations(subnets, 2))


def test_a_third_zone_moves_no_subnet(network):
    two = inputs(network(zones=["us-east-1b", "us-east-1d"]), SUBNET)
    three = inputs(network(zones=["us-east-1b", "us-east-1d", "us-east-1f"]), SUBNET)
    assert len(two) == 4
    assert {name: three[name] for name in two} == two


@pytest.mark.parametrize(
    ("region", "letters"), [("ap-northeast-1", "acd"), ("ca-central-1", "abd"), ("eu-central-1", "abc")]
)
def test_regions_without_the_usual_zones_are_known(network, region, letters):
    places = topology()
    places["witness"]["region"] = region
    subnets = inputs(network("witness", topology=places), SUBNET)
    assert [subnets[f"private-{n}"]["availabilityZone"] for n in (1, 2, 3)] == [region + z for z in letters]


def test_the_hosts_addresses_are_kept_free_before_anything_else_gets_one(network):
    plan = network()
    reservation = plan.of_type(RESERVATION)[0]
    assert reservation.inputs["cidrBlock"] == "10.1.0.8/29"
    assert reservation.inputs["reservationType"] == "explicit"
    assert reservation.inputs["subnetId"] == "<it-private-1.id>"
    for endpoint in plan.of_type(ENDPOINT):
        if endpoint.inputs["vpcEndpointType"] == "Interface":
            assert reservation.urn in endpoint.dependencies


def test_the_addresses_kept_are_those_of_as_many_hosts_as_a_place_may_have():
    place = read(
        Topology,
        topology(
            regions=[
                {"name": "east", "region": "us-east-1", "subnet": "10.1.0.0/24", "hosts": MOST_HOSTS},
                {"name": "west", "region": "us-west-2", "subnet": "10.2.0.0/24"},
            ],
            witness={"name": "witness", "region": "us-east-2", "subnet": "10.3.0.0/24"},
        ),
        "topology",
    ).place("east")
    kept = host_addresses(place)
    assert all(ipaddress.IPv4Address(place.address(host)) in kept for host in range(MOST_HOSTS))
    with pytest.raises(pulumi.InputPropertiesError):
        read(type(place), {**place.__dict__, "hosts": MOST_HOSTS + 1}, "place")


def test_a_wider_range_may_hold_the_places_subnet_anywhere_private(network):
    places = topology()
    places["regions"][0]["subnet"] = "10.1.64.0/24"
    plan = network(topology=places, range="10.1.0.0/16")
    assert plan.of_type(RESERVATION)[0].inputs["subnetId"] == "<it-private-2.id>"
    assert AddressPlan("10.1.0.0/16", 3).zone_of("10.1.64.10") == 1
    with pytest.raises(ValueError, match=r"10\.1\.192\.10 lies in no private subnet"):
        AddressPlan("10.1.0.0/16", 3).zone_of("10.1.192.10")


@pytest.mark.parametrize(
    ("nat", "gateways", "ways_out"),
    [
        (NatMode.PER_ZONE, ["nat-1", "nat-2", "nat-3"], ["<it-nat-1.id>", "<it-nat-2.id>", "<it-nat-3.id>"]),
        (NatMode.SINGLE, ["nat-1"], ["<it-nat-1.id>"] * 3),
        (NatMode.NONE, [], []),
    ],
)
def test_private_subnets_go_out_by_the_nat_that_is_declared(network, nat, gateways, ways_out):
    plan = network(nat=nat)
    assert sorted(inputs(plan, NAT)) == gateways
    assert len(plan.of_type(ADDRESS)) == len(gateways)
    routes = inputs(plan, ROUTE)
    assert [
        routes[name]["natGatewayId"] for name in sorted(routes) if name.startswith("private-way-out")
    ] == ways_out
    assert routes["public-way-out"]["gatewayId"] == "<it-gateway.id>"


def test_nat_is_per_zone_unless_declared_otherwise(network):
    assert len(network().of_type(NAT)) == 3


def test_each_subnet_has_the_route_table_of_its_side_and_zone(network):
    plan = network()
    found = {(one["subnetId"], one["routeTableId"]) for one in inputs(plan, ASSOCIATION).values()}
    assert found == {
        *((f"<it-private-{zone}.id>", f"<it-private-routes-{zone}.id>") for zone in (1, 2, 3)),
        *((f"<it-public-{zone}.id>", "<it-public-routes.id>") for zone in (1, 2, 3)),
    }


def test_what_is_put_into_a_private_subnet_waits_for_its_way_out(network):
    plan = network()
    way_out = next(route for route in plan.of_type(ROUTE) if route.name == "it-private-way-out-1")
    endpoint = next(one for one in plan.of_type(ENDPOINT) if one.name == "it-endpoint-ssm")
    assert way_out.urn in endpoint.dependencies


def test_a_nat_gateway_waits_for_the_way_out_of_its_subnet(network):
    plan = network()
    way_out = next(route for route in plan.of_type(ROUTE) if route.name == "it-public-way-out")
    assert all(way_out.urn in nat.dependencies for nat in plan.of_type(NAT))


# Endpoints


@pytest.mark.parametrize(
    ("own", "services"),
    [
        ({}, {"s3", "ssm", "ssmmessages", "logs", "kms"}),
        (
            {"nat": NatMode.NONE},
            {"s3", "ssm", "ssmmessages", "logs", "kms", "ec2", "sts", "ecr.api", "ecr.dkr"},
        ),
        ({"endpoints": [Endpoint.EC2_MESSAGES]}, {"ec2messages"}),
        ({"endpoints": []}, set()),
        ({"existing": EXISTING}, set()),
    ],
)
def test_the_endpoints_are_what_hosts_need_without_a_way_out(network, own, services):
    names = [endpoint.inputs["serviceName"] for endpoint in network(**own).of_type(ENDPOINT)]
    assert sorted(names) == sorted(f"com.amazonaws.us-east-1.{service}" for service in services)


def test_an_endpoint_with_an_address_is_private_and_in_each_zone(network):
    endpoint = inputs(network(), ENDPOINT)["endpoint-kms"]
    assert endpoint["subnetIds"] == [f"<it-private-{zone}.id>" for zone in (1, 2, 3)]
    assert endpoint["privateDnsEnabled"] is True
    assert [side(group) for group in endpoint["securityGroupIds"]] == ["endpoints"]


def test_the_gateway_to_the_buckets_is_in_every_route_table(network):
    endpoint = inputs(network(), ENDPOINT)["endpoint-s3"]
    assert endpoint["vpcEndpointType"] == "Gateway"
    assert endpoint["routeTableIds"] == [
        "<it-public-routes.id>",
        *(f"<it-private-routes-{zone}.id>" for zone in (1, 2, 3)),
    ]


# Who may call whom


def test_the_default_group_has_no_rules(network):
    group = inputs(network(), DEFAULT_GROUP)["default-group"]
    assert group["vpcId"] == "<it-vpc.id>"
    assert "ingress" not in group
    assert "egress" not in group


def test_there_is_a_group_for_each_role_and_no_rule_within_one(network):
    groups = inputs(network(), GROUP)
    assert set(groups) == {f"groups-group-{role.value.replace('_', '-')}" for role in Role}
    assert all("ingress" not in group and "egress" not in group for group in groups.values())


def test_the_witness_has_no_balancer_and_no_database(network):
    assert set(inputs(network("witness"), GROUP)) == {
        f"groups-group-{role}" for role in ("manager", "worker", "cache", "consensus", "endpoints")
    }


@pytest.mark.parametrize("place", ["east", "west", "witness"])
@pytest.mark.parametrize("nat", list(NatMode))
def test_only_the_edge_comes_in_from_the_internet_and_only_to_the_balancers_ports(network, place, nat):
    plan = network(place, nat=nat)
    peers = {other.subnet for other in TOPOLOGY.places if other.name != place}
    for rule in plan.of_type(INGRESS):
        if "cidrIpv4" in rule.inputs:
            assert rule.inputs["cidrIpv4"] in peers, rule.urn
        assert "cidrIpv6" not in rule.inputs
    edge = {found for found in allowed(plan, INGRESS) if found[1].startswith("edge")}
    expected = {
        ("balancer", family, "tcp", (port, port))
        for family in ("edge-ipv4", "edge-ipv6")
        for port in (80, 443)
    }
    assert edge == (expected if place != "witness" else set())


def test_the_edges_lists_hold_what_its_vendor_published_and_have_room(network):
    lists = inputs(network(), PREFIX_LIST)
    held = [entry["cidr"] for one in lists.values() for entry in one["entries"]]
    assert sorted(held) == sorted(known_edge_ranges())
    assert {one["addressFamily"]: one["maxEntries"] for one in lists.values()} == {"IPv4": 20, "IPv6": 10}
    # A list counts with all its room, on two ports, among the 60 rules of a group.
    assert all(2 * one["maxEntries"] <= 60 for one in lists.values())


def test_an_edge_of_ones_own_takes_the_place_of_the_published_one(network):
    plan = network(edge_ranges=["198.41.128.0/17"])
    lists = inputs(plan, PREFIX_LIST)
    assert {name: one["entries"] for name, one in lists.items()} == {
        "groups-edge-ipv4": [{"cidr": "198.41.128.0/17"}]
    }


def test_an_empty_edge_lets_nobody_in(network):
    plan = network(edge_ranges=[])
    assert plan.of_type(PREFIX_LIST) == []
    assert not any(found[0] == "balancer" for found in allowed(plan, INGRESS))


def test_every_call_within_the_place_has_a_rule_on_both_sides(network):
    plan = network()
    groups = {role.value.replace("_", "-") for role in Role}
    within = {(group, other, *rest) for group, other, *rest in allowed(plan, INGRESS) if other in groups}
    going_out = {(other, group, *rest) for group, other, *rest in allowed(plan, EGRESS) if other in groups}
    assert within == going_out
    assert ("database", "manager", "tcp", (5433, 5437)) in within
    assert ("manager", "worker", "tcp", (2377, 2377)) in within
    assert ("worker", "manager", "tcp", (2377, 2377)) not in within
    assert ("consensus", "worker", "tcp", (2379, 2379)) not in within
    assert ("cache", "worker", "tcp", (26379, 26379)) not in within
    assert ("endpoints", "worker", "tcp", (443, 443)) in within


def test_every_call_between_places_has_a_rule_on_both_sides(network):
    plans = {place.name: network(place.name) for place in TOPOLOGY.places}
    names = {place.subnet: place.name for place in TOPOLOGY.places}
    for one, other in [(a, b) for a in plans for b in plans if a != b]:
        coming_in = {ports for _, far, _, ports in allowed(plans[one], INGRESS) if names.get(far) == other}
        going_out = {ports for _, far, _, ports in allowed(plans[other], EGRESS) if names.get(far) == one}
        assert coming_in == going_out, (one, other)


def test_the_other_region_reaches_what_spans_regions_and_nothing_else(network):
    from_west = {found for found in allowed(network(), INGRESS) if found[1] == "10.2.0.0/16"}
    assert from_west == {
        ("database", "10.2.0.0/16", "tcp", (5433, 5437)),
        ("database", "10.2.0.0/16", "tcp", (8008, 8012)),
        ("consensus", "10.2.0.0/16", "tcp", (2379, 2379)),
        ("consensus", "10.2.0.0/16", "tcp", (2380, 2380)),
        ("cache", "10.2.0.0/16", "tcp", (6380, 6380)),
        ("cache", "10.2.0.0/16", "tcp", (26379, 26379)),
        ("managed-database", "10.2.0.0/16", "tcp", (5432, 5432)),
        ("managed-cache", "10.2.0.0/16", "tcp", (6379, 6379)),
    }


def test_a_region_and_the_witness_reach_each_others_voters_and_caches_alone(network):
    from_witness = {found for found in allowed(network(), INGRESS) if found[1] == "10.3.0.0/16"}
    assert {(group, ports[0]) for group, _, _, ports in from_witness} == {
        *(("consensus", 2379), ("consensus", 2380)),
        *(("cache", 6380), ("cache", 26379)),
    }
    to_west = {found for found in allowed(network("witness"), EGRESS) if found[1] == "10.2.0.0/16"}
    assert {ports[0] for *_, ports in to_west} == {2379, 2380, 6380, 26379}


def test_hosts_call_the_internet_only_where_there_is_a_way_out(network):
    def to_the_world(nat):
        return {found for found in allowed(network(nat=nat), EGRESS) if found[1] == "0.0.0.0/0"}

    assert to_the_world(NatMode.SINGLE) == {
        (host, "0.0.0.0/0", "tcp", (port, port)) for host in ("manager", "worker") for port in (80, 443)
    }
    assert to_the_world(NatMode.NONE) == set()


def test_without_a_way_out_hosts_reach_the_buckets_by_their_list(network):
    found = rules(network(nat=NatMode.NONE), EGRESS)
    expected = ("<it-endpoint-s3.prefix_list_id>", "tcp", (443, 443))
    assert found["manager-https-to-s3"] == ("manager", *expected)
    assert found["worker-https-to-s3"] == ("worker", *expected)


def test_a_further_listener_opens_its_ports_and_no_others(network):
    vault = {
        "name": "vault",
        "roles": [Role.MANAGER],
        "callers": [Role.WORKER],
        "port": 8200,
        "last_port": 8201,
        "across_places": True,
    }
    more = allowed(network(listeners=[vault]), INGRESS) - allowed(network(), INGRESS)
    assert more == {
        ("manager", other, "tcp", (8200, 8201)) for other in ("worker", "10.2.0.0/16", "10.3.0.0/16")
    }


def test_a_peers_own_range_takes_the_place_of_its_subnet(network):
    ranges = {found[1] for found in allowed(network(peer_ranges={"west": "10.64.0.0/16"}), INGRESS)}
    assert "10.64.0.0/16" in ranges
    assert "10.2.0.0/16" not in ranges


def test_descriptions_have_no_character_that_aws_refuses(network):
    plan = network()
    for token in (GROUP, INGRESS, EGRESS):
        for resource in plan.of_type(token):
            description = resource.inputs["description"]
            assert re.fullmatch(r"[\w ._:/()#,@\[\]+=&;{}!$*-]{1,255}", description), description


@pytest.mark.parametrize("place", ["east", "witness"])
def test_no_group_has_more_rules_than_aws_allows(network, place):
    plan = network(place)
    for token in (INGRESS, EGRESS):
        held = Counter(group for group, *_ in rules(plan, token).values())
        assert max(held.values()) <= 60


def test_the_ports_are_those_that_the_rooms_listen_on():
    ports = {(one.name, role): (one.port, one.to_port) for one in LISTENERS for role in one.roles}
    most = PostgresCluster(members_per_region=5, synchronous_copies=5).members(TOPOLOGY)
    nodes = redis_nodes(TOPOLOGY)
    assert ports["postgres", Role.DATABASE] == (min(m.port for m in most), max(m.port for m in most))
    assert ports["patroni", Role.DATABASE] == (
        min(m.rest_port for m in most),
        max(m.rest_port for m in most),
    )
    assert ports["etcd", Role.CONSENSUS] == (CLIENT_PORT, CLIENT_PORT)
    assert ports["etcd-peers", Role.CONSENSUS] == (PEER_PORT, PEER_PORT)
    assert ports["redis", Role.CACHE] == (nodes[0].port, nodes[0].port)
    assert ports["sentinel", Role.CACHE] == (nodes[0].sentinel_port, nodes[0].sentinel_port)
    assert ports["haproxy", Role.MANAGER] == (HTTP_PORT, HTTP_PORT)
    assert ports["postgres", Role.MANAGED_DATABASE] == (POSTGRES_PORT, POSTGRES_PORT)
    assert ports["redis", Role.MANAGED_CACHE] == (ROUTE_PORT, ROUTE_PORT)
    # Tasks of the API are reached on the overlay alone.
    assert all(not one.port <= API_PORT <= one.to_port for one in LISTENERS)
    assert {one.port for one in LISTENERS if one.protocol is Protocol.UDP} == {7946, 4789}


# Flow logs


def test_flow_logs_hold_all_traffic_in_an_encrypted_group(network):
    plan = network()
    log = inputs(plan, FLOW_LOG)["flow-logs-log"]
    group = inputs(plan, LOG_GROUP)["flow-logs-group"]
    assert (log["vpcId"], log["trafficType"]) == ("<it-vpc.id>", "ALL")
    assert log["logDestination"] == "<it-flow-logs-group.arn>"
    assert group["name"] == "/production/east/flow"
    assert group["kmsKeyId"] == "<it-flow-logs-key.arn>"
    assert group["retentionInDays"] == 365
    assert inputs(plan, KEY)["flow-logs-key"]["enableKeyRotation"] is True


def test_the_key_serves_the_account_and_the_log_service_for_this_group_alone(network):
    policy = json.loads(inputs(network(), KEY)["flow-logs-key"]["policy"])
    account, service = policy["Statement"]
    assert account["Principal"] == {"AWS": "arn:aws:iam::<it-vpc.owner_id>:root"}
    assert service["Principal"] == {"Service": "logs.us-east-1.amazonaws.com"}
    assert service["Condition"] == {
        "ArnEquals": {
            "kms:EncryptionContext:aws:logs:arn": (
                "arn:aws:logs:us-east-1:<it-vpc.owner_id>:log-group:/production/east/flow"
            )
        }
    }


def test_the_role_of_flow_logs_writes_to_their_group_and_nowhere_else(network):
    plan = network()
    (statement,) = json.loads(inputs(plan, ROLE_POLICY)["flow-logs-policy"]["policy"])["Statement"]
    assert statement["Resource"] == ["<it-flow-logs-group.arn>", "<it-flow-logs-group.arn>:*"]
    assert all(re.fullmatch(r"logs:(Create|Put|Describe)\w+", action) for action in statement["Action"])
    assert "logs:CreateLogGroup" not in statement["Action"]
    (trust,) = json.loads(inputs(plan, ROLE)["flow-logs-role"]["assumeRolePolicy"])["Statement"]
    assert trust["Principal"] == {"Service": "vpc-flow-logs.amazonaws.com"}
    assert trust["Condition"] == {
        "StringEquals": {"aws:SourceAccount": "<it-vpc.owner_id>"},
        "ArnLike": {"aws:SourceArn": "arn:aws:ec2:us-east-1:<it-vpc.owner_id>:vpc-flow-log/*"},
    }


def test_the_flow_log_is_made_once_its_role_may_write(network):
    plan = network()
    assert plan.of_type(ROLE_POLICY)[0].urn in plan.of_type(FLOW_LOG)[0].dependencies


@pytest.mark.parametrize("protect", [True, False])
def test_flow_logs_and_their_key_are_protected_unless_said_otherwise(network, protect):
    plan = network() if protect else network(flow_logs={"protect": False})
    group = plan.of_type(LOG_GROUP)[0]
    assert group.protect is protect
    assert group.inputs["deletionProtectionEnabled"] is protect
    assert plan.of_type(KEY)[0].protect is protect


def test_a_key_of_ones_own_takes_the_place_of_ours(network):
    arn = "arn:aws:kms:us-east-1:123456789012:key/0b1c"
    plan = network(flow_logs={"key_arn": arn, "retention_days": 30})
    assert plan.of_type(KEY) == []
    assert plan.of_type(LOG_GROUP)[0].inputs["kmsKeyId"] == arn
    assert plan.of_type(LOG_GROUP)[0].inputs["retentionInDays"] == 30


def test_names_in_a_region_of_another_partition_say_so(pulumi_mocks):
    args = {"region": "us-gov-west-1", "vpc_id": "vpc-1", "account_id": "123456789012"}
    plan = pulumi_mocks.run(lambda: NetworkFlowLogs("it", args), stack="production")
    policy = inputs(plan, KEY)["key"]["policy"]
    assert "arn:aws-us-gov:iam::123456789012:root" in policy
    assert "arn:aws-us-gov:logs:us-gov-west-1:123456789012:log-group:/production/it" in policy


# A network that is there already


def test_in_a_network_that_is_there_only_groups_and_named_endpoints_are_made(network):
    plan = network(existing=EXISTING, endpoints=[Endpoint.S3, Endpoint.SSM])
    kinds = {resource.type for resource in plan.resources if resource.custom}
    assert kinds == {GROUP, INGRESS, EGRESS, PREFIX_LIST, ENDPOINT}
    endpoints = inputs(plan, ENDPOINT)
    assert endpoints["endpoint-s3"]["routeTableIds"] == EXISTING["route_table_ids"]
    assert endpoints["endpoint-ssm"]["subnetIds"] == EXISTING["private_subnet_ids"]
    assert {group["vpcId"] for group in inputs(plan, GROUP).values()} == {"vpc-1"}


def test_the_outputs_of_a_network_that_is_there_are_what_was_given(network):
    plan = network(existing=EXISTING)
    outputs = plan.of_type("bicoastal:index:RegionNetwork")[0].outputs
    assert {key: outputs[key] for key in EXISTING} == EXISTING
    assert outputs["security_group_ids"]["manager"] == "<it-groups-group-manager.id>"


def test_the_outputs_name_subnets_and_tables_zone_by_zone(network):
    outputs = network().of_type("bicoastal:index:RegionNetwork")[0].outputs
    assert outputs["vpc_id"] == "<it-vpc.id>"
    assert outputs["private_subnet_ids"] == [f"<it-private-{zone}.id>" for zone in (1, 2, 3)]
    assert outputs["public_subnet_ids"] == [f"<it-public-{zone}.id>" for zone in (1, 2, 3)]
    assert outputs["route_table_ids"] == [
        "<it-public-routes.id>",
        *(f"<it-private-routes-{zone}.id>" for zone in (1, 2, 3)),
    ]
    assert set(outputs["security_group_ids"]) == {role.value for role in Role}


# Connections


@pytest.fixture(scope="module")
def three_places():
    """The three networks, joined in pairs."""

    def program():
        networks = {
            place.name: RegionNetwork(place.name, {"topology": topology(), "place": place.name})
            for place in TOPOLOGY.places
        }
        for one, other in combinations(networks, 2):
            sides = {"requester": networks[one].peered(), "accepter": networks[other].peered()}
            RegionPeering(f"{one}-{other}", sides)

    return PulumiMocks().run(program)


def test_every_route_table_of_a_place_reaches_both_others(three_places):
    routes = {
        (route.inputs["routeTableId"], route.inputs["destinationCidrBlock"]): route.inputs
        for route in three_places.of_type(ROUTE)
        if "vpcPeeringConnectionId" in route.inputs
    }
    tables = [f"<{table.name}.id>" for table in three_places.of_type(ROUTE_TABLE)]
    assert len(tables) == 12
    expected = {
        (table, other.subnet)
        for place in TOPOLOGY.places
        for table in tables
        if table.startswith(f"<{place.name}-")
        for other in TOPOLOGY.places
        if other.name != place.name
    }
    assert set(routes) == expected
    regions = {place.name: place.region for place in TOPOLOGY.places}
    for (table, _), route in routes.items():
        assert route["region"] == regions[table[1:].partition("-")[0]]


def test_a_connection_is_asked_for_in_one_region_and_accepted_in_the_other(three_places):
    connection = next(one for one in three_places.of_type(CONNECTION) if one.name == "east-west-connection")
    assert connection.inputs["region"] == "us-east-1"
    assert connection.inputs["peerRegion"] == "us-west-2"
    assert connection.inputs["vpcId"] == "<east-vpc.id>"
    assert connection.inputs["peerVpcId"] == "<west-vpc.id>"
    assert connection.inputs["autoAccept"] is False
    acceptance = next(one for one in three_places.of_type(ACCEPTANCE) if one.name == "east-west-acceptance")
    assert acceptance.inputs["region"] == "us-west-2"
    assert acceptance.inputs["autoAccept"] is True
    assert acceptance.inputs["vpcPeeringConnectionId"] == "<east-west-connection.id>"


def test_each_side_resolves_the_others_names_once_the_connection_is_accepted(three_places):
    options = {one.name: one for one in three_places.of_type(OPTIONS)}
    found = {name: one.inputs for name, one in options.items() if name.startswith("east-west-")}
    accepted = "<east-west-acceptance.id>"
    allowed_to = {"allowRemoteVpcDnsResolution": True}
    assert found == {
        "east-west-requester-names": {
            "region": "us-east-1",
            "vpcPeeringConnectionId": accepted,
            "requester": allowed_to,
        },
        "east-west-accepter-names": {
            "region": "us-west-2",
            "vpcPeeringConnectionId": accepted,
            "accepter": allowed_to,
        },
    }


def test_routes_wait_until_the_connection_is_accepted(three_places):
    accepted = {one.urn for one in three_places.of_type(ACCEPTANCE)}
    for route in three_places.of_type(ROUTE):
        if "vpcPeeringConnectionId" in route.inputs:
            assert accepted & set(route.dependencies), route.urn
