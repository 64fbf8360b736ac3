"""The volumes that keep databases, and their snapshots."""

from typing import Any

import pulumi

from .. import aws
from .arguments import DataVolume, SwarmHostsSettings
from .ssh import swarm_name

SNAPSHOT_TIME = "03:00"
"""Of every day, UTC; within the hour."""
SNAPSHOT_POLICY = "AWSDataLifecycleManagerServiceRole"
"""What whoever makes snapshots may do; AWS calls the policy so."""
_TAG = "bicoastal-snapshots"


def volume_properties(
    settings: SwarmHostsSettings, volume: DataVolume, tags: dict[str, str]
) -> dict[str, Any]:
    """An encrypted gp3 volume in its host's zone, with the tag that its snapshots are taken by."""
    return {
        "region": settings.place.region,
        "availability_zone": settings.subnet_of(volume.host).zone,
        "size": volume.size_gb,
        "type": "gp3",
        "iops": volume.iops,
        "throughput": volume.throughput_mb,
        "encrypted": True,
        "kms_key_id": settings.kms_key_arn,
        "tags": {**tags, **_marked(settings)},
    }


def snapshot_properties(
    settings: SwarmHostsSettings, role: pulumi.Output[str], tags: dict[str, str]
) -> dict[str, Any]:
    """A snapshot of each volume every day, kept for the days that are asked for."""
    schedule = aws.dlm.LifecyclePolicyPolicyDetailsScheduleArgs(
        name="daily",
        copy_tags=True,
        create_rule=aws.dlm.LifecyclePolicyPolicyDetailsScheduleCreateRuleArgs(
            interval=24, interval_unit="HOURS", times=SNAPSHOT_TIME
        ),
        retain_rule=aws.dlm.LifecyclePolicyPolicyDetailsScheduleRetainRuleArgs(
            interval=settings.snapshot_retention_days, interval_unit="DAYS"
        ),
    )
    return {
        "region": settings.place.region,
        "description": f"Daily snapshots of data volumes, {swarm_name(settings.stack, settings.place.name)}",
        "execution_role_arn": role,
        "state": "ENABLED",
        "policy_details": aws.dlm.LifecyclePolicyPolicyDetailsArgs(
            resource_types=["VOLUME"], target_tags=_marked(settings), schedules=[schedule]
        ),
        "tags": tags,
    }


def _marked(settings: SwarmHostsSettings) -> dict[str, str]:
    return {_TAG: swarm_name(settings.stack, settings.place.name)}
