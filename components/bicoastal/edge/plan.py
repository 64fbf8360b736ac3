"""What the edge's plans allow: the one table of it, as published.

Read from the vendor's documentation (repository cloudflare/cloudflare-docs) as of August 2026:
- probes: load-balancing/reference/limitations and partials/load-balancing/monitor-settings-advanced;
- TTL: dns/manage-dns-records/reference/ttl; tags of records, cache rules: plans/index;
- custom rules: waf/custom-rules; managed rules: waf/managed-rules;
- rate limits: partials/waf/rate-limiting-availability-by-plan, and the provider's own list of periods.

Where pages disagree, the value here is the one that all of them allow. What a contract allows beyond it is
set with `customize`, which is not checked.
"""

from dataclasses import dataclass
from enum import Enum


class CountBy(Enum):
    """Who is counted as one client by a rate limit; always per data centre of the edge."""

    ADDRESS = "ip.src"
    """The client's address. Default."""
    VISITOR = "cf.unique_visitor_id"
    """The client, told apart from others behind one address. From the plan `business` on."""


@dataclass(frozen=True, kw_only=True)
class PlanLimits:
    """What one plan allows."""

    probe_interval_s: int
    """The shortest interval of a load balancer's monitor."""
    record_ttl_s: int
    """The shortest TTL of a record or load balancer that is not proxied."""
    record_tags: bool
    """Whether records have tags."""
    managed_rules: bool
    """Whether there are the vendor's managed rules and its OWASP rules, beside the few that all plans
    have."""
    custom_rules: int
    """How many custom rules a zone has."""
    patterns: bool
    """Whether expressions may hold regular expressions."""
    log_action: bool
    """Whether a rule may log without acting."""
    rate_limits: int
    """How many rate limits a zone has."""
    limit_periods_s: tuple[int, ...]
    """Over how long a rate limit may count."""
    limit_blocks_s: tuple[int, ...]
    """For how long a rate limit may block."""
    limit_methods: bool
    """Whether a rate limit may look at the request's method."""
    limit_by: tuple[CountBy, ...]
    """What a rate limit may count by."""
    cache_rules: int
    """How many cache rules a zone has."""
    cache_ttl_s: int
    """The shortest time that the edge may be told to cache."""


class EdgePlan(Enum):
    """The plan that the zone is paid for; load balancing is an add-on in each."""

    FREE = "free"
    """No managed rules, one rate limit, probes every 60 s."""
    PRO = "pro"
    """Managed and OWASP rules, two rate limits, probes every 60 s."""
    BUSINESS = "business"
    """Five rate limits, by method and visitor too, probes every 15 s."""
    ENTERPRISE = "enterprise"
    """Probes every 10 s, TTLs of 30 s."""

    @property
    def limits(self) -> PlanLimits:
        """What the plan allows."""
        return _LIMITS[self]


_LIMITS = {
    EdgePlan.FREE: PlanLimits(
        # One page gives 15 s for all plans below Enterprise, another starts at Pro with 60 s.
        probe_interval_s=60,
        record_ttl_s=60,
        record_tags=False,
        managed_rules=False,
        custom_rules=5,
        patterns=False,
        log_action=False,
        rate_limits=1,
        limit_periods_s=(10,),
        limit_blocks_s=(10,),
        limit_methods=False,
        limit_by=(CountBy.ADDRESS,),
        cache_rules=10,
        cache_ttl_s=7200,
    ),
    EdgePlan.PRO: PlanLimits(
        # One page says 60 s, another 15 s; the API has answered "interval is not in range [60, 3600]".
        probe_interval_s=60,
        record_ttl_s=60,
        record_tags=True,
        managed_rules=True,
        custom_rules=20,
        patterns=False,
        log_action=False,
        rate_limits=2,
        # The page lists 15, 20, 30, 40 and 45 s too, the provider does not.
        limit_periods_s=(10, 60),
        limit_blocks_s=(30, 60, 600, 3600),
        limit_methods=False,
        limit_by=(CountBy.ADDRESS,),
        cache_rules=25,
        cache_ttl_s=3600,
    ),
    EdgePlan.BUSINESS: PlanLimits(
        probe_interval_s=15,
        record_ttl_s=60,
        record_tags=True,
        managed_rules=True,
        custom_rules=100,
        patterns=True,
        log_action=False,
        rate_limits=5,
        limit_periods_s=(10, 60, 120, 300, 600),
        limit_blocks_s=(30, 60, 600, 3600, 86400),
        limit_methods=True,
        limit_by=(CountBy.ADDRESS, CountBy.VISITOR),
        cache_rules=50,
        cache_ttl_s=1,
    ),
    EdgePlan.ENTERPRISE: PlanLimits(
        probe_interval_s=10,
        record_ttl_s=30,
        record_tags=True,
        managed_rules=True,
        custom_rules=1000,
        patterns=True,
        log_action=True,
        # With application security in the contract; what else may be counted by depends on it too.
        rate_limits=100,
        limit_periods_s=(10, 60, 120, 300, 600, 3600),
        limit_blocks_s=(30, 60, 600, 3600, 86400),
        limit_methods=True,
        limit_by=(CountBy.ADDRESS, CountBy.VISITOR),
        cache_rules=300,
        cache_ttl_s=1,
    ),
}
