"""Why settings are refused that are valid one by one: what must hold between them, as the arguments' own
texts say it (components/README.md, infra/groups.py)."""

import re

REASONS = (
    # between the places
    r"topology\.voters: no odd number of voters",
    r"topology\.\S+\.public_hosts: more than there are hosts",
    r"topology\.\S+\.zones: more zones than hosts",
    r"topology\.\S+\.voters: \S+ has more voters than hosts",
    r"topology\.\S+\.public_hosts: none, and there is a group 'edge'",
    r"topology\.\S+\.hosts: not a number of managers that a Swarm is well served by",
    # between settings of one group
    r"settings\.cache\.max_lag_s: a master that is cut off may still acknowledge writes",
    r"settings\.database\.synchronous_copies: (more copies than standbys|every synchronous copy may be in)",
    r"settings\.monitor\.timeout_s: a probe may still run when the next one starts",
    r"settings\.monitor\.ttl_s: what is proxied has no TTL of its own",
    r"settings\.monitoring\.routing\.(page|ticket)_repeat_s: not longer than the interval",
    r"settings\.monitoring\.routing\.ticket_hours\.end: not after the beginning",
    r"settings\.monitoring\.routing\.routes\[\d+\]\.receiver: a receiver that is not declared",
    r"settings\.monitoring\.tracing\.storage\.(max_traces|kept_days): says nothing about storage of kind",
    r"settings\.monitoring\.tracing\.storage\.max_traces: more than Jaeger's memory holds",
    r"settings\.monitoring\.logs\.containers: Promtail tells nothing of containers",
    r"settings\.monitoring\.logs\.ingestion\.burst_mb: less than what may come in a second",
    r"settings\.monitoring\.logs\.storage\.\S+_key(_id)?: missing beside the other half of the key",
    r"settings\.monitoring\.replications\.\S+_key(_id)?: missing beside the other half of the key",
    r"settings\.monitoring\.replications\.ways\[\d+\]\.destination\.region: is the source's, too",
    r"workers\.min: (more than max|a group without a member never grows)",
    # between groups
    r"settings\.monitoring\.retention_days: shorter than the window of the objective",
    r"settings\.monitoring\.logs\.storage: regions whose logs have no bucket",
    r"settings\.monitoring\.replications\.ways\[\d+\]\.\S+\.region: nobody asks there",
    r"settings\.failover_limit_s: the worst case is over the limit",
    r"settings\.api\.replicas: given together with workers",
    r"settings\.api\.workers: workers\.max says it already",
    r"settings\.monitoring\.logs: the place \S+ names no engine to ask",
    r"settings\.monitoring\.logs\.storage\.\S+: is not a region",
    r"images\.(loki|alloy|promtail|grafana|jaeger): missing; .* a value wherever there is",
    r"settings\.api\.workers: the place \S+ names no engine to ask",
    r"workers\.max: more or fewer workers than a balancer can have tasks",
    r"settings\.monitor\.(interval_s|ttl_s): (more often|shorter) than the plan",
    r"costs\.last_year_amount: a single month may cost more than the whole year",
    r"edge\.records: \S+ is a CNAME and something else",
)


def is_documented(reason: str) -> bool:
    """Whether a problem is one of these."""
    return any(re.match(one, reason) for one in REASONS)
