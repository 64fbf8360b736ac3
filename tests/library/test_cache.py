"""The configurations of Redis and Sentinel, from their declaration."""

import re

import pytest

from bicoastal import Api, Balancer, RedisMember, RegionStack
from bicoastal.cache import redis_nodes, redis_route
from bicoastal.settings import read
from bicoastal.topology import Topology
from tests.library.arguments import ARGUMENTS
from tests.library.samples import PLANTED_SECRET, secret, site, topology

CONFIG = "docker:index/serviceConfig:ServiceConfig"
SERVICE = "docker:index/service:Service"
TOPOLOGY = read(Topology, topology(), "topology")


@pytest.fixture
def member(pulumi_mocks):
    """The configurations and services of Redis in one place."""

    def made(place="east", primary="east", **own):
        def program():
            where = site(place)
            where["topology"]["primary"] = primary
            RedisMember("it", {**ARGUMENTS["RedisMember"](), "site": where, **own})

        plan = pulumi_mocks.run(program, stack="s")
        texts = {config.name: config.inputs["dataRaw"] for config in plan.of_type(CONFIG)}
        services = {service.inputs["name"]: service.inputs for service in plan.of_type(SERVICE)}
        return (
            texts["it-redis-file-configuration"],
            texts["it-sentinel-file-configuration"],
            services,
        )

    return made


def values(configuration, key):
    """What stands after `key`, line by line."""
    lines = configuration.splitlines()
    return [line.removeprefix(key + " ") for line in lines if line.startswith(key + " ")]


def users(configuration):
    return {line.split()[0]: line for line in values(configuration, "user")}


def test_there_is_a_node_in_each_place_at_a_fixed_address():
    assert [(node.name, node.address, node.port, node.sentinel_port) for node in redis_nodes(TOPOLOGY)] == [
        ("east-redis", "10.1.0.10", 6380, 26379),
        ("west-redis", "10.2.0.10", 6380, 26379),
        ("witness-redis", "10.3.0.10", 6380, 26379),
    ]


def test_there_is_no_plain_text_port(member):
    for configuration in member()[:2]:
        assert values(configuration, "port") == ["0"]
        assert values(configuration, "tls-replication") == ["yes"]
        assert values(configuration, "tls-ca-cert-file") == ["/etc/redis/ca.pem"]


def test_nobody_comes_without_a_name(member):
    for configuration in member()[:2]:
        assert users(configuration)["default"] == "default off resetpass resetkeys resetchannels -@all"
        assert "nopass" not in configuration


def test_the_application_can_do_nothing_dangerous_and_the_balancer_only_ask(member):
    allowed = users(member()[0])
    assert allowed["application"].endswith("-@admin -@dangerous")
    assert allowed["check"].endswith("resetkeys resetchannels -@all +ping +role +info")


def test_a_cut_master_refuses_writes_after_the_declared_lag(member):
    redis, sentinel, _ = member(cluster={"max_lag_s": 6, "down_after_ms": 9000})
    assert values(redis, "min-replicas-to-write") == ["1"]
    assert values(redis, "min-replicas-max-lag") == ["6"]
    assert values(sentinel, "sentinel down-after-milliseconds main") == ["9000"]


def test_a_cut_master_lets_its_replicas_go_before_another_one_can_begin(member):
    redis, _, _ = member(cluster={"max_lag_s": 6, "down_after_ms": 9000})
    (timeout,), (ping,) = values(redis, "repl-timeout"), values(redis, "repl-ping-replica-period")
    assert timeout == "6"
    assert int(ping) < int(timeout)


def test_a_regions_replica_is_promoted_before_the_witnesss(member):
    east, west, witness = (
        int(values(member(p)[0], "replica-priority")[0]) for p in ("east", "west", "witness")
    )
    assert 0 < east == west < witness


def test_the_role_is_in_no_configuration_and_no_argument(member):
    redis, sentinel, services = member("west")
    assert not values(redis, "replicaof")
    assert values(sentinel, "sentinel monitor main") == ["@master@ 2"]
    for service in services.values():
        assert "replicaof" not in str(service)


def test_sentinels_know_their_peers_before_these_have_spoken(member):
    identities = {
        place: values(member(place)[1], "sentinel myid")[0] for place in ("east", "west", "witness")
    }
    assert len(set(identities.values())) == 3
    assert all(re.fullmatch("[0-9a-f]{40}", identity) for identity in identities.values())
    assert values(member("east")[1], "sentinel known-sentinel main") == [
        f"10.2.0.10 26379 {identities['west']}",
        f"10.3.0.10 26379 {identities['witness']}",
    ]


def test_passwords_are_swarm_secrets_and_nothing_else(member):
    redis, sentinel, services = member()
    assert PLANTED_SECRET not in redis + sentinel + str(services)
    held = {
        name: {s["fileName"] for s in service["taskSpec"]["containerSpec"]["secrets"]}
        for name, service in services.items()
    }
    assert held["s_sentinel-1"] == {"member-key", "sentinel-password", "admin-password", "monitor-password"}
    wanted = {"application-password", "replication-password", "check-password"}
    assert held["s_redis-1"] == held["s_sentinel-1"] | wanted


def test_a_node_has_twice_its_datas_memory_and_what_redis_needs(member):
    _, _, services = member(cluster={"memory_mb": 256})
    limits = services["s_redis-1"]["taskSpec"]["resources"]["limits"]
    assert limits["memoryBytes"] == (2 * 256 + 64) * 1024 * 1024


def test_a_member_is_told_the_declared_primary_for_its_very_first_start(member):
    _, _, services = member("witness", primary="west")
    for service in services.values():
        environment = service["taskSpec"]["containerSpec"]["env"]
        assert environment["FIRST_MASTER"] == "10.2.0.10"
        assert environment["PEER_SENTINELS"] == "10.1.0.10:26379 10.2.0.10:26379"


def test_the_balancer_sends_clients_to_the_master_that_has_a_replica(pulumi_mocks):
    def program():
        own = {"tcp_routes": [redis_route(TOPOLOGY)], "redis_check_password": secret()}
        Balancer("it", {**ARGUMENTS["Balancer"](), **own})

    plan = pulumi_mocks.run(program)
    text = next(c.inputs["dataRaw"] for c in plan.of_type(CONFIG) if "haproxy-file-haproxy" in c.name)
    assert re.findall(r"server (\S+-redis) (\S+) port (\d+)", text) == [
        ("east-redis", "10.1.0.10:6380", "6380"),
        ("west-redis", "10.2.0.10:6380", "6380"),
        ("witness-redis", "10.3.0.10:6380", "6380"),
    ]
    assert 'expect rstring "role:master' in text
    assert "check-ssl verify required" in text
    assert PLANTED_SECRET not in text
    service = plan.of_type(SERVICE)[0].inputs["taskSpec"]["containerSpec"]
    assert [s["fileName"] for s in service["secrets"]] == ["redis-check-password"]


def test_the_api_is_told_the_way_to_the_cache_only_where_there_is_one(pulumi_mocks):
    def environment(*passwords):
        plan = pulumi_mocks.run(
            lambda: Api("it", {**ARGUMENTS["Api"](), **{name: secret() for name in passwords}})
        )
        return plan.of_type(SERVICE)[0].inputs["taskSpec"]["containerSpec"]["env"]

    assert not any(name.startswith("CACHE_") for name in environment())
    told = environment("cache_password")
    assert (told["CACHE_HOST"], told["CACHE_PORT"]) == ("redis", "6379")
    assert told["CACHE_PASSWORD_FILE"] == "/run/secrets/cache-password"


@pytest.mark.parametrize("place", ["east", "witness"])
def test_every_place_has_redis_and_a_sentinel(pulumi_mocks, place):
    plan = pulumi_mocks.run(
        lambda: RegionStack("it", {**ARGUMENTS["RegionStack"](), "site": site(place)}), stack="s"
    )
    names = {service.inputs["name"] for service in plan.of_type(SERVICE)}
    assert {"s_redis-1", "s_sentinel-1"} <= names
