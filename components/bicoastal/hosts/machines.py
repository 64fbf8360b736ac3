"""What a launch template holds: everything of a machine but its place in the network."""

import base64
from typing import Any

import pulumi

from .. import aws
from ..inputs import mapped
from .arguments import SwarmHostsSettings

ROOT_DEVICE = "/dev/xvda"
"""Of Debian's images."""


def template_properties(
    settings: SwarmHostsSettings,
    user_data: pulumi.Input[str],
    profile: aws.iam.InstanceProfile,
    tags: dict[str, str],
) -> dict[str, Any]:
    """Metadata of version 2 alone, an encrypted root disk, and what the machine is told."""
    return {
        "region": settings.place.region,
        "image_id": settings.image_id,
        "instance_type": settings.instance_type,
        "user_data": mapped(user_data, _encoded),
        "iam_instance_profile": aws.ec2.LaunchTemplateIamInstanceProfileArgs(arn=profile.arn),
        "metadata_options": aws.ec2.LaunchTemplateMetadataOptionsArgs(
            http_endpoint="enabled",
            http_tokens="required",
            # A container is one hop further away than its host.
            http_put_response_hop_limit=settings.metadata_hops,
        ),
        # Every minute instead of every five: what makes the workers' group grow is as old as its metric.
        "monitoring": aws.ec2.LaunchTemplateMonitoringArgs(enabled=True),
        "block_device_mappings": [
            aws.ec2.LaunchTemplateBlockDeviceMappingArgs(
                device_name=ROOT_DEVICE,
                ebs=aws.ec2.LaunchTemplateBlockDeviceMappingEbsArgs(
                    volume_size=settings.root_size_gb,
                    volume_type="gp3",
                    encrypted="true",
                    kms_key_id=settings.kms_key_arn,
                    delete_on_termination="true",
                ),
            )
        ],
        "tag_specifications": [
            aws.ec2.LaunchTemplateTagSpecificationArgs(resource_type=kind, tags=tags)
            for kind in ("instance", "volume")
        ],
        "update_default_version": True,
        "tags": tags,
    }


def _encoded(text: str) -> str:
    return base64.b64encode(text.encode()).decode()
