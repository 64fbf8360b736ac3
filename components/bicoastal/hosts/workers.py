"""The workers' group: how it is filled, and what makes it grow and shrink."""

from typing import Any

import pulumi

from .. import aws
from .arguments import SwarmHostsSettings, Workers


def group_properties(
    settings: SwarmHostsSettings, group: Workers, template: aws.ec2.LaunchTemplate, tags: dict[str, str]
) -> dict[str, Any]:
    """A group over all zones. A change of its machines makes new ones before it takes old ones away. It is
    not taken back by itself, which AWS refuses for an image that a parameter names."""
    return {
        "region": settings.place.region,
        "min_size": group.min,
        "max_size": group.max,
        "vpc_zone_identifiers": settings.worker_subnet_ids,
        "launch_template": aws.autoscaling.GroupLaunchTemplateArgs(
            id=template.id, version=template.latest_version.apply(str)
        ),
        "enabled_metrics": ["GroupDesiredCapacity", "GroupInServiceInstances", "GroupMaxSize"],
        "health_check_type": "EC2",
        "health_check_grace_period": group.warm_up_s,
        "default_instance_warmup": group.warm_up_s,
        # Workers wait for the managers, and an `up` need not wait for workers.
        "wait_for_capacity_timeout": "0",
        "instance_refresh": aws.autoscaling.GroupInstanceRefreshArgs(
            strategy="Rolling",
            preferences=aws.autoscaling.GroupInstanceRefreshPreferencesArgs(
                # With two workers anything less would leave one of them all the requests meanwhile.
                min_healthy_percentage=100,
                max_healthy_percentage=150,
                auto_rollback=False,
            ),
        ),
        "tags": [
            aws.autoscaling.GroupTagArgs(key=key, value=value, propagate_at_launch=True)
            for key, value in sorted(tags.items())
        ],
    }


def scaling_properties(
    settings: SwarmHostsSettings, group: Workers, made: aws.autoscaling.Group
) -> dict[str, Any]:
    """The group is held at an average CPU."""
    metric = aws.autoscaling.PolicyTargetTrackingConfigurationPredefinedMetricSpecificationArgs(
        predefined_metric_type="ASGAverageCPUUtilization"
    )
    return {
        "region": settings.place.region,
        "autoscaling_group_name": made.name,
        "policy_type": "TargetTrackingScaling",
        "estimated_instance_warmup": group.warm_up_s,
        "target_tracking_configuration": aws.autoscaling.PolicyTargetTrackingConfigurationArgs(
            predefined_metric_specification=metric, target_value=pulumi.Output.from_input(group.cpu_percent)
        ),
    }
