"""The whole on one page: is it well, and if not, where to look next."""

from .dashboard import ONE_REGION, Row, dashboard
from .objectives import incidents, summary
from .panels import BAD, DOUBTFUL, GOOD, lines, numbers, states
from .queries import FAILED, OF_USERS, quantile, rate, select

JOBS = (
    "alertmanager",
    "api",
    "blackbox",
    "etcd",
    "haproxy",
    "node",
    "patroni",
    "postgres",
    "probe",
    "prometheus",
    "redis",
    "sentinel",
)
_IDLE, _OUTSIDE = 'mode="idle"', 'device!="lo"'
_FILES = 'fstype!~"tmpfs|overlay|ramfs"'


def system_overview() -> str:
    """Where to begin."""
    return dashboard(
        "system-overview",
        "System overview",
        f"Is it well, and if not, where to look next. {ONE_REGION}",
        JOBS,
        [summary(), _users(), _parts(), _hosts(), _watchers(), incidents()],
    )


def _users() -> Row:
    requests = lines(
        "Requests",
        "What users ask, by the region that answers.",
        "reqps",
        {"{{region}}": f"sum by (region) ({rate('http_requests_total', OF_USERS)})"},
    )
    failed = lines(
        "Failed requests",
        "The share that was answered with a 5xx.",
        "percentunit",
        {
            "failed": f"sum({rate('http_requests_total', OF_USERS, FAILED)})"
            f" / sum({rate('http_requests_total', OF_USERS)})"
        },
        steps=[(0.001, BAD)],
    )
    slowest = lines(
        "Time to answer",
        "What 95 and 99 of 100 requests stay under.",
        "s",
        {
            "P95": quantile(0.95, "http_request_duration_seconds", OF_USERS),
            "P99": quantile(0.99, "http_request_duration_seconds", OF_USERS),
        },
        steps=[(0.2, DOUBTFUL), (0.5, BAD)],
    )
    reached = states(
        "Public addresses",
        "Whether each address answers, asked from every place.",
        {"{{instance}} from {{from}}": select("probe_success", 'probe="public"')},
    )
    return Row("What users get", [[requests, failed], [slowest, reached]])


def _parts() -> Row:
    up = numbers(
        "Targets that answer",
        "The share of each job's targets that Prometheus reaches.",
        "percentunit",
        {"{{job}}": f"avg by (job) ({select('up')})"},
        below=BAD,
        steps=[(0.5, DOUBTFUL), (1, GOOD)],
    )
    balancers = lines(
        "Servers behind the balancers",
        "How many each backend sends requests to. None: what it serves is down.",
        "none",
        {"{{place}} {{proxy}}": f"min by (place, proxy) ({select('haproxy_backend_active_servers')})"},
    )
    voters = numbers(
        "etcd voters with a leader",
        "The share of those here and in the witness that are with the majority; else nobody is promoted.",
        "percentunit",
        {"voters": f"avg({select('etcd_server_has_leader')})"},
        below=BAD,
        steps=[(1, GOOD)],
    )
    primaries = numbers(
        "Primaries in this region",
        "One in the region that serves, none in the other. Never two.",
        "none",
        {"primaries": f"sum({select('patroni_primary')})"},
        steps=[(2, BAD)],
    )
    sentinels = numbers(
        "Sentinels that answer",
        "The fewest that a Sentinel counts.",
        "none",
        {"sentinels": f"min({select('redis_sentinel_master_ok_sentinels')})"},
        below=BAD,
        steps=[(2, DOUBTFUL), (3, GOOD)],
    )
    return Row("Parts", [[up, balancers], [voters, primaries, sentinels]])


def _hosts() -> Row:
    processor = lines(
        "Processors in use",
        "The share of their time that is not idle.",
        "percentunit",
        {"{{instance}}": f"1 - avg by (instance) ({rate('node_cpu_seconds_total', _IDLE)})"},
        steps=[(0.9, DOUBTFUL)],
    )
    free, whole = select("node_memory_MemAvailable_bytes"), select("node_memory_MemTotal_bytes")
    memory = lines(
        "Memory in use",
        "What could not be given to a new process.",
        "percentunit",
        {"{{instance}}": f"1 - {free} / {whole}"},
        steps=[(0.9, DOUBTFUL)],
    )
    left, size = (select(f"node_filesystem_{kind}_bytes", _FILES) for kind in ("avail", "size"))
    disk = lines(
        "Fullest disk",
        "The share in use of each host's fullest file system.",
        "percentunit",
        {"{{instance}}": f"max by (instance) (1 - {left} / {size})"},
        steps=[(0.8, DOUBTFUL), (0.9, BAD)],
    )
    network = lines(
        "Network",
        "What each host receives and sends.",
        "Bps",
        {
            f"{{{{instance}}}} {word}": "sum by (instance)"
            f" ({rate(f'node_network_{kind}_bytes_total', _OUTSIDE)})"
            for word, kind in (("received", "receive"), ("sent", "transmit"))
        },
    )
    return Row("Hosts", [[processor, memory], [disk, network]])


def _watchers() -> Row:
    series = lines(
        "Series in memory",
        "What each Prometheus keeps at hand; its memory grows with it.",
        "short",
        {"{{instance}}": select("prometheus_tsdb_head_series")},
    )
    rules = lines(
        "Time for a rule, P99",
        "How long evaluating a rule takes.",
        "s",
        {"{{instance}}": select("prometheus_rule_evaluation_duration_seconds", 'quantile="0.99"')},
    )
    lost = lines(
        "Alerts that did not leave",
        "Dropped by Prometheus, or failed from Alertmanager on, per second.",
        "ops",
        {
            "dropped": f"sum({rate('prometheus_notifications_dropped_total')})",
            "{{integration}} failed": "sum by (integration)"
            f" ({rate('alertmanager_notifications_failed_total')})",
        },
        steps=[(0.001, BAD)],
    )
    members = numbers(
        "Alertmanagers that see each other",
        "The fewest that one of them counts.",
        "none",
        {"members": f"min({select('alertmanager_cluster_members')})"},
    )
    return Row("Who watches", [[series, rules], [lost, members]])
