"""The API: its tasks, its colours as HAProxy sees them, its answers.

These are tickets. Users' pain is paged by the objectives.
"""

from functools import partial

from ..rules import Alert, RuleGroup
from .cause import LOGS, MORE_TASKS, SERVICES, STATUS, cause
from .parts import Parts
from .thresholds import Thresholds

PART = "api"
API_ERRORS = "ApiErrors"
COLOURS = 'proxy=~"api-(blue|green)"'
OWN = 'job="api", route!~"/region-health|/ready|/health|/metrics"'
"""Users' requests: a secondary answers 503 to the edge's probes as it should."""

_cause = partial(cause, part=PART)
_TARGET = 'instance="10.1.0.5:8000", job="api", place="east"'
_BALANCER = 'instance="10.0.0.1:8404", job="haproxy", place="east"'
_BALANCER_AT = {"instance": "10.0.0.1:8404", "job": "haproxy", "place": "east"}
_BACK = "Users go back to the other colour with `live-colour blue` (or green) in every balancer's container."


def api(t: Thresholds, parts: Parts) -> RuleGroup:
    """Rules on the API."""
    return RuleGroup(
        name=PART,
        rules=[
            _task_down(),
            _colour_down(),
            *([_task_alone()] if parts.api_redundant else []),
            _errors(t),
            _saturated(t),
            _cache_errors(t),
        ],
    )


def _task_down() -> Alert:
    return _cause(
        "ApiTaskDown",
        expr='up{job="api"} == 0',
        hold_s=120,
        summary="API task {{ $labels.instance }} in {{ $labels.place }} does not answer",
        description="Its name is known, so it runs, but its metrics have not been there for 2 min.",
        means="The balancers send it nothing. The others have its load.",
        look=[SERVICES, LOGS],
        act=["`docker service update --force SERVICE` of its colour.", _BACK],
        given={f"up{{{_TARGET}}}": "1x20 0x400"},
        fires=[{"instance": "10.1.0.5:8000", "job": "api", "place": "east"}],
        otherwise={f"up{{{_TARGET}}}": "1x20 0x4 1x400"},
    )


def _colour_down() -> Alert:
    servers = f'haproxy_backend_active_servers{{proxy="api-green", {_BALANCER}}}'
    return _cause(
        "ApiColourDown",
        expr=f"haproxy_backend_active_servers{{{COLOURS}}} == 0",
        hold_s=60,
        summary="No task of {{ $labels.proxy }} in {{ $labels.place }} answers {{ $labels.instance }}",
        description="All of the colour's tasks fail the balancer's check, for 60 s.",
        means="Is it the live colour, then the region says 503 to the edge, and users go to the other one. "
        "Is it the idle one, then there is no way back, and no deploy.",
        look=["`live-colour` in a balancer's container prints which one is live.", SERVICES, LOGS],
        act=[_BACK, "Deploy an image that works."],
        given={servers: "2x20 0x400"},
        fires=[{**_BALANCER_AT, "proxy": "api-green"}],
        otherwise={servers: "2x20 0x2 2x400"},
    )


def _task_alone() -> Alert:
    servers = f'haproxy_backend_active_servers{{proxy="api-green", {_BALANCER}}}'
    # When none is left, ApiColourDown tells. How many there should be is no part of the rule: else Prometheus
    # would start anew whenever somebody scales.
    return _cause(
        "ApiTaskAlone",
        expr=f"haproxy_backend_active_servers{{{COLOURS}}} == 1",
        hold_s=600,
        summary="One task of {{ $labels.proxy }} is left in {{ $labels.place }}",
        description="{{ $labels.instance }} has had no other for 10 min.",
        means="It has all the load, and the next loss takes the colour along.",
        look=[SERVICES, LOGS, "A worker's loss takes the tasks on it along: `docker node ls` on a manager."],
        act=["Find why tasks are not started: memory, placement, image, too few workers."],
        given={servers: "2x20 1x400"},
        fires=[{**_BALANCER_AT, "proxy": "api-green"}],
        otherwise={servers: "2x20 1x5 2x400"},
    )


def _errors(t: Thresholds) -> Alert:
    by = "sum by (region, colour, place)"
    requests = f'region="east", colour="blue", method="GET", route="/api/pins", {_TARGET}'
    failed = f'http_requests_total{{status="503", {requests}}}'
    return _cause(
        API_ERRORS,
        expr=f'{by} (rate(http_requests_total{{{OWN}, status=~"5.."}}[5m])) '
        f"/ ({by} (rate(http_requests_total{{{OWN}}}[5m])) > {t.requests_per_s:g}) > {t.errors:g}",
        hold_s=300,
        summary="The API ({{ $labels.colour }}) in {{ $labels.region }} answers with errors",
        description="{{ $value | humanizePercentage }} of its answers to users are 5xx, for 5 min.",
        means="Requests fail. Without a primary every write does; that alert silences this one.",
        look=[STATUS, LOGS, "Dashboard api-performance: which route?"],
        act=["Is the database or the cache at fault, go on with its alert.", _BACK],
        given={
            f'http_requests_total{{status="200", {requests}}}': "0+100x400",
            failed: f"0+{100 * t.errors * 2:g}x400",
        },
        fires=[{"region": "east", "colour": "blue", "place": "east"}],
        otherwise={failed: f"0+{100 * t.errors / 2:g}x400"},
    )


def _saturated(t: Thresholds) -> Alert:
    sessions = f'haproxy_backend_current_sessions{{proxy="api-blue", {_BALANCER}}}'
    return _cause(
        "ApiSaturated",
        expr=f"haproxy_backend_current_sessions{{{COLOURS}}} / "
        f"(haproxy_backend_active_servers{{{COLOURS}}} > 0) "
        f"> {t.sessions_per_task}",
        hold_s=300,
        summary="{{ $labels.proxy }} in {{ $labels.place }} is at its limit",
        description="{{ $value | humanize }} requests are under way for each task, for 5 min.",
        means="A task answers no more at one time; what comes beyond waits.",
        look=["Dashboard api-performance: more requests, or slower ones?"],
        act=[f"More tasks: {MORE_TASKS}.", "The workers' group may be at its `max`."],
        given={
            sessions: f"{2 * t.sessions_per_task + 2}x400",
            f'haproxy_backend_active_servers{{proxy="api-blue", {_BALANCER}}}': "2x400",
        },
        fires=[{**_BALANCER_AT, "proxy": "api-blue"}],
        otherwise={sessions: f"{t.sessions_per_task}x400"},
    )


def _cache_errors(t: Thresholds) -> Alert:
    by = "sum by (region, colour, place)"
    failed = f'cache_requests_total{{result="error", region="east", colour="blue", {_TARGET}}}'
    return _cause(
        "ApiCacheErrors",
        expr=f'{by} (rate(cache_requests_total{{result=~"error|off"}}[5m])) '
        f"/ ({by} (rate(cache_requests_total[5m])) > {t.requests_per_s:g}) > {t.cache_errors:g}",
        hold_s=300,
        summary="The API ({{ $labels.colour }}) in {{ $labels.region }} gets no answers from its cache",
        description="{{ $value | humanizePercentage }} of its questions fail or are not asked, for 5 min.",
        means="Users are served from the database: slower, and it has more to do.",
        look=["Is there a master of Redis? RedisRouteWithoutServer, RedisNoMaster."],
        act=["Mend Redis; the API finds it again by itself."],
        given={
            f'cache_requests_total{{result="hit", region="east", colour="blue", {_TARGET}}}': "0+100x400",
            failed: f"0+{200 * t.cache_errors:g}x400",
        },
        fires=[{"region": "east", "colour": "blue", "place": "east"}],
        otherwise={failed: f"0+{100 * t.cache_errors / 2:g}x400"},
    )
