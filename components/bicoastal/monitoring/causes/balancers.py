"""HAProxy, by its own metrics."""

from functools import partial

from ..rules import Alert, RuleGroup
from .cause import LOGS, MORE_TASKS, SERVICES, STATUS, cause
from .thresholds import Thresholds

PART = "haproxy"
BALANCER_DOWN = "BalancerDown"
PRIMARY_UNREACHED = "PrimaryRouteWithoutServer"
FRONTEND = "web"
"""The frontend that users reach."""
POSTGRES_ROUTE, REDIS_ROUTE = "postgres", "redis"

_cause = partial(cause, part=PART)
_AT = {"instance": "10.0.0.1:8404", "job": "haproxy", "place": "east"}
_TARGET = 'instance="10.0.0.1:8404", job="haproxy", place="east"'
_SERVERS = (
    "In the balancer's container: `echo 'show servers state' | socat - /run/haproxy/admin.sock`, "
    "and `show stat` in the same way."
)


def balancers(t: Thresholds) -> RuleGroup:
    """Rules on balancers."""
    return RuleGroup(
        name=PART,
        rules=[
            _down(),
            *_routes(),
            _queue(t),
            _sessions(t),
            _errors(t),
            _flapping(t),
            _connections(t),
            _restarts(t),
        ],
    )


def _down() -> Alert:
    return _cause(
        BALANCER_DOWN,
        expr='up{job="haproxy"} == 0',
        hold_s=60,
        summary="Balancer {{ $labels.instance }} in {{ $labels.place }} does not answer",
        description="HAProxy's metrics have not been there for 60 s.",
        means="What came in through it goes to the place's other balancers, or to the other region.",
        look=[STATUS, SERVICES, LOGS],
        act=["`docker service update --force SERVICE` of the balancer.", "Look for a host that is down."],
        given={f"up{{{_TARGET}}}": "1x10 0x400"},
        fires=[_AT],
        otherwise={f"up{{{_TARGET}}}": "1x10 0x2 1x400"},
    )


def _routes() -> list[Alert]:
    def without(
        name: str, route: str, hold_s: int, what: str, means: str, look: str, act: list[str]
    ) -> Alert:
        servers = f'haproxy_backend_active_servers{{proxy="{route}", {_TARGET}}}'
        return _cause(
            name,
            expr=f'haproxy_backend_active_servers{{proxy="{route}"}} == 0',
            hold_s=hold_s,
            summary=f"{{{{ $labels.instance }}}} in {{{{ $labels.place }}}} finds no {what}",
            description=f"None of the servers of its route to the {what} passes the check, for {hold_s} s.",
            means=means,
            look=[look, _SERVERS],
            act=act,
            given={servers: "1x20 0x400"},
            fires=[{**_AT, "proxy": route}],
            otherwise={servers: "1x20 0x2 1x400"},
        )

    return [
        without(
            PRIMARY_UNREACHED,
            POSTGRES_ROUTE,
            90,
            "primary of Postgres",
            "The region's API can write nothing. A failover takes less than this.",
            STATUS,
            [
                "Without a primary go on with PostgresNoPrimary.",
                "With one, it is the way to it: security groups, the link between the regions, certificates.",
            ],
        ),
        without(
            "RedisRouteWithoutServer",
            REDIS_ROUTE,
            60,
            "master of Redis",
            "The region's API works without its cache: slower, and the database has more to do.",
            "Is there a master (RedisNoMaster), and has it a replica? One without takes no writes.",
            ["Without a master go on with RedisNoMaster.", "With one, look at the way to it."],
        ),
    ]


def _queue(t: Thresholds) -> Alert:
    queue = f'haproxy_backend_current_queue{{proxy="api-blue", {_TARGET}}}'
    return _cause(
        "BalancerQueue",
        expr=f"haproxy_backend_current_queue > {t.queue}",
        hold_s=120,
        summary="Requests to {{ $labels.proxy }} wait in {{ $labels.instance }} in {{ $labels.place }}",
        description="{{ $value }} requests wait for a free server. After 2 s each is answered 503.",
        means="The servers behind are too few, or too slow.",
        look=[_SERVERS, "Dashboard api-performance: requests and latency of each route."],
        act=[
            f"More tasks: {MORE_TASKS}.",
            "Was there a deploy? `live-colour` goes back by hand.",
        ],
        given={queue: f"0x20 {t.queue + 5}x400"},
        fires=[{**_AT, "proxy": "api-blue"}],
        otherwise={queue: f"{t.queue}x400"},
    )


def _sessions(t: Thresholds) -> Alert:
    current = f"haproxy_process_current_connections{{{_TARGET}}}"
    return _cause(
        "BalancerSessionsNearLimit",
        expr="haproxy_process_current_connections / (haproxy_process_max_connections > 0) "
        f"> {t.sessions_used:g}",
        hold_s=120,
        summary="Balancer {{ $labels.instance }} in {{ $labels.place }} runs out of connections",
        description="{{ $value | humanizePercentage }} are used.",
        means="At the limit new users wait unanswered, and the edge's probes with them.",
        look=[
            "`echo 'show info' | socat - /run/haproxy/admin.sock` in its container: `CurrConns`, `MaxConn`."
        ],
        act=[
            "Is it an attack? The edge's rules limit who comes.",
            "Raise `maximum_connections` of the balancer and apply.",
        ],
        given={
            current: f"{4000 * (t.sessions_used + 1) / 2:.0f}x400",
            f"haproxy_process_max_connections{{{_TARGET}}}": "4000x400",
        },
        fires=[_AT],
        otherwise={current: f"{4000 * t.sessions_used / 2:.0f}x400"},
    )


def _errors(t: Thresholds) -> Alert:
    answers = f'haproxy_frontend_http_responses_total{{proxy="{FRONTEND}"'
    failed = f'sum by (place) (rate({answers}, code="5xx"}}[5m]))'
    total = f"sum by (place) (rate({answers}}}[5m]))"
    # A secondary answers the edge's probes 503 as it should, and has hardly any other requests.
    meant = 'sum by (place) (rate(http_requests_total{route="/region-health", status="503"}[5m]))'
    return _cause(
        "BalancerErrors",
        expr=f"({failed} - ({meant} or 0 * {total})) / ({total} > {t.requests_per_s:g}) > {t.errors:g}",
        hold_s=300,
        summary="{{ $labels.place }} answers users with errors",
        description="{{ $value | humanizePercentage }} of the answers are 5xx, for 5 min; the answers 503 by "
        "which a region without the primary sends its users away are not among them.",
        means="Users see errors. How many may, the objectives' alerts say.",
        look=[STATUS, "The balancer's log: its termination codes say who failed."],
        act=[
            "Find the part that fails by its own alert.",
            "After a deploy: `live-colour` goes back by hand.",
        ],
        given={
            f'{answers}, code="2xx", {_TARGET}}}': "0+100x400",
            f'{answers}, code="5xx", {_TARGET}}}': f"0+{100 * t.errors * 2:g}x400",
        },
        fires=[{"place": "east"}],
        otherwise={
            f'{answers}, code="5xx", {_TARGET}}}': "0+100x400",
            'http_requests_total{instance="a:8000", job="api", place="east", route="/region-health", '
            'status="503"}': "0+100x400",
        },
    )


def _flapping(t: Thresholds) -> Alert:
    changes = f'haproxy_server_check_up_down_total{{proxy="nginx", server="nginx-1", {_TARGET}}}'
    return _cause(
        "BackendServerFlaps",
        expr=f"increase(haproxy_server_check_up_down_total[15m]) > {t.flaps}",
        summary="{{ $labels.server }} comes and goes for {{ $labels.instance }} in {{ $labels.place }}",
        description="It failed its checks {{ $value | humanize }} times within 15 min.",
        means="Requests that it was answering fail each time.",
        look=[_SERVERS, LOGS],
        act=[
            "Is its host short of CPU or memory? These have alerts of their own.",
            "Take the last deploy back.",
        ],
        given={changes: f"0x150 0+{(t.flaps + 2) / 20:g}x20 {t.flaps + 2}x250"},
        fires=[{**_AT, "proxy": "nginx", "server": "nginx-1"}],
        otherwise={changes: f"0x150 {t.flaps - 1}x250"},
    )


def _connections(t: Thresholds) -> Alert:
    errors = f'haproxy_backend_connection_errors_total{{proxy="api-blue", {_TARGET}}}'
    tries = f'haproxy_backend_connection_attempts_total{{proxy="api-blue", {_TARGET}}}'
    return _cause(
        "BackendConnectionsFail",
        expr="rate(haproxy_backend_connection_errors_total[5m]) "
        f"/ (rate(haproxy_backend_connection_attempts_total[5m]) > {t.requests_per_s:g}) > {t.errors:g}",
        hold_s=300,
        summary="{{ $labels.instance }} in {{ $labels.place }} often cannot connect to {{ $labels.proxy }}",
        description="{{ $value | humanizePercentage }} of its connections fail; each is tried once more.",
        means="Latency grows by the timeout of a connection (0.5 s), and some requests fail.",
        look=[_SERVERS, "Does the network of the place's Swarm work? `docker network inspect NETWORK`."],
        act=["Restart the tasks that refuse connections.", f"Are they full? More tasks: {MORE_TASKS}."],
        given={errors: f"0+{100 * t.errors * 2:g}x400", tries: "0+100x400"},
        fires=[{**_AT, "proxy": "api-blue"}],
        otherwise={errors: f"0+{100 * t.errors / 2:g}x400"},
    )


def _restarts(t: Thresholds) -> Alert:
    start = f"haproxy_process_start_time_seconds{{{_TARGET}}}"
    return _cause(
        "BalancerRestarts",
        expr=f"changes(haproxy_process_start_time_seconds[30m]) >= {t.restarts}",
        summary="Balancer {{ $labels.instance }} in {{ $labels.place }} starts again and again",
        description="{{ $value }} times within 30 min.",
        means="Each start cuts its open connections, and it must learn the live colour anew.",
        look=[SERVICES, LOGS],
        act=[
            "`haproxy -c -f /etc/haproxy/haproxy.cfg` in its container.",
            "Take the last change back and apply.",
        ],
        given={
            start: f"1000x120 2000x{80 // t.restarts} " + " ".join(f"{3000 + n}x3" for n in range(t.restarts))
        },
        fires=[_AT],
        otherwise={start: "1000x150 2000x250"},
        after_s=15 * (125 + 80 // t.restarts + 4 * t.restarts),
    )
