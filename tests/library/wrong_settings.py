"""Wrong settings, all in one table: the arguments that hold one, and what its error must say."""

from collections.abc import Callable
from typing import Any

from tests.library.samples import (
    ACCOUNT,
    ARGUMENTS,
    container_service,
    managed_postgres,
    sides,
    swarm_hosts,
    topology,
)
from tests.library.wrong_edge_settings import WRONG_EDGE_SETTINGS

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


def _network(**own: Any) -> Broken:
    return lambda: ("RegionNetwork", {**ARGUMENTS["RegionNetwork"](), **own})


def _peering(**accepter: Any) -> Broken:
    def broken() -> tuple[str, dict[str, Any]]:
        args = ARGUMENTS["RegionPeering"]()
        args["accepter"].update(accepter)
        return "RegionPeering", args

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


def _managed(**own: Any) -> Broken:
    return lambda: ("ManagedPostgres", managed_postgres(**own))


def _managed_place(place: str, **own: Any) -> Broken:
    return lambda: ("ManagedPostgres", managed_postgres(**{place: {**managed_postgres()[place], **own}}))


def _hosts(**own: Any) -> Broken:
    return lambda: ("SwarmHosts", swarm_hosts(**own))


def _redis_route(**health: Any) -> dict[str, Any]:
    server = {"name": "one", "address": "10.1.0.10", "port": 6380, "check_port": 6380}
    return {"name": "redis", "port": 6379, "servers": [server], "health": {"protocol": "redis", **health}}


def _with(component: str, **own: Any) -> Broken:
    return lambda: (component, {**ARGUMENTS[component](), **own})


def _sides(change: Callable[[list[dict[str, Any]]], object]) -> Broken:
    def broken() -> tuple[str, dict[str, Any]]:
        both = sides()
        change(both)
        return "ReplicatedBucket", {**ARGUMENTS["ReplicatedBucket"](), "sides": both}

    return broken


def _transitions(*pairs: tuple[str, int]) -> Broken:
    moves = [{"storage_class": storage_class, "days": days} for storage_class, days in pairs]
    return _with("ReplicatedBucket", lifecycle=[{"transitions": moves}])


def _environment(**own: Any) -> Broken:
    return _with("CostGuard", environments=[{"name": "production", "monthly_limit": 100.0, **own}])


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
    **WRONG_EDGE_SETTINGS,
    "both buckets in one region": (
        _sides(lambda both: both[1].update(region="us-east-1")),
        "sides",
        "'us-east-1'",
        "two different regions",
    ),
    "both buckets with one name": (
        _sides(lambda both: both[1].update(bucket_name="shop-media-us-east-1")),
        "sides",
        "'shop-media-us-east-1'",
        "a name of its own",
    ),
    "one bucket": (_sides(lambda both: both.pop()), "sides", "1", "exactly 2"),
    "buckets in two clouds": (
        _sides(lambda both: both[1].update(region="cn-north-1")),
        "sides",
        "aws and aws-cn",
        "one partition",
    ),
    "a name that is none": (
        _sides(lambda both: both[0].update(bucket_name="Shop_Media")),
        "sides[0].bucket_name",
        "'Shop_Media'",
        "3 to 63 lower-case letters",
    ),
    "a bucket named like an address": (
        _sides(lambda both: both[0].update(bucket_name="192.168.5.4")),
        "sides[0].bucket_name",
        "'192.168.5.4'",
        "no IP address",
    ),
    "a bucket with a reserved ending": (
        _sides(lambda both: both[0].update(bucket_name="shop-s3alias")),
        "sides[0].bucket_name",
        "'shop-s3alias'",
        "that S3 reserves",
    ),
    "a bucket made and adopted": (
        _sides(lambda both: both[0].update(existing_bucket="shop-media")),
        "sides[0].bucket_name",
        "bucket_name and existing_bucket",
        "one of",
    ),
    "a bucket without a name": (
        _sides(lambda both: both[0].pop("bucket_name")),
        "sides[0].bucket_name",
        "neither name",
        "one of",
    ),
    "a bucket that logs into itself": (
        _sides(lambda both: both[0].update(access_log_bucket="shop-media-us-east-1")),
        "sides[0].access_log_bucket",
        "'shop-media-us-east-1'",
        "another bucket",
    ),
    "one log bucket for two regions": (
        _sides(lambda both: [side.update(access_log_bucket="shop-logs") for side in both]),
        "sides",
        "'shop-logs'",
        "a log bucket in each region",
    ),
    "an account that is none": (
        _with("ReplicatedBucket", account_id="12345"),
        "account_id",
        "'12345'",
        "12 digits",
    ),
    "a transition before its time": (
        _transitions(("STANDARD_IA", 29)),
        "lifecycle[0].transitions",
        "29 days",
        "at least 30 days",
    ),
    "a transition too soon after another": (
        _transitions(("STANDARD_IA", 30), ("GLACIER", 59)),
        "lifecycle[0].transitions",
        "30 days, then 59 days",
        "at least 30 days between",
    ),
    "a transition at the time of another": (
        _transitions(("GLACIER", 40), ("DEEP_ARCHIVE", 40)),
        "lifecycle[0].transitions",
        "40 days, then 40 days",
        "at least 1 days between",
    ),
    "a transition to what is warmer": (
        _transitions(("GLACIER", 30), ("STANDARD_IA", 90)),
        "lifecycle[0].transitions",
        "GLACIER, then STANDARD_IA",
        "DEEP_ARCHIVE",
    ),
    "two lifecycles for one object": (
        _with("ReplicatedBucket", lifecycle=[{"prefix": "media/"}, {"prefix": "media/thumbnails/"}]),
        "lifecycle",
        "'media/' and 'media/thumbnails/'",
        "prefixes of which none begins with another",
    ),
    "versions removed while locked": (
        _with(
            "ReplicatedBucket",
            object_lock={"mode": "GOVERNANCE", "days": 90},
            lifecycle=[{"noncurrent_days": 30}],
        ),
        "lifecycle[0].noncurrent_days",
        "30 days, locked for 90",
        "at least 90 days",
    ),
    "a lock for no day": (
        _with("ReplicatedBucket", object_lock={"mode": "GOVERNANCE", "days": 0}),
        "object_lock.days",
        "0",
        "1 to 3650 days",
    ),
    "a lock of no known mode": (
        _with("ReplicatedBucket", object_lock={"mode": "FOREVER", "days": 1}),
        "object_lock.mode",
        "'FOREVER'",
        "'GOVERNANCE', 'COMPLIANCE'",
    ),
    "a lock without versions": (
        _with(
            "RegionalBucket", customize={"versioning": {"versioning_configuration": {"status": "Suspended"}}}
        ),
        "customize.versioning",
        "'Suspended'",
        "'Enabled'",
    ),
    "an alarm for another region's topic": (
        _with("ReplicatedBucket", alarm_topics={"us-east-1": [f"arn:aws:sns:us-west-2:{ACCOUNT}:alarms"]}),
        "alarm_topics.us-east-1",
        "us-west-2",
        "topics in us-east-1",
    ),
    "a topic where no bucket is": (
        _with("ReplicatedBucket", alarm_topics={"eu-west-1": [f"arn:aws:sns:eu-west-1:{ACCOUNT}:alarms"]}),
        "alarm_topics.eu-west-1",
        "'eu-west-1'",
        "us-east-1, us-west-2",
    ),
    "backups kept too long": (
        _with("BackupRepository", retention_days=3651),
        "retention_days",
        "3651",
        "1 to 3650 days",
    ),
    "backups kept for no day": (
        _with("BackupRepository", retention_days=0),
        "retention_days",
        "0",
        "1 to 3650 days",
    ),
    "deleted backups kept shorter than locked": (
        _with("BackupRepository", recoverable_days=7, object_lock={"mode": "COMPLIANCE", "days": 14}),
        "recoverable_days",
        "7 days, locked for 14",
        "at least 14 days",
    ),
    "backups in one region": (
        _with("BackupRepository", sides=[sides()[0], {**sides()[1], "region": "us-east-1"}]),
        "sides",
        "'us-east-1'",
        "two different regions",
    ),
    "a stanza named twice": (
        _with("BackupRepository", stanzas=["main", "main"]),
        "stanzas",
        "'main'",
        "each stanza once",
    ),
    "a month dearer than the year": (
        _environment(last_year_amount=50.0),
        "environments[0].monthly_limit",
        "100.00 a month, 65.00 a year",
        "at most 65.00",
    ),
    "a growth beyond all": (
        _environment(last_year_amount=5000.0, growth_percent=1001.0),
        "environments[0].growth_percent",
        "1001",
        "0 to 1000 percent",
    ),
    "a budget of nothing": (
        _environment(monthly_limit=0.0),
        "environments[0].monthly_limit",
        "0",
        "0.01 to",
    ),
    "an environment named twice": (
        _with("CostGuard", environments=[{"name": "staging", "monthly_limit": 1.0}] * 2),
        "environments",
        "'staging'",
        "each once",
    ),
    "nobody to tell of costs": (
        lambda: ("CostGuard", {"environments": [{"name": "staging", "monthly_limit": 1.0}]}),
        "email_addresses",
        "neither e-mail addresses nor a topic",
        "at least one",
    ),
    "too many to tell of costs": (
        _with("CostGuard", email_addresses=[f"{number}@example.com" for number in range(11)]),
        "email_addresses",
        "11 addresses",
        "at most 10",
    ),
    "an address that is none": (
        _with("CostGuard", email_addresses=["costs"]),
        "email_addresses[0]",
        "'costs'",
        "an e-mail address",
    ),
    "a TTL of what is proxied": (
        _stack(monitor={"ttl_s": 60}),
        "monitor.ttl_s",
        "ttl_s 60 with proxied",
        "a TTL without proxied",
    ),
    "backups kept for more than 35 days": (
        _managed(backup_retention_days=36),
        "backup_retention_days",
        "36",
        "1 to 35 days",
    ),
    "a replica without backups": (
        _managed_place("replica", backup_retention_days=0),
        "replica.backup_retention_days",
        "0",
        "1 to 35 days",
    ),
    "a password on a replica": (
        _managed_place("replica", password="correct-horse-battery"),
        "replica.password",
        "'password'",
        "region, security_group_ids, subnet_ids",
    ),
    "a username on a replica": (
        _managed_place("replica", username="postgres"),
        "replica.username",
        "'username'",
        "region, security_group_ids, subnet_ids",
    ),
    "an engine version on a replica": (
        _managed_place("replica", engine_version="17"),
        "replica.engine_version",
        "'engine_version'",
        "region, security_group_ids, subnet_ids",
    ),
    "a password that AWS keeps, beside a replica": (
        _managed(manage_master_user_password=True),
        "manage_master_user_password",
        "'manage_master_user_password'",
        "password",
    ),
    "maintenance during the backup": (
        _managed_place("primary", maintenance_window="sun:03:30-sun:04:30"),
        "primary.maintenance_window",
        "'sun:03:30-sun:04:30' with backup_window '03:00-04:00'",
        "share no minute",
    ),
    "the replica's maintenance during the backup, over midnight": (
        _managed(
            backup_window="23:30-00:30",
            replica={**managed_postgres()["replica"], "maintenance_window": "sat:00:00-sat:01:00"},
        ),
        "replica.maintenance_window",
        "'sat:00:00-sat:01:00' with backup_window '23:30-00:30'",
        "share no minute",
    ),
    "a window of a quarter of an hour": (
        _managed(backup_window="03:00-03:15"),
        "backup_window",
        "'03:00-03:15'",
        "at least 30 minutes",
    ),
    "maintenance for a week": (
        _managed_place("primary", maintenance_window="sun:05:00-sat:05:00"),
        "primary.maintenance_window",
        "'sun:05:00-sat:05:00'",
        "30 minutes to a day",
    ),
    "a window that is none": (
        _managed(backup_window="3am"),
        "backup_window",
        "'3am'",
        "a daily window in UTC",
    ),
    "a version too old": (_managed(engine_version="14"), "engine_version", "'14'", "from 15 to 17"),
    "a version too new": (_managed(engine_version="18"), "engine_version", "'18'", "from 15 to 17"),
    "a minor version that AWS would upgrade": (
        _managed(engine_version="17.4"),
        "engine_version",
        "'17.4' with auto_minor_version_upgrade",
        "a major version",
    ),
    "more storage than it may grow to": (
        _managed(allocated_storage_gb=600),
        "max_allocated_storage_gb",
        "500 GiB with allocated_storage_gb 600",
        "at least 660 GiB",
    ),
    "no room for one step of storage": (
        _managed(allocated_storage_gb=500),
        "max_allocated_storage_gb",
        "500 GiB with allocated_storage_gb 500",
        "at least 550 GiB",
    ),
    "primary and replica in one region": (
        _managed(replica={**managed_postgres()["replica"], "region": "us-east-1"}, alarms=None),
        "replica.region",
        "'us-east-1'",
        "another region",
    ),
    "one subnet": (
        _managed_place("primary", subnet_ids=["subnet-0a"]),
        "primary.subnet_ids",
        "1",
        "at least 2, in two zones",
    ),
    "a key of the other region": (
        _managed_place("replica", kms_key_arn="arn:aws:kms:us-east-1:123456789012:key/1"),
        "replica.kms_key_arn",
        "us-east-1",
        "an ARN of us-west-2",
    ),
    "a key's bare id": (
        _managed_place("replica", kms_key_arn="1234abcd"),
        "replica.kms_key_arn",
        "'1234abcd'",
        "the ARN of a KMS key",
    ),
    "a topic of the other region": (
        _managed(
            alarms={
                "primary_topic_arns": ["arn:aws:sns:us-west-2:123456789012:on-call"],
                "replica_topic_arns": [],
            }
        ),
        "alarms.primary_topic_arns[0]",
        "us-west-2",
        "an ARN of us-east-1",
    ),
    "connections without TLS": (
        _managed(parameters={"rds.force_ssl": "0"}),
        "parameters.rds.force_ssl",
        "'rds.force_ssl'",
        "nothing to do with TLS and passwords",
    ),
    "a password that AWS refuses": (
        _managed(password="correct/horse/battery"),
        "password",
        "a hidden value of 21 characters",
        "16 to 128 printable ASCII characters",
    ),
    "a sampling that AWS does not offer": (
        _managed(monitoring_interval_s=20),
        "monitoring_interval_s",
        "20",
        "1, 5, 10, 15, 30 or 60",
    ),
    "an identifier with two hyphens": (
        _managed(identifier="prod--db"),
        "identifier",
        "'prod--db'",
        "single hyphens",
    ),
    "two minutes claimed of a promotion by hand": (
        _managed(failover_limit_s=120),
        "failover_limit_s",
        "worst case 905 s, limit 120 s",
        "at most 120 s",
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
