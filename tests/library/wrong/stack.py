"""Wrong settings of the stack: the arguments that hold one, and what its error must say."""

from collections.abc import Callable
from typing import Any

from tests.library.arguments import ARGUMENTS
from tests.library.samples import site, topology
from tests.library.wrong.table import Broken, Wrong


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


def _site_without_engine() -> dict[str, Any]:
    here = site()
    for place in [*here["topology"]["regions"], here["topology"]["witness"]]:
        del place["docker_host"]
    return here


WRONG: Wrong = {
    "unknown key": (_stack(databse={}), "databse", "'databse'", "database"),
    "unknown key in a group": (
        _stack(monitor={"interval": 5}),
        "monitor.interval",
        "'interval'",
        "interval_s",
    ),
    "counted tasks and workers": (
        _stack(api={"replicas": 4, "workers": 6}),
        "api.replicas",
        "4",
        "workers or replicas",
    ),
    "more workers than a balancer has places for": (
        _stack(api={"workers": 11}),
        "api.workers",
        "11",
        "1 to 10 workers",
    ),
    "workers without an engine to ask": (
        lambda: (
            "RegionStack",
            {**ARGUMENTS["RegionStack"](), "site": _site_without_engine(), "api": {"workers": 6}},
        ),
        "api.workers",
        "no docker_host",
        "a docker_host for every place",
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
    "more zones than a region has": (
        _places(lambda t: t["regions"][0].update(zones=4, hosts=5)),
        "topology.regions[0].zones",
        "4",
        "1 to 3 zones",
    ),
    "a zone without a host": (
        _places(lambda t: t["regions"][0].update(zones=3, hosts=2)),
        "topology.regions[0].zones",
        "3 zones, 2 hosts",
        "at most one zone per host",
    ),
    "more public hosts than hosts": (
        _places(lambda t: t["witness"].update(public_hosts=2)),
        "topology.witness.public_hosts",
        "2 public of 1 hosts",
        "0 to 1",
    ),
    "a subnet too small for zones": (
        _places(lambda t: t["regions"][0].update(zones=2, hosts=2, subnet="10.1.0.0/25")),
        "topology.regions[0].subnet",
        "10.1.0.0/25 with zones 2, public_hosts 0",
        "/24 or larger",
    ),
    "another place in Swarm's own range": (
        _places(lambda t: t["witness"].update(subnet="10.0.16.0/20")),
        "topology.witness.subnet",
        "10.0.16.0/20",
        "outside 10.0.0.0/16",
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
    "engine on the port without TLS, which is Docker's where none is named": (
        _places(lambda t: t["witness"].update(docker_host="tcp://10.3.0.10")),
        "topology.witness.docker_host",
        "'tcp://10.3.0.10'",
        "tcp://host:port with TLS",
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
    "a TTL of what is proxied": (
        _stack(monitor={"ttl_s": 60}),
        "monitor.ttl_s",
        "ttl_s 60 with proxied",
        "a TTL without proxied",
    ),
}
