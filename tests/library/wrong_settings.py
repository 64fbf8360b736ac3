"""Wrong settings, all in one table: the arguments that hold one, and what its error must say."""

from collections.abc import Callable
from typing import Any

from tests.library.samples import ARGUMENTS, container_service, swarm_hosts, topology

Broken = Callable[[], tuple[str, dict[str, Any]]]


def _service(**own: Any) -> Broken:
    return lambda: ("ContainerService", container_service(**own))


def _stack(**own: Any) -> Broken:
    return lambda: ("TwoRegionStack", {**ARGUMENTS["TwoRegionStack"](), **own})


def _places(change: Callable[[dict[str, Any]], object]) -> Broken:
    def broken() -> tuple[str, dict[str, Any]]:
        places = topology()
        change(places)
        return "TwoRegionStack", {**ARGUMENTS["TwoRegionStack"](), "topology": places}

    return broken


def credential(name: str, value: object) -> Broken:
    def broken() -> tuple[str, dict[str, Any]]:
        args = ARGUMENTS["TwoRegionStack"]()
        args["credentials"][name] = value
        return "TwoRegionStack", args

    return broken


def _without_certificate(member: str) -> Broken:
    def broken() -> tuple[str, dict[str, Any]]:
        args = ARGUMENTS["TwoRegionStack"]()
        del args["credentials"]["certificates"][member]
        return "TwoRegionStack", args

    return broken


def _hosts(**own: Any) -> Broken:
    return lambda: ("SwarmHosts", swarm_hosts(**own))


def _redis_route(**health: Any) -> dict[str, Any]:
    server = {"name": "one", "address": "10.1.0.10", "port": 6380, "check_port": 6380}
    return {"name": "redis", "port": 6379, "servers": [server], "health": {"protocol": "redis", **health}}


WRONG_SETTINGS: dict[str, tuple[Broken, str, str, str]] = {
    # what is broken: the arguments, the input that is named, what was given, what is allowed
    "unknown key": (_stack(databse={}), "databse", "'databse'", "database"),
    "unknown key in a group": (
        _stack(monitor={"interval": 5}),
        "monitor.interval",
        "'interval'",
        "interval_s",
    ),
    "missing key": (lambda: ("OverlayNetwork", {}), "network_name", "nothing", "a string"),
    "not a dictionary": (_stack(database="sync"), "database", "'sync'", "a dictionary"),
    "region named twice": (
        _places(lambda t: t["regions"][1].update(region="us-east-1")),
        "topology.regions",
        "'us-east-1'",
        "two different regions",
    ),
    "place named twice": (
        _places(lambda t: t["regions"][1].update(name="east")),
        "topology.regions",
        "'east'",
        "a name of its own",
    ),
    "witness in a region": (
        _places(lambda t: t["witness"].update(region="us-west-2")),
        "topology.regions",
        "'us-west-2'",
        "the witness in a third",
    ),
    "one region": (_places(lambda t: t["regions"].pop()), "topology.regions", "1", "exactly 2"),
    "even number of voters": (
        _places(lambda t: t.pop("witness")),
        "topology.voters",
        "2 in all places together",
        "3, 5 or 7",
    ),
    "more voters than hosts": (
        _places(lambda t: t["witness"].update(voters=3)),
        "topology.witness.voters",
        "3 voters on 1 hosts",
        "at most one voter per host",
    ),
    "subnets that overlap": (
        _places(lambda t: t["regions"][1].update(subnet="10.1.64.0/18")),
        "topology.regions",
        "10.1.0.0/16 and 10.1.64.0/18",
        "share no address",
    ),
    "public subnet": (
        _places(lambda t: t["regions"][0].update(subnet="8.8.0.0/16")),
        "topology.regions[0].subnet",
        "'8.8.0.0/16'",
        "a private IPv4 network",
    ),
    "subnet with host bits": (
        _places(lambda t: t["regions"][0].update(subnet="10.1.0.1/16")),
        "topology.regions[0].subnet",
        "'10.1.0.1/16'",
        "no host bits",
    ),
    "no cloud region": (
        _places(lambda t: t["regions"][0].update(region="east")),
        "topology.regions[0].region",
        "'east'",
        "a cloud region's code",
    ),
    "unknown primary": (
        _places(lambda t: t.update(primary="north")),
        "topology.primary",
        "'north'",
        "east, west",
    ),
    "engine without a scheme": (
        _places(lambda t: t["witness"].update(docker_host="10.3.0.10")),
        "topology.witness.docker_host",
        "'10.3.0.10'",
        "ssh://",
    ),
    "interval of 0": (_stack(monitor={"interval_s": 0}), "monitor.interval_s", "0", "5 to 3600 seconds"),
    "timeout longer than the interval": (
        _stack(monitor={"interval_s": 5, "timeout_s": 3, "retries": 1}),
        "monitor.timeout_s",
        "3 s x 2 tries, every 5 s",
        "timeout_s x (retries + 1) < interval_s",
    ),
    "budget over the limit": (
        _stack(monitor={"interval_s": 60, "timeout_s": 5}),
        "failover_limit_s",
        "limit 120 s",
        "at most 120 s",
    ),
    "unknown mode": (
        _stack(database={"mode": "quorum"}),
        "database.mode",
        "'quorum'",
        "'async', 'sync', 'strict'",
    ),
    "unknown timing": (_stack(database={"timing": "slow"}), "database.timing", "'slow'", "'wan', 'fast'"),
    "no copy in the other region": (
        _stack(database={"synchronous_copies": 1}),
        "database.synchronous_copies",
        "1 with 2 members per region",
        "at least 2",
    ),
    "more copies than standbys": (
        _stack(database={"synchronous_copies": 4}),
        "database.synchronous_copies",
        "4 copies, 3 standbys",
        "at most 3",
    ),
    "start timeout of five minutes": (
        _stack(database={"start_timeout_s": 300}),
        "database.start_timeout_s",
        "300",
        "10 to 15 seconds",
    ),
    "negative memory": (_service(limits={"memory_mb": -1}), "limits.memory_mb", "-1", "16 to 1048576 MiB"),
    "memory as text": (_service(limits={"memory_mb": "1g"}), "limits.memory_mb", "'1g'", "a whole number"),
    "true as a number": (_service(replicas=True), "replicas", "True", "a whole number"),
    "a name that Docker refuses": (
        _service(service_name="api/v1"),
        "service_name",
        "'api/v1'",
        "1 to 63 letters",
    ),
    "image without a tag": (_service(image="nginx"), "image", "'nginx'", "a tag or a digest"),
    "host port taken twice": (
        _service(ports=[{"published": 80}, {"published": 80, "target": 8080}]),
        "ports",
        "80",
        "each port once",
    ),
    "port out of range": (
        _service(ports=[{"published": 70000}]),
        "ports[0].published",
        "70000",
        "1 to 65535",
    ),
    "user root": (_service(user="0"), "user", "'0'", "neither of them 0"),
    "every capability": (
        _service(capabilities=["CAP_SYS_ADMIN"]),
        "capabilities[0]",
        "'CAP_SYS_ADMIN'",
        "CAP_",
    ),
    "health check that runs nothing": (_service(health={"command": []}), "health.command", "[]", "a command"),
    "secrets without a key": (_service(rotation_key=None), "rotation_key", "nothing", "16 to 512 characters"),
    "two files with one name": (
        _service(
            files=[{"name": "a", "path": "/a", "content": ""}, {"name": "a", "path": "/b", "content": ""}]
        ),
        "files",
        "'a'",
        "each name once",
    ),
    "relative path": (
        _service(volumes=[{"name": "data", "path": "data"}]),
        "volumes[0].path",
        "'data'",
        "an absolute path",
    ),
    "a list that is none": (_service(ports=80), "ports", "80", "a list"),
    "password too short": (
        credential("application_password", "short"),
        "credentials.application_password",
        "a hidden value of 5 characters",
        "16 to 512",
    ),
    "rotation key too short": (
        credential("rotation_key", "k" * 15),
        "credentials.rotation_key",
        "a hidden value of 15 characters",
        "16 to 512",
    ),
    "a certificate that is none": (
        credential("authority", "/etc/ssl/ca.pem"),
        "credentials.authority",
        "a hidden value of 15 characters",
        "a PEM block",
    ),
    "certificates that are a key's text": (
        credential("certificates", {"east-etcd-1": "-----BEGIN PRIVATE KEY-----"}),
        "credentials.certificates.east-etcd-1",
        "a hidden value of 27 characters",
        "a dictionary",
    ),
    "credentials that are a password": (
        _stack(credentials="hunter2hunter2"),
        "credentials",
        "a hidden value of 14 characters",
        "a dictionary",
    ),
    "a secret that is a number": (
        lambda: ("RotatingSecret", {**ARGUMENTS["RotatingSecret"](), "value": 1234567890123456}),
        "value",
        "a hidden value",
        "a string",
    ),
    "a stack's name too long for Swarm": (
        _stack(stack="production-us-smellpin-1"),
        "stack",
        "'production-us-smellpin-1'",
        "1 to 20 lower-case letters",
    ),
    "a stack's name with an underscore": (
        _stack(stack="prod_eu"),
        "stack",
        "'prod_eu'",
        "1 to 20 lower-case letters",
    ),
    "a service's name too long for its files": (
        _service(service_name="s" * 52),
        "service_name",
        f"'{'s' * 52}-token' (58 characters)",
        "at most 53 characters",
    ),
    "a parameter that is the cluster's own": (
        _stack(database={"parameters": {"synchronous_commit": "off"}}),
        "database.parameters.synchronous_commit",
        "'synchronous_commit'",
        "nothing to do with TLS, durability",
    ),
    "an engine named for some places only": (
        _places(lambda t: t["regions"][1].pop("docker_host")),
        "topology.docker_host",
        "missing for west",
        "one for every place, or for none",
    ),
    "one engine for two places": (
        _places(lambda t: t["regions"][1].update(docker_host="ssh://e")),
        "topology.docker_host",
        "'ssh://e'",
        "an engine of its own",
    ),
    "tags that are a text": (_service(tags="team"), "tags", "'team'", "a dictionary"),
    "properties that are a text": (
        _service(customize={"service": "x"}),
        "customize.service",
        "'x'",
        "a dictionary",
    ),
    "no arguments": (lambda: ("OverlayNetwork", None), "args", "None", "a dictionary"),
    "a cut master stops too late": (
        _stack(cache={"max_lag_s": 4}),
        "cache.max_lag_s",
        "max_lag_s 4 + 2 s until it is noticed > down_after_ms 5000",
        "(max_lag_s + 2) x 1000 <= down_after_ms",
    ),
    "a dead master taken for dead too soon": (
        _stack(cache={"down_after_ms": 4000}),
        "cache.max_lag_s",
        "max_lag_s 3 + 2 s until it is noticed > down_after_ms 4000",
        "(max_lag_s + 2) x 1000 <= down_after_ms",
    ),
    "too little memory for a cache": (_stack(cache={"memory_mb": 8}), "cache.memory_mb", "8", "16 to 65536"),
    "a limit below the cache's data": (
        lambda: ("RedisMember", {**ARGUMENTS["RedisMember"](), "limits": {"memory_mb": 128}}),
        "limits.memory_mb",
        "128 MiB for 128 MiB of data",
        "at least twice cluster.memory_mb",
    ),
    "a check by Redis without its password": (
        lambda: ("Balancer", {**ARGUMENTS["Balancer"](), "tcp_routes": [_redis_route()]}),
        "redis_check_password",
        "nothing",
        "the password of Redis' user 'check'",
    ),
    "a check by Redis with a path": (
        lambda: ("Balancer", {**ARGUMENTS["Balancer"](), "tcp_routes": [_redis_route(path="/primary")]}),
        "tcp_routes[0].health.path",
        "'/primary'",
        "none where it is 'redis'",
    ),
    "a check by HTTP without a path": (
        lambda: ("Balancer", {**ARGUMENTS["Balancer"](), "tcp_routes": [_redis_route(protocol="http")]}),
        "tcp_routes[0].health.path",
        "None",
        "a path where the protocol is 'http'",
    ),
    "HTTP checked by Redis": (
        lambda: (
            "Balancer",
            {
                **ARGUMENTS["Balancer"](),
                "http_routes": [
                    {"name": "api", "service": "api", "port": 8000, "health": {"protocol": "redis"}}
                ],
            },
        ),
        "http_routes[0].health.protocol",
        "'redis'",
        "'http'",
    ),
    "Redis without a certificate": (
        _without_certificate("witness-redis"),
        "credentials.certificates",
        "witness-redis",
        "each Redis node",
    ),
    "member without a certificate": (
        _without_certificate("west-postgres-2"),
        "credentials.certificates",
        "west-postgres-2",
        "one for each voter",
    ),
    "members in the witness place": (
        lambda: (
            "PostgresMember",
            {**ARGUMENTS["PostgresMember"](), "site": ARGUMENTS["ConsensusMember"]()["site"]},
        ),
        "site.place",
        "'witness'",
        "east, west",
    ),
    "a member too many": (
        lambda: ("PostgresMember", {**ARGUMENTS["PostgresMember"](), "number": 3}),
        "number",
        "3",
        "1 to 2",
    ),
    "a balancer without a host": (
        lambda: ("Balancer", {**ARGUMENTS["Balancer"](), "number": 2}),
        "number",
        "2",
        "1 to 1",
    ),
    "no such place": (
        lambda: (
            "ConsensusMember",
            {
                **ARGUMENTS["ConsensusMember"](),
                "site": {**ARGUMENTS["ConsensusMember"]()["site"], "place": "north"},
            },
        ),
        "site.place",
        "'north'",
        "east, west, witness",
    ),
    "an even number of managers": (_hosts(managers=2), "managers", "2", "1 or 3"),
    "an even number of hosts that are managers": (
        _hosts(place={**swarm_hosts()["place"], "hosts": 2}),
        "place.hosts",
        "2",
        "1 or 3",
    ),
    "fewer managers than pinned hosts": (
        _hosts(managers=1, balancers=1),
        "managers",
        "1 managers, place.hosts 3",
        "at least place.hosts",
    ),
    "the fewest workers over the most": (
        _hosts(workers={"min": 5, "max": 4}),
        "workers.min",
        "min 5, max 4",
        "min <= max",
    ),
    "workers that never begin": (
        _hosts(workers={"min": 0, "max": 4}),
        "workers.min",
        "min 0, max 4",
        "0 with max 0",
    ),
    "snapshots for no day": (
        _hosts(snapshot_retention_days=0),
        "snapshot_retention_days",
        "0",
        "1 to 365 days",
    ),
    "logs for a number of days that CloudWatch lacks": (
        _hosts(log_retention_days=10),
        "log_retention_days",
        "10",
        "1, 3, 5, 7, 14",
    ),
    "too much to tell a host": (
        _hosts(setup="#!/bin/sh\n" + "x" * 16384),
        "setup",
        "bytes",
        "at most 16384 bytes",
    ),
    "a setup that is no script": (_hosts(setup="apt-get update"), "setup", "'apt-get update'", "#!"),
    "a data volume for a host that is none": (
        _hosts(data_volumes=[{"host": 3, "size_gb": 8}]),
        "data_volumes[0].host",
        "3",
        "0 to 2",
    ),
    "two data volumes for one host": (
        _hosts(data_volumes=[{"host": 1, "size_gb": 8}, {"host": 1, "size_gb": 9}]),
        "data_volumes[1].host",
        "1",
        "one volume per host",
    ),
    "more balancers than hosts": (
        _hosts(
            place={"name": "w", "region": "us-east-1", "subnet": "10.1.0.0/16"}, data_volumes=[], balancers=2
        ),
        "balancers",
        "2 on 1 hosts",
        "0 to 1",
    ),
    "hosts without subnets": (_hosts(subnets=[]), "subnets", "nothing", "at least one"),
    "hosts without security groups": (
        _hosts(security_group_ids=[]),
        "security_group_ids",
        "nothing",
        "at least one",
    ),
    "a host outside the subnets": (
        _hosts(
            place={"name": "w", "region": "us-east-1", "subnet": "10.1.0.0/16"},
            subnets=[{"subnet_id": "s", "cidr": "10.1.1.0/24", "zone": "us-east-1a"}],
            data_volumes=[],
            balancers=0,
        ),
        "subnets",
        "10.1.0.10; 10.1.1.0/24",
        "a subnet for every host's address",
    ),
    "a place in Swarm's own range": (
        _hosts(
            place={"name": "east", "region": "us-east-1", "subnet": "10.0.0.0/16", "hosts": 3},
            subnets=[{"subnet_id": "s", "cidr": "10.0.0.0/24", "zone": "us-east-1a"}],
        ),
        "place.subnet",
        "10.0.0.0/16",
        "outside 10.0.0.0/16",
    ),
    "an image by its name": (_hosts(image_id="debian-13"), "image_id", "'debian-13'", "ami-"),
    "a key's alias": (
        _hosts(kms_key_arn="alias/hosts"),
        "kms_key_arn",
        "'alias/hosts'",
        "the ARN of a KMS key",
    ),
    "no zone": (
        _hosts(subnets=[{"subnet_id": "s", "cidr": "10.1.0.0/24", "zone": "us-east-1"}]),
        "subnets[0].zone",
        "'us-east-1'",
        "a zone's name",
    ),
    "an existing Swarm without a manager": (
        _hosts(existing={"docker_hosts": []}),
        "existing.docker_hosts",
        "[]",
        "at least one",
    ),
}
