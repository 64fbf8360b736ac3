"""The connections between the networks of the places."""

from itertools import combinations

import pytest

from bicoastal import RegionNetwork, RegionPeering
from bicoastal.testing import PulumiMocks
from tests.library.network_plans import ACCEPTANCE, CONNECTION, OPTIONS, ROUTE, ROUTE_TABLE, TOPOLOGY
from tests.library.samples import topology


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
