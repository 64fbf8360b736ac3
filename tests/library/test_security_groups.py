"""Who may call whom in the networks of the places."""

import re
from collections import Counter

import pytest

from bicoastal import NatMode, Role
from bicoastal.application.route import PORT as API_PORT
from bicoastal.cache import redis_nodes
from bicoastal.cache.route import ROUTE_PORT
from bicoastal.database import PostgresCluster
from bicoastal.database.primary import PORT as POSTGRES_PORT
from bicoastal.database.voters import CLIENT_PORT, PEER_PORT
from bicoastal.ingress.configuration import METRICS_PORT
from bicoastal.ingress.routes import HTTP_PORT
from bicoastal.monitoring.serving import ports as watchers
from bicoastal.network import known_edge_ranges
from bicoastal.network.listeners import LISTENERS, Protocol
from tests.library.network_plans import (
    DEFAULT_GROUP,
    EGRESS,
    GROUP,
    INGRESS,
    PREFIX_LIST,
    TOPOLOGY,
    allowed,
    inputs,
    rules,
)


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
    assert {found[3] for found in allowed(plan, INGRESS) if found[0] == "balancer"} == {(8404, 8404)}


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


@pytest.mark.parametrize("place", [place.name for place in TOPOLOGY.places])
def test_no_group_has_the_same_rule_twice_under_two_names(network, place):
    plan = network(place)
    for token in (INGRESS, EGRESS):
        assert [rule for rule, count in Counter(rules(plan, token).values()).items() if count > 1] == []


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
        ("manager", "10.2.0.0/16", "tcp", (9090, 9191)),
        ("worker", "10.2.0.0/16", "tcp", (9090, 9191)),
        ("manager", "10.2.0.0/16", "tcp", (3100, 3100)),
        ("manager", "10.2.0.0/16", "tcp", (12345, 12345)),
        ("worker", "10.2.0.0/16", "tcp", (12345, 12345)),
        ("balancer", "10.2.0.0/16", "tcp", (8404, 8404)),
    }


def test_a_region_and_the_witness_reach_each_others_voters_caches_and_watchers_alone(network):
    from_witness = {found for found in allowed(network(), INGRESS) if found[1] == "10.3.0.0/16"}
    watchers = {(role, port) for role in ("manager", "worker") for port in (9090, 12345)}
    assert {(group, ports[0]) for group, _, _, ports in from_witness} == {
        *watchers,
        ("manager", 3100),
        *(("consensus", 2379), ("consensus", 2380)),
        *(("cache", 6380), ("cache", 26379)),
    }
    to_west = {found for found in allowed(network("witness"), EGRESS) if found[1] == "10.2.0.0/16"}
    assert {ports[0] for *_, ports in to_west} == {
        *(2379, 2380, 6380, 26379),
        *(port for _, port in watchers),
        3100,
    }


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
    last = watchers.FIRST_POSTGRES + len([m for m in most if m.place == "east"]) - 1
    assert ports["watchers", Role.WORKER] == ports["watchers", Role.MANAGER] == (watchers.PROMETHEUS, last)
    others = (
        watchers.ALERTMANAGER,
        watchers.ALERTMANAGER_PEERS,
        watchers.NODE,
        watchers.BLACKBOX,
        watchers.REDIS,
    )
    assert all(watchers.PROMETHEUS < port < last for port in others)
    assert ports["loki", Role.MANAGER] == (watchers.LOKI, watchers.LOKI)
    assert ports["collectors", Role.MANAGER] == ports["collectors", Role.WORKER]
    assert ports["collectors", Role.WORKER] == (watchers.COLLECTOR, watchers.COLLECTOR)
    assert ports["haproxy-watchers", Role.BALANCER] == (METRICS_PORT, METRICS_PORT)
    # Tasks of the API are reached on the overlay alone.
    assert all(not one.port <= API_PORT <= one.to_port for one in LISTENERS)
    assert {one.port for one in LISTENERS if one.protocol is Protocol.UDP} == {7946, 4789}
