"""What is deployed, and so can be missed."""

from dataclasses import dataclass

from ...checks.rules import between
from ...settings import setting

CLUSTERS = ("patroni", "postgres", "etcd", "redis", "sentinel")
"""Jobs whose members form one cluster over all places. Every Prometheus scrapes these in every place: two
primaries, or regions that drift apart, are seen only by one who sees both. Where it sees its own place alone,
the rules on them stay silent rather than guess."""


@dataclass(frozen=True, kw_only=True)
class Parts:
    """What is deployed. A part that is not has no rules, since its absence would be an alert for ever."""

    regions: list[str] = setting(factory=lambda: ["east", "west"])
    """The places that serve users."""
    witness: str | None = setting(default="witness")
    """The third place, if there is one."""
    members: int = setting(between(1, 16, "members"), default=4)
    """Members of the database, in all places."""
    synchronous: bool = setting(default=True)
    """Whether a commit waits for a copy."""
    api_redundant: bool = setting(default=True)
    """Whether a region always has more than one task of each colour of the API."""
    web_tasks: int = setting(between(1, 100, "tasks"), default=2)
    """Web proxies in a region."""
    alertmanagers: int = setting(between(1, 16, "Alertmanagers"), default=2)
    """Members of Alertmanager's cluster, in all places."""
    clocks: bool = setting(default=True)
    """Whether hosts keep time by NTP; containers that stand in for hosts have their machine's clock."""
    containers: bool = setting(default=False)
    """Whether Grafana Alloy's `prometheus.exporter.cadvisor` tells of containers."""
    logs: bool = setting(default=False)
    """Whether Grafana Alloy ships logs to Loki."""
    promtail: bool = setting(default=False)
    """Whether Promtail ships them in Alloy's place."""
    grafana: bool = setting(default=False)
    """Whether Grafana runs."""
    tracing: bool = setting(default=False)
    """Whether Jaeger runs."""
    backups: bool = setting(default=False)
    """Whether backups are declared, whose runs and checks are noted for the textfile collector."""
    tls: bool = setting(default=True)
    """Whether public addresses speak TLS."""
    buckets: bool = setting(default=False)
    """Whether replicated buckets are declared, of which CloudWatch is asked."""

    @property
    def jobs(self) -> list[str]:
        """The jobs that must have a target wherever a stack is watched; an optional part misses its own."""
        return ["node", "haproxy", "api", *CLUSTERS, "prometheus", "alertmanager", "blackbox", "probe"]
