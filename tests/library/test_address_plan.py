"""Which addresses subnets and hosts have: every place that there may be."""

import ipaddress
from itertools import combinations, product

import pytest

from bicoastal.address_plan import MOST_HOSTS, AddressPlan, host_addresses
from bicoastal.settings import read
from bicoastal.topology import Place

PREFIXES = range(16, 29)
SMALLEST_DIVIDED = 24


def place(**own):
    return read(Place, {"name": "east", "region": "us-east-1", "subnet": "10.1.0.0/16", **own}, "place")


def places(prefix):
    """Every valid place whose subnet has this prefix."""
    for hosts in range(1, MOST_HOSTS + 1):
        for zones, public in product(range(1, min(3, hosts) + 1), range(hosts + 1)):
            if prefix <= SMALLEST_DIVIDED or (zones == 1 and not public):
                yield place(subnet=f"10.1.0.0/{prefix}", hosts=hosts, zones=zones, public_hosts=public)


def addresses(of):
    return [of.address(host) for host in range(of.hosts)]


@pytest.mark.parametrize("prefix", PREFIXES)
def test_no_two_hosts_of_a_place_have_one_address(prefix):
    for one in places(prefix):
        assert len(set(addresses(one))) == one.hosts


@pytest.mark.parametrize("prefix", PREFIXES)
def test_every_host_has_an_address_of_its_subnet_that_aws_does_not_keep(prefix):
    for one in places(prefix):
        for host, address in enumerate(addresses(one)):
            subnet = one.subnet_of(host)
            assert ipaddress.IPv4Address(address) in subnet
            assert ipaddress.IPv4Address(address) not in [*(subnet[kept] for kept in range(4)), subnet[-1]]


@pytest.mark.parametrize("prefix", range(16, SMALLEST_DIVIDED + 1))
def test_every_host_stands_in_a_subnet_of_its_kind_and_zone(prefix):
    for one in places(prefix):
        plan = AddressPlan(one.subnet, 3)
        found = [plan.holding(address) for address in addresses(one)]
        assert [subnet.public for subnet in found] == [host < one.public_hosts for host in range(one.hosts)]
        assert [subnet.zone for subnet in found] == [host % one.zones for host in range(one.hosts)]


@pytest.mark.parametrize("prefix", range(16, SMALLEST_DIVIDED + 1))
def test_another_host_moves_none(prefix):
    for one in places(prefix):
        if one.hosts < MOST_HOSTS:
            more = place(**{**one.__dict__, "hosts": one.hosts + 1})
            assert addresses(more)[: one.hosts] == addresses(one)


def test_zones_that_come_with_a_host_each_move_none():
    one, two, three = (place(hosts=count, zones=count, public_hosts=1) for count in (1, 2, 3))
    assert addresses(three)[:1] == addresses(one)
    assert addresses(three)[:2] == addresses(two)


def test_in_one_zone_and_without_a_public_host_the_hosts_are_consecutive_in_the_places_subnet():
    assert addresses(place(subnet="10.203.112.16/28", hosts=5)) == [f"10.203.112.{n}" for n in range(26, 31)]
    assert addresses(place(hosts=3)) == ["10.1.0.10", "10.1.0.11", "10.1.0.12"]


def test_hosts_stand_in_one_zone_after_the_other_the_public_ones_first():
    assert addresses(place(hosts=5, zones=3, public_hosts=2)) == [
        "10.1.192.10",
        "10.1.208.11",
        "10.1.128.12",
        "10.1.0.13",
        "10.1.64.14",
    ]


@pytest.mark.parametrize("prefix", [16, 20, 24])
def test_subnets_fit_their_range_and_share_no_address(prefix):
    plan = AddressPlan(f"10.1.0.0/{prefix}", 3)
    subnets = [subnet.range for subnet in [*plan.private, *plan.public]]
    assert all(subnet.subnet_of(ipaddress.IPv4Network(plan.range)) for subnet in subnets)
    assert all(subnet.prefixlen <= 28 for subnet in subnets)
    assert not any(one.overlaps(other) for one, other in combinations(subnets, 2))


def test_an_address_says_its_subnet():
    plan = AddressPlan("10.1.0.0/16", 3)
    assert plan.holding("10.1.64.10").key == "private-2"
    assert plan.holding("10.1.192.10").key == "public-1"
    with pytest.raises(ValueError, match=r"10\.1\.240\.10 lies in no subnet of 10\.1\.0\.0/16"):
        plan.holding("10.1.240.10")


@pytest.mark.parametrize("prefix", PREFIXES)
def test_the_addresses_kept_in_a_subnet_are_those_of_as_many_hosts_as_a_place_may_have(prefix):
    for one in places(prefix):
        for host, address in enumerate(addresses(one)):
            kept = host_addresses(one.subnet_of(host))
            assert ipaddress.IPv4Address(address) in kept
            assert kept.num_addresses == 8
