"""The networks of the places: subnets, ways out, endpoints."""

import json

import pulumi
import pytest

from bicoastal import Endpoint, NatMode, RegionNetwork, Role
from bicoastal.settings import read
from bicoastal.topology import Topology
from tests.library.network_plans import (
    ADDRESS,
    ASSOCIATION,
    EGRESS,
    ENDPOINT,
    EXISTING,
    GROUP,
    INGRESS,
    NAT,
    PREFIX_LIST,
    RESERVATION,
    ROUTE,
    SUBNET,
    VPC,
    inputs,
    side,
)
from tests.library.samples import topology

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


def test_a_wider_range_may_hold_the_places_subnet_anywhere_private(network):
    places = topology()
    places["regions"][0]["subnet"] = "10.1.64.0/24"
    plan = network(topology=places, range="10.1.0.0/16")
    assert plan.of_type(RESERVATION)[0].inputs["subnetId"] == "<it-private-2.id>"
    assert plan.of_type(RESERVATION)[0].inputs["cidrBlock"] == "10.1.64.8/29"


def spread(**own):
    """The sample topology with the first region's hosts over three zones, two of them public."""
    places = topology()
    places["regions"][0] |= {"hosts": 3, "zones": 3, "public_hosts": 2, **own}
    return places


def test_hosts_addresses_are_kept_free_in_every_subnet_that_they_stand_in(network):
    kept = inputs(network(topology=spread()), RESERVATION)
    assert {one["subnetId"]: one["cidrBlock"] for one in kept.values()} == {
        "<it-private-1.id>": "10.1.0.8/29",
        "<it-private-2.id>": "10.1.64.8/29",
        "<it-private-3.id>": "10.1.128.8/29",
        "<it-public-1.id>": "10.1.192.8/29",
        "<it-public-2.id>": "10.1.208.8/29",
    }


def test_a_nat_gateway_takes_no_address_of_a_public_host(network):
    plan = network(topology=spread())
    reservation = next(one for one in plan.of_type(RESERVATION) if one.name.endswith("public-1"))
    nat = next(one for one in plan.of_type(NAT) if one.name == "it-nat-1")
    assert reservation.urn in nat.dependencies


def host_subnets(pulumi_mocks, **own):
    """What a network says of its hosts' subnets, and the place itself."""
    args = {"topology": topology(), "place": "east", **own}

    def program():
        pulumi.export("subnets", RegionNetwork("it", args).host_subnets())

    found = pulumi_mocks.run(program, stack="production").exports["subnets"]
    return found, read(Topology, args["topology"], "topology").place(args["place"])


def test_a_network_says_which_subnets_its_hosts_stand_in(pulumi_mocks):
    found, place = host_subnets(pulumi_mocks, topology=spread(), zones=[f"us-east-1{z}" for z in "bdf"])
    assert [(one["subnet_id"], one["cidr"], one["zone"], one["public"]) for one in found] == [
        ("<it-private-1.id>", "10.1.0.0/18", "us-east-1b", False),
        ("<it-private-2.id>", "10.1.64.0/18", "us-east-1d", False),
        ("<it-private-3.id>", "10.1.128.0/18", "us-east-1f", False),
        ("<it-public-1.id>", "10.1.192.0/20", "us-east-1b", True),
        ("<it-public-2.id>", "10.1.208.0/20", "us-east-1d", True),
    ]
    for host in range(place.hosts):
        assert str(place.subnet_of(host)) in [one["cidr"] for one in found]


def test_hosts_in_one_zone_stand_in_one_private_subnet_wherever_the_network_has_it(pulumi_mocks):
    found, _ = host_subnets(pulumi_mocks, place="witness")
    assert [one["cidr"] for one in found] == ["10.3.0.0/18"]
    places = topology()
    places["regions"][0]["subnet"] = "10.1.64.0/24"
    found, _ = host_subnets(pulumi_mocks, topology=places, range="10.1.0.0/16")
    assert [(one["cidr"], one["zone"]) for one in found] == [("10.1.64.0/18", "us-east-1b")]


def test_of_a_network_that_is_there_nobody_knows_which_subnet_a_host_stands_in(pulumi_mocks):
    def program():
        made = RegionNetwork("it", {"topology": topology(), "place": "east", "existing": EXISTING})
        with pytest.raises(ValueError, match="give `subnets` to SwarmHosts yourself"):
            made.host_subnets()

    pulumi_mocks.run(program)


def test_a_host_has_the_groups_of_its_roles(pulumi_mocks):
    def program():
        made = RegionNetwork("it", {"topology": topology(), "place": "east"})
        pulumi.export("groups", made.groups_of(Role.MANAGER, Role.DATABASE))

    groups = pulumi_mocks.run(program).exports["groups"]
    assert [side(group) for group in groups] == ["manager", "database"]


def test_a_role_that_a_witness_has_not_is_told_before_it_is_missed(pulumi_mocks):
    def program():
        made = RegionNetwork("it", {"topology": topology(), "place": "witness"})
        with pytest.raises(ValueError, match="no group for balancer"):
            made.groups_of(Role.BALANCER)

    pulumi_mocks.run(program)


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
        ({}, {"s3", "ssm", "ssmmessages", "kms"}),
        (
            {"nat": NatMode.NONE},
            {"s3", "ssm", "ssmmessages", "kms", "ec2", "sts", "ecr.api", "ecr.dkr"},
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


def test_by_the_gateway_hosts_read_anywhere_and_change_only_the_accounts_own_buckets(network):
    read, own = json.loads(inputs(network(), ENDPOINT)["endpoint-s3"]["policy"])["Statement"]
    assert (read["Action"], read["Resource"], "Condition" in read) == ("s3:GetObject", "*", False)
    assert own["Action"] == "s3:*"
    assert own["Condition"] == {"StringEquals": {"aws:ResourceAccount": "<it-vpc.owner_id>"}}


def test_the_gateway_may_have_a_policy_of_ones_own(network):
    closed = {"policy": '{"Statement": []}'}
    assert (
        inputs(network(customize={"endpoint-s3": closed}), ENDPOINT)["endpoint-s3"]["policy"]
        == closed["policy"]
    )


# A network that is there already


def test_in_a_network_that_is_there_only_groups_and_named_endpoints_are_made(network):
    plan = network(existing=EXISTING, endpoints=[Endpoint.S3, Endpoint.SSM])
    kinds = {resource.type for resource in plan.resources if resource.custom}
    assert kinds == {GROUP, INGRESS, EGRESS, PREFIX_LIST, ENDPOINT}
    endpoints = inputs(plan, ENDPOINT)
    assert endpoints["endpoint-s3"]["routeTableIds"] == EXISTING["route_table_ids"]
    assert "policy" not in endpoints["endpoint-s3"]
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
