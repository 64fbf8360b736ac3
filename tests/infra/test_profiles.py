"""What staging has otherwise than production: all of it, and nothing else."""

import dataclasses
from collections.abc import Mapping

import yaml

from bicoastal import EdgePlan, Endpoint, NatMode
from infra.profiles import EVERYTHING, NEW_PINS, PRODUCTION, STAGING, THE_WAY_IN
from tests.infra.environments import ROOT


def flat(value, path=""):
    """Every single value by its path."""
    if dataclasses.is_dataclass(value):
        value = {field.name: getattr(value, field.name) for field in dataclasses.fields(value)}
    if not isinstance(value, Mapping):
        return {path: value}
    found = {}
    for key, item in value.items():
        found |= flat(item, f"{path}.{key}" if path else key)
    return found


def test_the_difference_between_staging_and_production_is_this():
    staging, production = flat(STAGING), flat(PRODUCTION)
    assert staging.keys() == production.keys()
    difference = {key: (staging[key], production[key]) for key in staging if staging[key] != production[key]}
    assert difference == {
        "region.hosts": (1, 3),
        "region.voters": (1, 2),
        "region.zones": (1, 3),
        "region.public_hosts": (1, 2),
        "region_machines.instance_type": ("t3.large", "m7i.xlarge"),
        "region_machines.data_gb": (50, 200),
        "region_machines.nat": (NatMode.SINGLE, NatMode.PER_ZONE),
        "region_machines.endpoints": ([Endpoint.S3], THE_WAY_IN),
        "workers.min": (0, 2),
        "workers.max": (0, 6),
        "workers.instance_type": ("t3.medium", "m7i.large"),
        "stack.api.replicas": (1, 4),
        "stack.ingress.replicas": (1, 2),
        "stack.monitor.interval_s": (60, 15),
        "stack.monitor.consecutive_down": (2, 3),
        "stack.failover_limit_s": (180, 120),
        "stack.monitoring.storage_mb": (8192, 32768),
        "stack.monitoring.limits.memory_mb": (512, 1024),
        "stack.monitoring.logs.retention_days": (7, 30),
        "protect": (False, True),
        "snapshot_days": (3, 14),
        "flow_log_days": (30, 365),
        "backup_days": (7, 30),
        "backup_lock_days": (0, 30),
        "upload_days": (7, 30),
        "edge_plan": (EdgePlan.PRO, EdgePlan.BUSINESS),
        "hsts_s": (86400, 31536000),
        "rate_limits": ([EVERYTHING], [EVERYTHING, NEW_PINS]),
        "monthly_limit": (700.0, 3000.0),
    }


def chosen(environment):
    """Everything that an environment's file says, by its path."""
    config = yaml.safe_load((ROOT / f"Pulumi.{environment}.yaml").read_text())["config"]
    return flat({key.removeprefix("smellpin:"): value for key, value in config.items()})


def test_the_files_of_staging_and_production_differ_in_what_is_each_ones_own_and_in_nothing_else():
    staging, production = chosen("staging"), chosen("production")
    members = ("east-etcd-2", "west-etcd-2")
    second_voters = {f"{kind}{member}" for kind in ("certificates.", "key_") for member in members}
    assert staging.keys() ^ production.keys() == second_voters
    difference = {key for key in staging.keys() & production.keys() if staging[key] != production[key]}
    assert difference == {"profile", "topology.regions", "topology.witness.subnet", "edge.domain"}
    apart_from_subnets = [
        [{**region, "subnet": None} for region in file["topology.regions"]] for file in (staging, production)
    ]
    assert apart_from_subnets[0] == apart_from_subnets[1]
