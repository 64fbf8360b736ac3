"""What an instance is launched with: scanners look at the instance, and not at the template that it names."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from .record import Resource

_INSTANCE = "aws:ec2/instance:Instance"
_TEMPLATE = "aws:ec2/launchTemplate:LaunchTemplate"
_ROOT_DEVICES = ("/dev/xvda", "/dev/sda1")
"""AWS, "Device names for volumes on Amazon EC2 instances": one of these is an image's root."""
_TRUTHS = {"true": True, "false": False}
"""A template has words for truth values, so that it can also say nothing."""


def launched(resources: Sequence[Resource]) -> list[Resource]:
    """The resources, each instance as AWS makes it: with what its launch template says of metadata, disks,
    profile and monitoring, and it does not say itself."""
    templates = {one.urn: one for one in resources if one.type == _TEMPLATE}
    return [_launched(one, templates) if one.type == _INSTANCE else one for one in resources]


def _launched(instance: Resource, templates: Mapping[str, Resource]) -> Resource:
    named = instance.property_dependencies.get("launchTemplate", ())
    found = [templates[urn] for urn in named if urn in templates]
    if len(found) != 1:
        return instance
    (template,) = found
    return replace(
        instance,
        inputs={**dict(_said(template.inputs)), **instance.inputs},
        dependencies=(*instance.dependencies, *template.dependencies),
        property_dependencies={
            **instance.property_dependencies,
            "launchTemplate": (*named, *template.dependencies),
        },
    )


def _said(template: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    """The template's words as an instance has them."""
    profile = _block(template.get("iamInstanceProfile"))
    words = {
        "metadataOptions": template.get("metadataOptions"),
        "ebsOptimized": _truth(template.get("ebsOptimized")),
        "monitoring": _block(template.get("monitoring")).get("enabled"),
        "iamInstanceProfile": profile.get("name") or profile.get("arn"),
    }
    yield from ((key, value) for key, value in words.items() if value is not None)
    mappings = map(_block, template.get("blockDeviceMappings") or ())
    disks = {str(one.get("deviceName")): _disk(one["ebs"]) for one in mappings if _block(one.get("ebs"))}
    for device in [device for device in _ROOT_DEVICES if device in disks]:
        yield "rootBlockDevice", disks.pop(device)
    if disks:
        yield "ebsBlockDevices", [{"deviceName": device, **disk} for device, disk in disks.items()]


def _disk(ebs: Mapping[str, Any]) -> dict[str, Any]:
    return {key: _truth(value) for key, value in ebs.items()}


def _truth(value: Any) -> Any:
    return _TRUTHS.get(value, value) if isinstance(value, str) else value


def _block(value: Any) -> Mapping[str, Any]:
    return value if isinstance(value, Mapping) else {}
