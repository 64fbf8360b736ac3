"""What staging and production are made of, as data: sizes, counts, protection, retention, the edge, money.

What an account has, such as its number and its domain, stands in `Pulumi.<env>.yaml`; what a profile says of
the stack itself can be chosen otherwise there, under `settings`, and of workers under `workers`.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum
from typing import Any

from bicoastal import CacheRuleArgs, CustomRuleArgs, EdgePlan, Endpoint, NatMode, RateLimitArgs

DAY_S = 86400

INNER_PATHS: CustomRuleArgs = {
    "key": "inner-paths",
    "expression": 'http.request.uri.path in {"/metrics" "/ready" "/health"}',
    "description": "What only the stack itself asks for",
}
"""The edge's probes are not stopped by it: they ask for `/region-health`, and pass no rules."""
API_IS_FRESH: CacheRuleArgs = {
    "key": "api-is-fresh",
    "expression": 'starts_with(http.request.uri.path, "/api/") or http.request.uri.path eq "/region-health"',
    "cached": False,
}
"""Only the Worker keeps answers of the API, and says for how long."""
EVERYTHING: RateLimitArgs = {"key": "api", "path": "/api/*", "requests": 300, "period_s": 10}
NEW_PINS: RateLimitArgs = {
    "key": "new-pins",
    "path": "/api/pins",
    "methods": ["POST"],
    "requests": 30,
    "period_s": 60,
    "block_s": 600,
}
"""By method, which the plan `business` has and `pro` has not."""

THE_WAY_IN = [Endpoint.S3, Endpoint.SSM, Endpoint.SSM_MESSAGES]
"""A failed NAT takes nobody's way to the hosts."""


@dataclass(frozen=True, kw_only=True)
class Machines:
    """The hosts of a place."""

    instance_type: str
    data_gb: int
    """GiB of the data volume of each host."""
    nat: NatMode
    endpoints: list[Endpoint] = field(default_factory=lambda: [Endpoint.S3])
    """What is reached without the NAT. All but buckets cost by the hour in each zone."""


@dataclass(frozen=True, kw_only=True)
class Profile:
    """What an environment is given."""

    region: Mapping[str, int]
    """What the topology says of each region, unless the environment's file says otherwise."""
    witness: Mapping[str, int]
    """The same of the witness's place."""
    stack: Mapping[str, Mapping[str, Any] | float]
    """Arguments of the whole stack, unless the environment's file chooses otherwise."""
    region_machines: Machines
    witness_machines: Machines
    workers: Mapping[str, Any]
    """Each region's group of further hosts, by the keys of `WorkersArgs`. Where `max` is not 0 the API runs
    on them, a task of each colour on every one; else as many as `stack.api.replicas` run on any host."""
    protect: bool
    """Whether what holds data cannot be deleted."""
    snapshot_days: int
    """Days that daily snapshots of data volumes are kept."""
    flow_log_days: int
    backup_days: int
    """Days back to which the database can be restored to any moment."""
    backup_lock_days: int
    """Days in which nobody without `s3:BypassGovernanceRetention` can remove a version of a backup; 0 for no
    lock."""
    upload_days: int
    """Days that an overwritten or deleted upload is kept."""
    edge_plan: EdgePlan
    hsts_s: int
    """Seconds that browsers keep to HTTPS."""
    rate_limits: list[RateLimitArgs]
    custom_rules: list[CustomRuleArgs] = field(default_factory=lambda: [INNER_PATHS])
    cache_rules: list[CacheRuleArgs] = field(default_factory=lambda: [API_IS_FRESH])
    monthly_limit: float
    """USD that a month may cost at AWS, with the fewest workers. An estimate from list prices: look at the
    first month's bill."""
    growth_percent: float = 30.0
    """How much more this year may cost than the last."""


STAGING = Profile(
    region={"hosts": 1, "voters": 1, "zones": 1, "public_hosts": 1},
    witness={"hosts": 1, "voters": 1, "zones": 1, "public_hosts": 0},
    stack={
        "api": {"replicas": 1},
        "ingress": {"replicas": 1},
        # The plan `pro` probes every 60 s: two failures are the fewest that one lost packet does not make.
        "monitor": {"interval_s": 60, "consecutive_down": 2, "timeout_s": 3},
        "failover_limit_s": 180,
        "monitoring": {
            "storage_mb": 8192,
            "limits": {"memory_mb": 512},
            "logs": {"retention_days": 7},
        },
    },
    region_machines=Machines(instance_type="t3.large", data_gb=50, nat=NatMode.SINGLE),
    witness_machines=Machines(instance_type="t3.small", data_gb=10, nat=NatMode.SINGLE),
    # None; what is there else is for a trial of them.
    workers={"min": 0, "max": 0, "instance_type": "t3.medium", "cpu_percent": 60.0, "warm_up_s": 300},
    protect=False,
    snapshot_days=3,
    flow_log_days=30,
    backup_days=7,
    backup_lock_days=0,
    upload_days=7,
    edge_plan=EdgePlan.PRO,
    hsts_s=DAY_S,
    rate_limits=[EVERYTHING],
    monthly_limit=700.0,
)

PRODUCTION = Profile(
    region={"hosts": 3, "voters": 2, "zones": 3, "public_hosts": 2},
    witness={"hosts": 1, "voters": 1, "zones": 1, "public_hosts": 0},
    stack={
        "api": {"replicas": 4},
        "ingress": {"replicas": 2},
        "monitor": {"interval_s": 15, "consecutive_down": 3, "timeout_s": 3},
        "failover_limit_s": 120,
        # A twin's host takes 105 to 140 MB of samples a day; there are up to nine here, most of them smaller.
        "monitoring": {
            "storage_mb": 32768,
            "limits": {"memory_mb": 1024},
            "logs": {"retention_days": 30},
        },
    },
    region_machines=Machines(
        instance_type="m7i.xlarge", data_gb=200, nat=NatMode.PER_ZONE, endpoints=THE_WAY_IN
    ),
    witness_machines=Machines(instance_type="t3.small", data_gb=10, nat=NatMode.SINGLE),
    # Two, so that one may be lost. Six, for while machines are changed there are half as many again, and a
    # balancer has places for ten. Held at 60 %, which leaves room for the five minutes in which another one
    # installs Docker and joins.
    workers={"min": 2, "max": 6, "instance_type": "m7i.large", "cpu_percent": 60.0, "warm_up_s": 300},
    protect=True,
    snapshot_days=14,
    flow_log_days=365,
    backup_days=30,
    backup_lock_days=30,
    upload_days=30,
    edge_plan=EdgePlan.BUSINESS,
    hsts_s=365 * DAY_S,
    rate_limits=[EVERYTHING, NEW_PINS],
    monthly_limit=3000.0,
)


class ProfileName(Enum):
    """Which profile an environment has."""

    STAGING = "staging"
    PRODUCTION = "production"

    @property
    def profile(self) -> Profile:
        """The profile itself."""
        return STAGING if self is ProfileName.STAGING else PRODUCTION
