"""What SmellPin promises its users.

Where a promise names no share of requests (database, Redis, page loads), it is taken for 99 %, and for 95 %
of page loads, whose devices and networks are the users' own. Symptoms page. What users feel only through
something else (database, Redis), and the looser one of two promises on the same thing (P95), make tickets.
"""

from typing import TYPE_CHECKING

from bicoastal.monitoring.severity import Audience, Severity

if TYPE_CHECKING:
    # What compiles them is loaded by whoever does so, and not by each plan.
    from bicoastal.monitoring.objectives import SloArgs
    from bicoastal.monitoring.runbooks import RunbookArgs

API = 'job="api", route=~"/api/.+"'
ANSWERED = f'{API}, status!~"5.."'
"""Errors are counted by the objective on errors, and not as slow or quick ones, too."""

REQUEST_BUCKETS = [0.005, 0.01, 0.025, 0.05, 0.1, 0.2, 0.5, 1.0, 2.0, 5.0]
QUERY_BUCKETS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 3.0]
COMMAND_BUCKETS = [0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.2]
PAGE_BUCKETS = [0.5, 1.0, 1.5, 2.0, 3.0, 5.0, 10.0, 30.0]

UPTIME: "SloArgs" = {
    "name": "uptime",
    "title": "Uptime",
    "objective": 99.9,
    "owner": "operations",
    # Every region hears the same places of the same addresses, and none of them is its own.
    "labels": {"place": "edge"},
    # Samples of 15 s of what most places say: from the first answer on, so that bringing it up is no outage.
    "probes": {"gauge": 'probe:reached:bool{job="probe"}'},
    "measured": 'probe_success{job="probe", probe="public"}',
    "minimum_requests": 20,
    "runbook": {
        "means": "The public addresses do not answer the probes of most places. Users cannot use SmellPin.",
        "look": [
            "Dashboard system-overview: which region is primary, and what in it is not healthy?",
            'Which probes fail: `probe_success{job="probe", probe="public"} == 0`. From one place: its way.',
            "The status pages of Cloudflare, Vercel and AWS.",
        ],
        "act": [
            "A region is lost and the other does not take over within its budget: PostgresNoPrimary.",
            "Both regions are healthy and the edge does not reach them: look at its pools and its DNS.",
            "The API fails since a deploy: deploy the version before it.",
        ],
    },
}
ERROR_RATE: "SloArgs" = {
    "name": "error-rate",
    "title": "Errors",
    "objective": 99.9,
    "owner": "api",
    "part": "api",
    "counters": {
        "total": f"http_requests_total{{{API}}}",
        "bad": f'http_requests_total{{{API}, status=~"5.."}}',
    },
    "measured": 'http_requests_total{job="api"}',
    "examples": {"route": "/api/pins"},
    "runbook": {
        "means": "The API answers requests with errors of its own (5xx). Users' requests fail.",
        "look": [
            'By `route` and `colour`: `rate(http_requests_total{job="api", status=~"5.."}[5m])`.',
            "Dashboard postgres: is there a primary, and who is it? Without one, writes are 503.",
            "The API's log of that colour.",
        ],
        "act": [
            "Only the live colour fails since a deploy: switch back by deploying the version before it.",
            "No primary: see the runbook of Postgres.",
            "Only payments fail: see the runbook of the objective on payments.",
        ],
    },
}
_SLOW: "RunbookArgs" = {
    "means": "The API answers too slowly. Users wait.",
    "look": [
        "Dashboard `api-performance`: which route, since when, in which region?",
        "The database: does its objective burn, too? Then see its runbook.",
        "Is the cache down (`cache_requests_total`: `error`, `off`)? Then every read asks the database.",
        "The hosts: processor, memory, and how long requests queue in HAProxy.",
    ],
    "act": [
        "More load than usual: raise the workers' `min` and `max` (in staging `api.replicas`), and apply.",
        "Since a deploy: deploy the version before it.",
        "The database or the cache is slow: see their runbooks.",
    ],
}
LATENCY_P99: "SloArgs" = {
    "name": "latency-p99",
    "title": "P99 below 500 ms",
    "objective": 99,
    "owner": "api",
    "part": "api",
    "group_by": ["route"],
    "latency": {
        "histogram": f"http_request_duration_seconds{{{ANSWERED}}}",
        "threshold_s": 0.5,
        "buckets": REQUEST_BUCKETS,
    },
    "measured": 'http_request_duration_seconds_count{job="api"}',
    "examples": {"route": "/api/pins"},
    "runbook": _SLOW,
}
LATENCY_P95: "SloArgs" = {
    **LATENCY_P99,
    "name": "latency-p95",
    "title": "P95 below 200 ms",
    "objective": 95,
    "severity": Severity.WARNING,
    "latency": {
        "histogram": f"http_request_duration_seconds{{{ANSWERED}}}",
        "threshold_s": 0.2,
        "buckets": REQUEST_BUCKETS,
    },
}
DATABASE: "SloArgs" = {
    "name": "database",
    "title": "Database queries below 100 ms",
    "objective": 99,
    "owner": "operations",
    "part": "postgres",
    "severity": Severity.WARNING,
    "latency": {
        "histogram": 'database_query_duration_seconds{job="api"}',
        "threshold_s": 0.1,
        "buckets": QUERY_BUCKETS,
    },
    "runbook": {
        "means": "Queries take too long, as the API sees them: with the wait for a connection, and of a "
        "write with the wait for its synchronous copy.",
        "look": [
            "`database_query_duration_seconds` by `query`: is it writes alone? Then replication is slow.",
            "Dashboard `postgres`: connections, locks, cache hits, lag.",
            "In `psql`: `select pid, query_start, query from pg_stat_activity order by 2 limit 9`.",
        ],
        "act": [
            "One query holds the others up: `select pg_cancel_backend(pid)`.",
            "The synchronous copy is slow or far: see the runbook of replication.",
            "The disk is slow or full: see the runbook of hosts.",
        ],
    },
}
CACHE: "SloArgs" = {
    "name": "redis",
    "title": "Redis commands below 10 ms",
    "objective": 99,
    "owner": "operations",
    "part": "redis",
    "severity": Severity.WARNING,
    "latency": {
        "histogram": 'cache_command_duration_seconds{job="api"}',
        "threshold_s": 0.01,
        "buckets": COMMAND_BUCKETS,
    },
    "runbook": {
        "means": "Redis answers too slowly, as the API sees it. Parts of the map come later; without Redis "
        "they come from the database.",
        "look": [
            "Dashboard failover: is the master in the other region? The way there takes longer than 10 ms.",
            "`SLOWLOG GET 10` on the master.",
            "Memory and evictions: `redis_memory_used_bytes`, `redis_evicted_keys_total`.",
        ],
        "act": [
            "The master is in the other region: bring it home (docs/cache.md).",
            "Memory is at its limit: raise it, or keep less.",
        ],
    },
}
PAYMENTS: "SloArgs" = {
    "name": "payments",
    "title": "Payments that succeed",
    "objective": 99.8,
    "owner": "business",
    "audience": Audience.BUSINESS,
    "minimum_requests": 50,
    "counters": {
        # A card that its bank declines is no failure of ours.
        "total": 'payments_total{job="api", result!="declined"}',
        "bad": 'payments_total{job="api", result="failure"}',
    },
    "examples": {"result": "failure"},
    "runbook": {
        "means": "Payments fail, other than by being declined. Money does not come in.",
        "look": [
            "The status page of the payment provider.",
            'In which region: `sum by (region) (rate(payments_total{job="api", result="failure"}[5m]))`.',
            "The API's log of `/api/payments`.",
        ],
        "act": [
            "The provider fails: tell those who answer for the product, and show users a notice.",
            "Since a deploy: deploy the version before it.",
        ],
    },
}
PAGE_LOADS: "SloArgs" = {
    "name": "page-loads",
    "title": "Pages that load within 3 s",
    "objective": 95,
    "owner": "business",
    "audience": Audience.BUSINESS,
    "severity": Severity.WARNING,
    "latency": {
        "histogram": 'page_load_duration_seconds{job="api"}',
        "threshold_s": 3,
        "buckets": PAGE_BUCKETS,
    },
    "runbook": {
        "means": "Browsers tell that pages load too slowly. Users leave.",
        "look": [
            "Does the API answer slowly, too? Then see its runbook.",
            "The frontend's last deployment at Vercel: is a page bigger than it was?",
            "Does Cloudflare still answer from its cache?",
        ],
        "act": [
            "Since a deployment of the frontend: promote the one before it.",
            "The cache at the edge is missed: look at its rules and at the answers' `Cache-Control`.",
        ],
    },
}
SLOS: "list[SloArgs]" = [UPTIME, ERROR_RATE, LATENCY_P99, LATENCY_P95, DATABASE, CACHE, PAYMENTS, PAGE_LOADS]
