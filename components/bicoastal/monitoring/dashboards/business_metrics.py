"""What the product does for those who use it."""

from collections.abc import Sequence

from ..objectives import Slo
from .dashboard import Row, dashboard
from .objectives import row_of
from .panels import BAD, lines, numbers
from .queries import FAILED, OF_USERS, rate, select

JOBS = ("api", "probe")
_PUBLIC = 'probe="public"'
_DONE = 'status=~"[23].."'
_CHANGES = 'method=~"POST|PUT|PATCH|DELETE"'


def business_metrics(slos: Sequence[Slo]) -> str:
    """For who answers for the product; a row for each objective that concerns them."""
    return dashboard(
        "business-metrics",
        "Business metrics",
        "What the product does for those who use it.",
        JOBS,
        [*map(row_of, slos), _use(), _page()],
    )


def _use() -> Row:
    asked = lines(
        "What is used",
        "Requests that succeeded, by route and per minute.",
        "rpm",
        {
            "{{method}} {{route}}": "sum by (method, route)"
            f" ({rate('http_requests_total', OF_USERS, _DONE)}) * 60"
        },
    )
    kept = lines(
        "Changes that were kept",
        "Writes that the API acknowledged, per minute.",
        "wpm",
        {"{{region}}": f"sum by (region) ({rate('acknowledged_writes_total')}) * 60"},
    )
    changes = f"sum({rate('http_requests_total', OF_USERS, _CHANGES)})"
    failed = f"sum({rate('http_requests_total', OF_USERS, _CHANGES, FAILED)})"
    refused = lines(
        "Changes that failed",
        "The share of users' writes that the API could not do.",
        "percentunit",
        {"failed": f"{failed} / {changes}"},
        steps=[(0.002, BAD)],
    )
    today = numbers(
        "Changes in the span",
        "Writes that were acknowledged in the span of time that is shown.",
        "short",
        {"writes": f"sum(increase({select('acknowledged_writes_total')}[$__range]))"},
    )
    return Row("Use", [[asked, kept], [refused, today]])


def _page() -> Row:
    whole = lines(
        "Time to load",
        "How long each public address takes to answer, asked from every place.",
        "s",
        {"{{instance}} from {{from}}": select("probe_duration_seconds", _PUBLIC)},
        steps=[(3, BAD)],
    )
    phases = lines(
        "Where the time goes",
        "Finding the name, connecting, agreeing on keys, waiting, and reading, on average.",
        "s",
        {"{{phase}}": f"avg by (phase) ({select('probe_http_duration_seconds', _PUBLIC)})"},
    )
    return Row("The page", [[whole, phases]])
