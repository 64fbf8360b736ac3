"""The API: what is asked, how fast it answers, and where the time goes."""

from collections.abc import Sequence

from ..objectives import Slo
from .dashboard import Row, dashboard
from .objectives import row_of
from .panels import BAD, DOUBTFUL, lines, numbers
from .queries import FAILED, OF_USERS, quantile, rate, select

JOBS = ("api", "haproxy")
_REQUESTS, _SECONDS = "http_requests_total", "http_request_duration_seconds"
_5XX, _HIT = 'code="5xx"', 'result="hit"'
_FAST, _SLOW = (0.2, DOUBTFUL), (0.5, BAD)


def api_performance(slos: Sequence[Slo]) -> str:
    """For who answers for the API; a row for each of its objectives."""
    return dashboard(
        "api-performance",
        "API performance",
        "What the API is asked, how fast it answers, and where the time goes.",
        JOBS,
        [*map(row_of, slos), _requests(), _latency(), _balancers(), _cache()],
    )


def _requests() -> Row:
    routes = lines(
        "Requests by route",
        "What users ask for.",
        "reqps",
        {"{{method}} {{route}}": f"sum by (method, route) ({rate(_REQUESTS, OF_USERS)})"},
    )
    answers = lines(
        "Answers by status",
        "What they get.",
        "reqps",
        {"{{status}}": f"sum by (status) ({rate(_REQUESTS, OF_USERS)})"},
    )
    failed = lines(
        "Failed requests by route",
        "The share that was answered with a 5xx.",
        "percentunit",
        {
            "{{route}}": f"sum by (route) ({rate(_REQUESTS, OF_USERS, FAILED)})"
            f" / sum by (route) ({rate(_REQUESTS, OF_USERS)})"
        },
        steps=[(0.001, BAD)],
    )
    colours = lines(
        "Requests by colour",
        "Which of the two deployments answers. Both for a moment, while one is switched to the other.",
        "reqps",
        {"{{region}} {{colour}}": f"sum by (region, colour) ({rate(_REQUESTS, OF_USERS)})"},
    )
    return Row("Requests", [[routes, answers], [failed, colours]])


def _latency() -> Row:
    whole = lines(
        "Time to answer",
        "What 50, 95 and 99 of 100 requests stay under.",
        "s",
        {f"P{share * 100:.0f}": quantile(share, _SECONDS, OF_USERS) for share in (0.5, 0.95, 0.99)},
        steps=[_FAST, _SLOW],
    )
    tasks = lines(
        "P99 by task",
        "One that is slower than the others: look at its host.",
        "s",
        {"{{instance}}": quantile(0.99, _SECONDS, OF_USERS, by="instance")},
        steps=[_SLOW],
    )
    usual, slowest = (
        lines(
            f"P{share * 100:.0f} by route",
            f"What {share * 100:.0f} of 100 requests of each route stay under.",
            "s",
            {"{{route}}": quantile(share, _SECONDS, OF_USERS, by="route")},
            steps=[step],
        )
        for share, step in ((0.95, _FAST), (0.99, _SLOW))
    )
    return Row("Latency", [[whole, tasks], [usual, slowest]])


def _balancers() -> Row:
    by_backend = "by (place, proxy)"
    response = lines(
        "Time behind the balancers",
        "From sending a request on to the first byte of its answer, over each backend's last 1024 requests.",
        "s",
        {
            "{{place}} {{proxy}}": f"max {by_backend}"
            f" ({select('haproxy_backend_response_time_average_seconds')})"
        },
    )
    queue = lines(
        "Waiting in the balancers",
        "Requests for which no server was free.",
        "none",
        {"{{place}} {{proxy}}": f"sum {by_backend} ({select('haproxy_backend_current_queue')})"},
        steps=[(1, DOUBTFUL)],
    )
    failed = lines(
        "5xx from the balancers",
        "What left each of them, also where no API answered.",
        "reqps",
        {"{{place}} {{proxy}}": f"sum {by_backend} ({rate('haproxy_frontend_http_responses_total', _5XX)})"},
    )
    again = lines(
        "Sent again",
        "Requests that a server did not take and another got.",
        "reqps",
        {"{{place}} {{proxy}}": f"sum {by_backend} ({rate('haproxy_backend_redispatch_warnings_total')})"},
    )
    return Row("Balancers", [[response, queue], [failed, again]])


def _cache() -> Row:
    result = f"sum by (result) ({rate('cache_requests_total')})"
    asked = lines("Cache", "How the cache answered the API, per second.", "reqps", {"{{result}}": result})
    hits = numbers(
        "Found in the cache",
        "The share of what it was asked.",
        "percentunit",
        {"hits": f"sum({rate('cache_requests_total', _HIT)}) / sum({rate('cache_requests_total')})"},
    )
    return Row("Cache", [[asked, hits]])
