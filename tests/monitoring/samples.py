"""Declarations of objectives, one for each kind of indicator."""

from bicoastal.monitoring.objectives import Slo, SloArgs
from bicoastal.monitoring.runbooks import RunbookArgs

RUNBOOK: RunbookArgs = {
    "means": "Users see errors.",
    "look": ["`bicoastal status`"],
    "act": ["Switch to the other colour."],
}
API = 'job="api", route=~"/api/.+"'
ERRORS: SloArgs = {
    "name": "error-rate",
    "objective": 99.9,
    "owner": "api",
    "runbook": RUNBOOK,
    "counters": {
        "total": f"http_requests_total{{{API}}}",
        "bad": f'http_requests_total{{{API}, status=~"5.."}}',
    },
}
PAYMENTS: SloArgs = {
    "name": "payments",
    "objective": 99.8,
    "owner": "shop",
    "runbook": RUNBOOK,
    "counters": {"total": "payments_total", "good": 'payments_total{result="success"}'},
}
LATENCY: SloArgs = {
    "name": "latency-p99",
    "objective": 99,
    "owner": "api",
    "runbook": RUNBOOK,
    "group_by": ["route"],
    "latency": {
        "histogram": f"http_request_duration_seconds{{{API}}}",
        "threshold_s": 1,
        "buckets": [0.1, 0.5, 1, 2.5],
    },
}
UPTIME: SloArgs = {
    "name": "uptime",
    "objective": 99.9,
    "owner": "operations",
    "runbook": RUNBOOK,
    "minimum_requests": 30,
    "probes": {"gauge": 'probe_success{job="probe", probe="public"}'},
}
ALL = (ERRORS, PAYMENTS, LATENCY, UPTIME)


def slo(declared: SloArgs = ERRORS, **changed: object) -> Slo:
    """One of them with some keys changed; a key whose value is None is left out."""
    both = {**declared, **changed}
    return Slo.of({key: value for key, value in both.items() if value is not None})  # type: ignore[typeddict-item]
