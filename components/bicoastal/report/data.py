"""The report as data for programs: each figure with the query behind it, and null where there is none."""

from collections.abc import Mapping
from typing import Any

from ..monitoring.objectives.incidents import OPENED_BY
from .incidents import Incident, Incidents
from .latency import Endpoint
from .objectives import Held
from .period import moment
from .questions import WATCHED, Questions
from .report import Report

Data = Mapping[str, Any]


def data(report: Report) -> Data:
    """What `--format json` prints. Times are in seconds, shares from 0 to 1."""
    asked = report.asked
    return {
        "period": report.span.period.value,
        "start": moment(report.span.start_s),
        "end": moment(report.span.end_s),
        "seconds": report.span.seconds,
        "prometheus": [
            *({"name": each.name, "url": each.url, "answered": True} for each in report.heard),
            *({"name": None, "url": each.url, "answered": False, "why": each.why} for each in report.silent),
        ],
        "objectives": [_held(each, asked) for each in report.objectives],
        "latency": [_endpoint(each, asked) for each in report.endpoints],
        "incidents": _incidents(report.incidents),
    }


def _figure(value: float | None, query: str, missing: str = "") -> Data:
    return {"value": value, "query": query, **({"missing": missing} if value is None else {})}


def _held(held: Held, asked: Questions) -> Data:
    good, promised = asked.good(held.slo, held.group), asked.promised(held.slo)
    return {
        "slo": held.slo,
        "group": dict(held.group),
        "promised": _figure(held.promised, promised),
        "good": _figure(held.good, good, held.missing),
        "is_held": held.is_held,
        "events": _figure(held.events if held.is_measured else None, asked.total, held.missing),
        "failed": _figure(held.failed if held.is_measured else None, asked.errors, held.missing),
        "allowed_downtime_s": _figure(held.allowed_s, promised),
        "used_downtime_s": _figure(held.used_s, good, held.missing),
        "error_budget_left": _figure(held.left, good, held.missing),
        "measured": {place: _figure(share, asked.tiles) for place, share in held.measured.items()},
    }


def _endpoint(endpoint: Endpoint, asked: Questions) -> Data:
    return {
        "endpoint": endpoint.name,
        "requests": _figure(endpoint.requests, asked.buckets),
        **{
            f"p{share * 100:.0f}_s": {
                **_figure(found.seconds, asked.quantile(share)),
                "is_over": found.is_over,
            }
            for share, found in endpoint.quantiles.items()
        },
    }


def _incidents(incidents: Incidents) -> Data:
    none = "no incident that is over" if incidents.watched else "no data"
    return {
        "count": _figure(len(incidents.found) if incidents.is_known else None, OPENED_BY, "no data"),
        "watched": _figure(incidents.watched, WATCHED),
        "mttr_s": _figure(incidents.mttr_s, OPENED_BY, none),
        "mtbf_s": _figure(incidents.mtbf_s, OPENED_BY, none),
        "found": [_incident(each) for each in incidents.found],
    }


def _incident(incident: Incident) -> Data:
    return {
        "start": moment(incident.start_s),
        "end": None if incident.is_open else moment(incident.end_s),
        "seconds": incident.seconds,
        "alerts": list(incident.alerts),
    }
