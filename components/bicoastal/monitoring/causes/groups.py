"""All rules on causes of what is deployed."""

from ..rules import Alert, RuleGroup
from .alertmanager import alertmanager
from .api import api
from .backups import backups
from .balancers import balancers
from .buckets import buckets
from .cache import cache
from .certificates import certificates
from .clocks import clocks
from .consensus import consensus
from .consistency import consistency
from .containers import containers, processes
from .edge import edge
from .exporters import exporters
from .grafana import grafana
from .hosts import hosts
from .logs import collector, logs
from .parts import Parts
from .patroni import patroni
from .postgres import postgres
from .prometheus import prometheus
from .sentinels import sentinels
from .thresholds import Thresholds
from .tracing import tracing
from .web import web


def cause_groups(thresholds: Thresholds, parts: Parts) -> list[RuleGroup]:
    """The groups of rules, one for each part that is deployed; the same for the same inputs."""
    t = thresholds
    groups = [
        edge(parts),
        hosts(t),
        *([clocks(t)] if parts.clocks else []),
        processes(t),
        balancers(t),
        web(t, parts),
        api(t, parts),
        patroni(parts),
        postgres(t, parts),
        consistency(t),
        consensus(t),
        cache(t),
        sentinels(),
        certificates(t, parts),
        exporters(parts),
        prometheus(),
        alertmanager(t, parts),
        *([backups(t)] if parts.backups else []),
        *([buckets(t)] if parts.buckets else []),
        *([containers(t)] if parts.containers else []),
        *([collector()] if (parts.logs or parts.containers) and not parts.promtail else []),
        *([logs(t, parts)] if parts.logs else []),
        *([grafana()] if parts.grafana else []),
        *([tracing()] if parts.tracing else []),
    ]
    return [group for group in groups if group.rules]


def cause_alerts(thresholds: Thresholds, parts: Parts) -> list[Alert]:
    """The alerts alone."""
    return [alert for group in cause_groups(thresholds, parts) for alert in group.alerts]
