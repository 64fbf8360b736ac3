"""The edge: the domain, what leads to the regions and to the frontend, and what requests pass."""

from pathlib import Path
from typing import Any

import pulumi

from bicoastal import (
    DnsRecords,
    EdgeRules,
    EdgeWorker,
    EdgeZone,
    FailoverLoadBalancer,
    FrontendDomain,
    RecordType,
    TwoRegionStack,
)
from bicoastal.edge.cloudflare import cloudflare

from .cloud import NAME, Ground, tags_of
from .groups import Edge
from .settings import Environment

WORKERS = Path(__file__).with_name("workers")
PINS_VERSION = "2026-08-01"
"""A changed script gets another one, beside this, and a share of the requests; under the old name it would
have all of them at once. `tests/infra/test_worker.py` knows each version's digest."""


def add_edge(
    environment: Environment, edge: Edge, ground: Ground, stack: TwoRegionStack
) -> FailoverLoadBalancer:
    """Everything at the edge, once the stack is there to answer: a zone may have users already. The token
    comes from the runner, and is in no configuration and no state."""
    provider = cloudflare.Provider(f"{NAME}-cloudflare")
    options = pulumi.ResourceOptions(providers=[provider], depends_on=[stack])
    tags = tags_of(environment)
    zone = _zone(environment, edge, options)
    if edge.records:
        DnsRecords(
            f"{NAME}-records", {"zone": zone.reference, "records": _records(edge), "tags": tags}, options
        )
    balancer = FailoverLoadBalancer(f"{NAME}-balancer", _balancer(environment, edge, ground, zone), options)
    sizes = environment.groups.sizes
    EdgeRules(
        f"{NAME}-rules",
        {
            "zone": zone.reference,
            "custom": sizes.custom_rules,
            "rate_limits": sizes.rate_limits,
            "cache": sizes.cache_rules,
            "tags": tags,
        },
        options,
    )
    EdgeWorker(
        f"{NAME}-pins",
        {
            "zone": zone.reference,
            "worker_name": f"{NAME}-{environment.name}-pins",
            "versions": {PINS_VERSION: {"script": (WORKERS / "pins.js").read_text()}},
            # The query string says which view: only a `*` at the end lets it through.
            "routes": [f"{edge.api_name}/api/pins*"],
            "tags": tags,
        },
        # The route needs the name that the load balancer answers for.
        pulumi.ResourceOptions(providers=[provider], depends_on=[balancer]),
    )
    verification = {} if edge.frontend_verification is None else {"verification": edge.frontend_verification}
    FrontendDomain(
        f"{NAME}-frontend",
        {"zone": zone.reference, "domain": edge.domain, **verification, "tags": tags},  # type: ignore[typeddict-item]  # it may be left out
        options,
    )
    return balancer


def _zone(environment: Environment, edge: Edge, options: pulumi.ResourceOptions) -> EdgeZone:
    config, sizes = environment.config, environment.groups.sizes
    return EdgeZone(
        f"{NAME}-zone",
        {
            "account_id": edge.account_id,
            "domain": edge.domain,
            "plan": sizes.edge_plan,
            "zone_id": edge.zone_id,
            "hsts": {"max_age_s": sizes.hsts_s},
            "origin_pull_certificate": {
                "certificate": config.require("origin_pull_certificate"),
                "key": config.require_secret("origin_pull_key"),
            },
            "protect": sizes.protect,
            "tags": tags_of(environment),
        },
        options,
    )


def _records(edge: Edge) -> dict[str, Any]:
    return {
        key: {
            "type": RecordType(record.type),
            "name": edge.name_of(record),
            "content": record.content,
        }
        for key, record in edge.records.items()
    }


def _balancer(environment: Environment, edge: Edge, ground: Ground, zone: EdgeZone) -> Any:
    told = {"notify": {"emails": edge.emails}} if edge.emails else {}
    return {
        "zone": zone.reference,
        "hostname": edge.api_name,
        "regions": [
            {"name": region.name, "addresses": ground.balancer_addresses(region)}
            for region in environment.stack.topology.regions
        ],
        # The very ones that the failover budget is made from.
        "monitor": environment.stack.monitor,
        "tags": tags_of(environment),
        **told,
    }
