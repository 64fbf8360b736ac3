"""Places, regions and the votes between them."""

import pulumi
import pytest

from bicoastal.settings import read
from bicoastal.topology import Topology
from tests.library.samples import topology


def test_hosts_have_fixed_addresses_computed_from_their_subnet():
    places = read(Topology, topology(), "topology").places
    assert [place.address() for place in places] == ["10.1.0.10", "10.2.0.10", "10.3.0.10"]
    assert places[0].address(2) == "10.1.0.12"


def test_the_first_region_is_primary_unless_another_is_named():
    assert read(Topology, topology(), "topology").primary_region.name == "east"
    assert read(Topology, topology(primary="west"), "topology").primary_region.name == "west"


def test_with_a_witness_the_loss_of_either_region_leaves_a_majority():
    assert read(Topology, topology(), "topology").automatic_promotion


def test_without_a_witness_promotion_is_manual():
    args = topology()
    del args["witness"]
    args["regions"][0] |= {"hosts": 2, "voters": 2}
    assert not read(Topology, args, "topology").automatic_promotion


def test_a_witness_serves_no_users():
    places = read(Topology, topology(), "topology")
    assert places.is_region("west")
    assert not places.is_region("witness")


def test_every_problem_is_told_at_once():
    args = topology(primary="north")
    args["regions"][1]["subnet"] = "10.1.128.0/17"
    with pytest.raises(pulumi.InputPropertiesError) as error:
        read(Topology, args, "topology")
    assert "north" in str(error.value)
    assert "overlap" in str(error.value)
