"""Valid arguments for every exported component: what tests vary, and break."""

from collections.abc import Callable
from copy import deepcopy
from typing import Any

import pulumi

PEM = "-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n"
PASSWORD = "correct-horse-battery-staple"
PLANTED_SECRET = "planted-secret-7e57ab1e"
PASSWORDS = (
    "superuser_password",
    "replication_password",
    "rewind_password",
    "rest_password",
    "application_password",
    "monitor_password",
)
REDIS_USERS = ("application", "replication", "sentinel", "check", "admin", "monitor")
REDIS_PASSWORDS = tuple(f"{user}_password" for user in REDIS_USERS)
WATCHER_IMAGES = ("prometheus", "alertmanager", "exporters", "grafana")
GRAFANA_SECRETS = ("grafana_admin_password", "grafana_monitor_password", "grafana_secret_key")
LOGS_IMAGES = ("loki", "alloy", "promtail")
MEMBERS = (
    *("east-etcd-1", "west-etcd-1", "witness-etcd-1"),
    *("east-postgres-1", "east-postgres-2", "west-postgres-1", "west-postgres-2"),
    *("east-nginx", "west-nginx"),
    *("east-redis", "west-redis", "witness-redis"),
    *("east-monitor", "west-monitor", "witness-monitor"),
)


def topology(**own: Any) -> dict[str, Any]:
    """Two regions and a witness, with one host each."""
    return deepcopy(
        {
            "regions": [
                {"name": "east", "region": "us-east-1", "subnet": "10.1.0.0/16", "docker_host": "ssh://e"},
                {"name": "west", "region": "us-west-2", "subnet": "10.2.0.0/16", "docker_host": "ssh://w"},
            ],
            "witness": {
                "name": "witness",
                "region": "us-east-2",
                "subnet": "10.3.0.0/16",
                "docker_host": "ssh://x",
            },
            **own,
        }
    )


def secret(value: str = PLANTED_SECRET) -> pulumi.Output[str]:
    """A value that must never be seen."""
    return pulumi.Output.secret(value)


def site(place: str = "east") -> dict[str, Any]:
    """A place in the sample topology."""
    return {"topology": topology(), "place": place, "rotation_key": secret(), "network_id": "network"}


def certificate() -> dict[str, Any]:
    """A certificate with its key."""
    return {"authority": PEM, "certificate": PEM, "key": secret(PEM + PLANTED_SECRET)}


def images() -> dict[str, str]:
    """All images, pinned."""
    return {
        name: f"registry.example.com/{name}:0123456789ab"
        for name in ("etcd", "postgres", "haproxy", "nginx", "redis", "api", *WATCHER_IMAGES, *LOGS_IMAGES)
    }


def credentials() -> dict[str, Any]:
    """Everything secret."""
    return {
        "rotation_key": secret(),
        "authority": PEM,
        "certificates": {name: {"certificate": PEM, "key": secret(PEM + PLANTED_SECRET)} for name in MEMBERS},
        **{name: secret() for name in PASSWORDS},
        **{f"redis_{name}": secret() for name in REDIS_PASSWORDS},
        **{name: secret() for name in GRAFANA_SECRETS},
    }


def monitoring() -> dict[str, Any]:
    """How a stack is watched."""
    return {
        "public_urls": ["https://api.example.com/"],
        "rules": {"objectives.yaml": "groups: []\n"},
        "grafana": {"dashboards": {"hosts.json": '{"uid": "hosts", "title": "Hosts"}'}},
    }


def bucket() -> dict[str, Any]:
    """A bucket for logs, with the key to it."""
    return {
        "bucket": "shop-logs-us-east-1",
        "region": "us-east-1",
        "access_key_id": "AKIAIOSFODNN7EXAMPLE",
        "secret_access_key": secret(),
    }


def replications() -> dict[str, Any]:
    """A bucket in the east that is replicated to the west and back, and the key to CloudWatch."""
    east = {"bucket": "shop-uploads-us-east-1", "region": "us-east-1"}
    west = {"bucket": "shop-uploads-us-west-2", "region": "us-west-2"}
    ways = [{"source": east, "destination": west}, {"source": west, "destination": east}]
    return {"ways": ways, "access_key_id": "AKIAIOSFODNN7EXAMPLE", "secret_access_key": secret()}


def watcher(image: str, **own: Any) -> dict[str, Any]:
    """A watcher in the east."""
    return {
        "site": site(),
        "image": f"registry.example.com/{image}:0123456789ab",
        "certificate": certificate(),
        **own,
    }


def exporter() -> dict[str, Any]:
    """An exporter of a member in the east."""
    credentials = {"certificate": certificate(), "password": secret()}
    image = "registry.example.com/exporters:0123456789ab"
    return {"site": site(), "image": image, "credentials": credentials}


def zone_reference(**own: Any) -> dict[str, Any]:
    """A zone at the edge."""
    return {
        "account_id": "0123456789abcdef0123456789abcdef",
        "zone_id": "zone",
        "domain": "example.com",
        "plan": "business",
        **own,
    }


def receivers() -> dict[str, Any]:
    """Who can be told of alerts."""
    return {
        "pagerduty": {"routing_key": secret()},
        "slack": {"webhook_url": secret(f"https://hooks.example.com/{PLANTED_SECRET}")},
        "dead_man": {"url": secret(f"https://alive.example.com/{PLANTED_SECRET}")},
    }


def container_service(**own: Any) -> dict[str, Any]:
    """A small service with a file, a secret, a port and a volume."""
    return {
        "image": "registry.example.com/app:0123456789ab",
        "health": {"command": ["true"]},
        "network_id": "network",
        "ports": [{"published": 8080}],
        "volumes": [{"name": "data", "path": "/data"}],
        "files": [{"name": "app", "path": "/etc/app.conf", "content": "x = 1"}],
        "secrets": [{"name": "token", "value": secret()}],
        "rotation_key": secret(),
        **own,
    }


ACCOUNT = "123456789012"


def sides(*, bucket: str = "shop-media") -> list[dict[str, Any]]:
    """A bucket to make on each coast."""
    return [{"region": region, "bucket_name": f"{bucket}-{region}"} for region in ("us-east-1", "us-west-2")]


def managed_postgres(**own: Any) -> dict[str, Any]:
    """A database that AWS runs, with its alarms, and the failover that it can promise."""
    return deepcopy(
        {
            "primary": {
                "region": "us-east-1",
                "subnet_ids": ["subnet-0a", "subnet-0b"],
                "security_group_ids": ["sg-0e"],
            },
            "replica": {
                "region": "us-west-2",
                "subnet_ids": ["subnet-1a", "subnet-1b"],
                "security_group_ids": ["sg-1e"],
            },
            "alarms": {
                "primary_topic_arns": ["arn:aws:sns:us-east-1:123456789012:on-call"],
                "replica_topic_arns": ["arn:aws:sns:us-west-2:123456789012:on-call"],
            },
            "failover_limit_s": 905,
        }
    ) | {"password": secret(), **own}


def swarm_hosts(**own: Any) -> dict[str, Any]:
    """Three managers in one zone, two of them with a balancer, a database's volume, and workers."""
    return {
        "place": {
            "name": "east",
            "region": "us-east-1",
            "subnet": "10.1.0.0/16",
            "hosts": 3,
            "public_hosts": 2,
        },
        "subnets": [
            {"subnet_id": "subnet-a", "cidr": "10.1.0.0/24", "zone": "us-east-1a"},
            {"subnet_id": "subnet-p", "cidr": "10.1.192.0/24", "zone": "us-east-1a", "public": True},
        ],
        "security_group_ids": ["sg-hosts"],
        "balancer_security_group_ids": ["sg-balancers"],
        "data_volumes": [{"host": 0, "size_gb": 100}],
        "workers": {"min": 1, "max": 4},
        **own,
    }


def peered(place: str, region: str, network: str) -> dict[str, Any]:
    """One side of a connection between two networks."""
    return {
        "place": place,
        "region": region,
        "vpc_id": f"vpc-{place}",
        "range": network,
        "route_table_ids": [f"rtb-{place}-{number}" for number in (1, 2)],
    }


ARGUMENTS: dict[str, Callable[[], dict[str, Any]]] = {
    "Alertmanager": lambda: watcher("alertmanager", routing={"receivers": receivers()}),
    "Alloy": lambda: watcher("alloy"),
    "BlackboxExporter": lambda: watcher("exporters"),
    "CloudWatchExporter": lambda: {
        "site": site(),
        "image": "registry.example.com/alloy:0123456789ab",
        "asking": {"certificate": certificate(), "replications": replications()},
    },
    "Grafana": lambda: {
        "site": site(),
        "image": "registry.example.com/grafana:0123456789ab",
        "credentials": {
            "certificate": certificate(),
            "admin_password": secret(),
            "monitor_password": secret(),
            "secret_key": secret(),
        },
        "options": monitoring()["grafana"],
    },
    "Jaeger": lambda: watcher("jaeger", senders=PEM),
    "Loki": lambda: watcher("loki", object_storage=bucket()),
    "NodeExporter": lambda: watcher("exporters"),
    "PlaceMonitoring": lambda: {
        "site": site(),
        "images": {name: images()[name] for name in WATCHER_IMAGES},
        "certificate": certificate(),
        "monitor_password": secret(),
        "redis_monitor_password": secret(),
        **{name: secret() for name in GRAFANA_SECRETS},
        "monitoring": monitoring(),
    },
    "PostgresExporter": lambda: exporter(),
    "Prometheus": lambda: watcher("prometheus", rules={"objectives.yaml": "groups: []\n"}),
    "Promtail": lambda: watcher("promtail"),
    "RedisExporter": lambda: exporter(),
    "Api": lambda: {
        "site": site(),
        "image": "registry.example.com/api:0123456789ab",
        "application_password": secret(),
        "authority": PEM,
    },
    "BackupRepository": lambda: {"account_id": ACCOUNT, "sides": sides(bucket="shop-backup")},
    "BlueGreenApi": lambda: {
        "site": site(),
        "image": "registry.example.com/api:0123456789ab",
        "application_password": secret(),
        "authority": PEM,
        "images": {"green": "registry.example.com/api:ba9876543210"},
    },
    "Balancer": lambda: {
        "site": site(),
        "image": "registry.example.com/haproxy:0123456789ab",
        "authority": PEM,
        "http_routes": [{"name": "api", "service": "api", "port": 8000, "health": {"path": "/ready"}}],
        "tcp_routes": [
            {
                "name": "postgres",
                "port": 5432,
                "servers": [{"name": "one", "address": "10.1.0.10", "port": 5433, "check_port": 8008}],
                "health": {"path": "/primary"},
            }
        ],
    },
    "ConsensusMember": lambda: {
        "site": site("witness"),
        "image": "registry.example.com/etcd:0123456789ab",
        "certificate": certificate(),
    },
    "ContainerService": container_service,
    "DnsRecords": lambda: {
        "zone": zone_reference(),
        "records": {
            "api": {"type": "A", "name": "api.example.com", "content": "192.0.2.7"},
            "mail": {"type": "MX", "name": "example.com", "content": "mail.example.com"},
            "certificates": {"type": "CAA", "name": "example.com", "caa": {"value": "letsencrypt.org"}},
        },
    },
    "EdgeRules": lambda: {
        "zone": zone_reference(),
        "custom": [{"key": "no-admin", "expression": 'starts_with(http.request.uri.path, "/admin")'}],
        "rate_limits": [{"key": "login", "path": "/api/login", "requests": 5, "methods": ["POST"]}],
        "cache": [{"key": "tiles", "expression": 'starts_with(http.request.uri.path, "/tiles/")'}],
    },
    "EdgeWorker": lambda: {
        "zone": zone_reference(),
        "worker_name": "geocoder",
        "versions": {
            "v1": {"script": "export default {}", "secrets": {"TOKEN": secret()}},
            "v2": {"script": "export default {} // 2", "secrets": {"TOKEN": secret()}},
        },
        "rollout": {"v1": 90.0, "v2": 10.0},
        "routes": ["api.example.com/geocode/*"],
    },
    "EdgeZone": lambda: {
        "account_id": "0123456789abcdef0123456789abcdef",
        "domain": "example.com",
        "plan": "business",
        "origin_pull_certificate": {"certificate": PEM, "key": secret(PEM + PLANTED_SECRET)},
    },
    "FailoverLoadBalancer": lambda: {
        "zone": zone_reference(),
        "hostname": "api.example.com",
        "regions": [
            {"name": "east", "addresses": ["192.0.2.1", "192.0.2.2"]},
            {"name": "west", "addresses": ["198.51.100.1"]},
        ],
        "notify": {"emails": ["oncall@example.com"]},
    },
    "FrontendDomain": lambda: {
        "zone": zone_reference(),
        "domain": "example.com",
        "verification": "vc=1",
        "project": {
            "project_name": "shop-frontend",
            "repository": "example/shop",
            "variables": {"API_URL": "https://api.example.com"},
            "secrets": {"SESSION_KEY": secret()},
        },
    },
    "EscalationPolicy": lambda: {"levels": [{"schedule_ids": [f"P{number}"]} for number in range(4)]},
    "CostGuard": lambda: {
        "environments": [
            {"name": "staging", "monthly_limit": 500.0},
            {"name": "production", "monthly_limit": 4000.0, "last_year_amount": 36000.0},
        ],
        "email_addresses": ["costs@example.com"],
        "topic_arn": f"arn:aws:sns:us-east-1:{ACCOUNT}:costs",
    },
    "ManagedPostgres": managed_postgres,
    "NetworkFlowLogs": lambda: {"region": "us-east-1", "vpc_id": "vpc-1", "account_id": "123456789012"},
    "OverlayNetwork": lambda: {"network_name": "stack_internal"},
    "PostgresMember": lambda: {
        "site": site(),
        "image": "registry.example.com/postgres:0123456789ab",
        "credentials": {"certificate": certificate(), **{name: secret() for name in PASSWORDS}},
    },
    "RedisMember": lambda: {
        "site": site("witness"),
        "image": "registry.example.com/redis:0123456789ab",
        "credentials": {"certificate": certificate(), **{name: secret() for name in REDIS_PASSWORDS}},
    },
    "RegionalBucket": lambda: {
        "account_id": ACCOUNT,
        "region": "us-east-1",
        "bucket_name": "shop-media-us-east-1",
        "access_log_bucket": "shop-logs-us-east-1",
        "object_lock": {"mode": "GOVERNANCE", "days": 7},
    },
    "RegionNetwork": lambda: {"topology": topology(), "place": "east"},
    "RegionPeering": lambda: {
        "requester": peered("east", "us-east-1", "10.1.0.0/16"),
        "accepter": peered("west", "us-west-2", "10.2.0.0/16"),
    },
    "RegionStack": lambda: {
        "site": site(),
        "images": images(),
        "credentials": credentials(),
        "monitoring": monitoring(),
    },
    "ReplicatedBucket": lambda: {"account_id": ACCOUNT, "sides": sides()},
    "RotatingConfig": lambda: {"prefix": "stack_app-conf", "content": "x = 1"},
    "RotatingSecret": lambda: {"prefix": "stack_token", "value": secret(), "rotation_key": secret()},
    "SwarmHosts": swarm_hosts,
    "SecurityGroups": lambda: {"topology": topology(), "place": "east", "vpc_id": "vpc-1"},
    "TwoRegionStack": lambda: {
        "topology": topology(),
        "images": images(),
        "credentials": credentials(),
        "monitoring": monitoring(),
    },
    "WebProxy": lambda: {
        "site": site(),
        "image": "registry.example.com/nginx:0123456789ab",
        "certificate": certificate(),
    },
}
"""A component's name to arguments for it. Made anew each time, since a secret belongs to one run."""
