"""Wrong settings of the balancers: the arguments that hold one, and what its error must say."""

from typing import Any

from tests.library.arguments import ARGUMENTS
from tests.library.samples import certificate
from tests.library.wrong.table import Wrong


def _redis_route(**health: Any) -> dict[str, Any]:
    server = {"name": "one", "address": "10.1.0.10", "port": 6380, "check_port": 6380}
    return {"name": "redis", "port": 6379, "servers": [server], "health": {"protocol": "redis", **health}}


def _tls() -> dict[str, Any]:
    return {key: certificate()[key] for key in ("certificate", "key")}


def _two_published() -> list[dict[str, Any]]:
    return [
        {"name": name, "service": name, "port": 8000, "listen": port, "health": {"path": "/ready"}}
        for name, port in (("one", 8080), ("two", 8090))
    ]


WRONG: Wrong = {
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
    "TLS for two routes": (
        lambda: ("Balancer", {**ARGUMENTS["Balancer"](), "tls": _tls(), "http_routes": _two_published()}),
        "tls",
        "one, two",
        "one published route",
    ),
    "TLS on a port that is taken": (
        lambda: ("Balancer", {**ARGUMENTS["Balancer"](), "tls": {**_tls(), "port": 5432}}),
        "ports",
        "5432",
        "each port once",
    ),
    "a balancer without a host": (
        lambda: ("Balancer", {**ARGUMENTS["Balancer"](), "number": 2}),
        "number",
        "2",
        "1 to 1",
    ),
}
