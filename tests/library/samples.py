"""What valid arguments are made of: places, certificates, secrets, declarations, as tests vary them."""

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
