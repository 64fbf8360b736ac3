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
)
REDIS_PASSWORDS = (
    "application_password",
    "replication_password",
    "sentinel_password",
    "check_password",
    "admin_password",
)
MEMBERS = (
    *("east-etcd-1", "west-etcd-1", "witness-etcd-1"),
    *("east-postgres-1", "east-postgres-2", "west-postgres-1", "west-postgres-2"),
    *("east-nginx", "west-nginx"),
    *("east-redis", "west-redis", "witness-redis"),
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
        for name in ("etcd", "postgres", "haproxy", "nginx", "redis", "api")
    }


def credentials() -> dict[str, Any]:
    """Everything secret."""
    return {
        "rotation_key": secret(),
        "authority": PEM,
        "certificates": {name: {"certificate": PEM, "key": secret(PEM + PLANTED_SECRET)} for name in MEMBERS},
        **{name: secret() for name in PASSWORDS},
        **{f"redis_{name}": secret() for name in REDIS_PASSWORDS},
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
    "Api": lambda: {
        "site": site(),
        "image": "registry.example.com/api:0123456789ab",
        "application_password": secret(),
        "authority": PEM,
    },
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
    "RegionNetwork": lambda: {"topology": topology(), "place": "east"},
    "RegionPeering": lambda: {
        "requester": peered("east", "us-east-1", "10.1.0.0/16"),
        "accepter": peered("west", "us-west-2", "10.2.0.0/16"),
    },
    "RegionStack": lambda: {"site": site(), "images": images(), "credentials": credentials()},
    "RotatingConfig": lambda: {"prefix": "stack_app-conf", "content": "x = 1"},
    "RotatingSecret": lambda: {"prefix": "stack_token", "value": secret(), "rotation_key": secret()},
    "SecurityGroups": lambda: {"topology": topology(), "place": "east", "vpc_id": "vpc-1"},
    "TwoRegionStack": lambda: {"topology": topology(), "images": images(), "credentials": credentials()},
    "WebProxy": lambda: {
        "site": site(),
        "image": "registry.example.com/nginx:0123456789ab",
        "certificate": certificate(),
    },
}
"""A component's name to arguments for it. Made anew each time, since a secret belongs to one run."""
