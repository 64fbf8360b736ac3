"""Hosts on EC2: instances, what they are made from, and their disks."""

import base64
import binascii
import contextlib
import re
import zlib
from collections.abc import Iterator, Mapping

from ..problem import Problem
from .check import Severity, of_resource, of_whole
from .declared import Declared, Resources, at, is_unknown_list, texts, truth
from .rules import NOTHING, at_least, from_to, is_off, is_there, must, must_in

INSTANCE = "aws:ec2/instance:Instance"
TEMPLATE = "aws:ec2/launchTemplate:LaunchTemplate"
_SPOT = "aws:ec2/spotInstanceRequest:SpotInstanceRequest"
_OLD_TEMPLATE = "aws:ec2/launchConfiguration:LaunchConfiguration"
_GROUP = "aws:autoscaling/group:Group"
_SNAPSHOTS = "aws:dlm/lifecyclePolicy:LifecyclePolicy"
_BACKUPS = "aws:backup/selection:Selection"
VOLUME = "aws:ebs/volume:Volume"
_DISKS = ("rootBlockDevice", "ebsBlockDevices")
_WITH_A_ROOT = (INSTANCE, _SPOT, _OLD_TEMPLATE)
_GZIP = b"\x1f\x8b"
_KEY = re.compile(r"-----BEGIN [A-Z ]*PRIVATE KEY-----|\bAKIA[0-9A-Z]{16}\b")


def _stands_alone(resource: Declared) -> bool:
    """Whether nothing else says what the instance is."""
    return not is_there(resource.get("launchTemplate"))


@of_resource("aws-ec2-metadata-v2", Severity.HIGH, INSTANCE, _SPOT, TEMPLATE, _OLD_TEMPLATE)
def metadata_wants_a_token(resource: Declared) -> Iterator[Problem]:
    """A host's metadata is given only to who asks with a token.

    Without it, any request that a service can be made to send reads the host's credentials: CIS AWS 5.6,
    Security Hub EC2.8.
    """
    said = _stands_alone(resource) or is_there(resource.get("metadataOptions.httpTokens"))
    if said and resource.get("metadataOptions.httpEndpoint") != "disabled":
        yield from must(
            resource,
            "metadataOptions.httpTokens",
            lambda v: v == "required",
            "given without a token",
            "required",
            "metadata_options with http_tokens='required'",
        )


@of_resource("aws-ec2-metadata-near", Severity.LOW, INSTANCE, _SPOT, TEMPLATE, _OLD_TEMPLATE)
def metadata_stays_near(resource: Declared) -> Iterator[Problem]:
    """A host's metadata travels two hops at most.

    One is the host, two are its containers; more lead out of it: AWS, "Configure the instance metadata
    options".
    """
    yield from must(
        resource,
        "metadataOptions.httpPutResponseHopLimit",
        from_to(1, 2),
        "it leaves the host",
        "1, or 2 for containers",
        "http_put_response_hop_limit=2",
        default=1,
    )


@of_resource("aws-ebs-encrypted", Severity.HIGH, VOLUME, INSTANCE, _SPOT, TEMPLATE, _OLD_TEMPLATE)
def disk_is_encrypted(resource: Declared) -> Iterator[Problem]:
    """Every disk is encrypted.

    A snapshot of a plain one is readable by whomever it is shared with: CIS AWS 2.2.1, Security Hub EC2.3. An
    instance that says nothing of its root has a plain one, unless the account says otherwise.
    """
    words = ("a plain disk", "true", "encrypted=True")
    if resource.type == VOLUME:
        yield from must(resource, "encrypted", truth, *words, default=False)
    if resource.type in _WITH_A_ROOT and _stands_alone(resource) and not is_there(resource.get(_DISKS[0])):
        yield Problem(f"{_DISKS[0]}.encrypted", words[0], NOTHING, *words[1:])
    for path, disk, key in _disks(resource):
        yield from must_in(disk, key, f"{path}.{key}", truth, *words, default=False)


def _disks(resource: Declared) -> Iterator[tuple[str, Mapping[str, object], str]]:
    if resource.type == TEMPLATE:
        for path, disk in resource.each("blockDeviceMappings"):
            if is_there(at(disk, "ebs")):
                yield path, disk, "ebs.encrypted"
    elif resource.type in _WITH_A_ROOT:
        for name in _DISKS:
            for path, disk in resource.each(name):
                yield path, disk, "encrypted"


@of_resource("aws-ec2-no-public-address", Severity.MEDIUM, INSTANCE, _SPOT, TEMPLATE, _OLD_TEMPLATE)
def host_asks_for_no_public_address(resource: Declared) -> Iterator[Problem]:
    """A host takes no public address by itself.

    It changes with every start, and nothing says that the host is meant to be reached: Security Hub EC2.9.
    """
    words = ("on the internet by itself", "false", "give an elastic address to what is to be reached")
    yield from must(resource, "associatePublicIpAddress", is_off, *words)
    for path, interface in resource.each("networkInterfaces"):
        where = f"{path}.associatePublicIpAddress"
        yield from must_in(interface, "associatePublicIpAddress", where, is_off, *words)


@of_resource("aws-ec2-user-data-secret", Severity.CRITICAL, INSTANCE, _SPOT, TEMPLATE, _OLD_TEMPLATE)
def user_data_holds_no_key(resource: Declared) -> Iterator[Problem]:
    """What a host is started with holds no key.

    Everything that runs on the host, and everyone who may describe it, reads its user data: AVD-AWS-0029 of
    trivy.
    """
    for name in ("userData", "userDataBase64"):
        text = resource.get(name)
        if isinstance(text, str) and _KEY.search(_decoded(text)):
            yield Problem(
                name,
                "a private key or an access key is in it",
                "a hidden value",
                "no secret",
                "let the host fetch it with its role, and take the key out of use",
            )


def _decoded(text: str) -> str:
    try:
        found = base64.b64decode("".join(text.split()), validate=True)
    except (binascii.Error, ValueError):
        return text
    if found.startswith(_GZIP):
        # No longer than AWS takes user data to be, many times over.
        with contextlib.suppress(zlib.error):
            found = zlib.decompressobj(wbits=31).decompress(found, 1 << 20)
    return found.decode(errors="replace")


@of_whole("aws-ebs-snapshots", Severity.HIGH, VOLUME, _SNAPSHOTS, _BACKUPS)
def volume_is_snapshot(resources: Resources) -> Iterator[tuple[Declared, Problem]]:
    """A volume is in a schedule of snapshots of its own region.

    A volume lives in one zone and in one copy: Security Hub EC2.28.
    """
    policies = [one for one in resources.of(_SNAPSHOTS) if one.get("state", "ENABLED") != "DISABLED"]
    if resources.of(_BACKUPS):
        return  # what a plan of AWS Backup selects is its own matter
    for volume in resources.of(VOLUME):
        tags = volume.get("tags", {})
        near = [one for one in policies if _same(one.get("region"), volume.get("region"))]
        targets = [one.get("policyDetails.targetTags") for one in near]
        if isinstance(tags, Mapping) and not any(_reaches(target, tags) for target in targets):
            yield (
                volume,
                Problem(
                    "tags",
                    "no lifecycle policy takes snapshots of it",
                    ", ".join(sorted(tags)) or "no tags",
                    "a tag that a dlm.LifecyclePolicy of the plan targets",
                    "declare a LifecyclePolicy, and give the volume its tag",
                ),
            )


def _same(region: object, other: object) -> bool:
    return region == other or not (isinstance(region, str) and isinstance(other, str))


def _reaches(target: object, tags: Mapping[str, object]) -> bool:
    return not isinstance(target, Mapping) or any(tags.get(key) == value for key, value in target.items())


@of_resource("aws-snapshots-kept", Severity.MEDIUM, _SNAPSHOTS)
def snapshots_are_kept(resource: Declared) -> Iterator[Problem]:
    """Snapshots are kept for a week at least.

    Damage is often seen after days, when only damaged copies are left.
    """
    for path, schedule in resource.each("policyDetails.schedules"):
        rule = at(schedule, "retainRule", {})
        by_days = isinstance(rule, Mapping) and at(rule, "intervalUnit", "DAYS") == "DAYS"
        if by_days and not is_there(at(rule, "count")):
            yield from must_in(
                rule,
                "interval",
                f"{path}.retainRule.interval",
                at_least(7),
                "gone too early",
                "7 days or more",
                "retain_rule with interval=14 and interval_unit='DAYS'",
            )


@of_resource("aws-asg-zones", Severity.MEDIUM, _GROUP)
def group_spreads_over_zones(resource: Declared) -> Iterator[Problem]:
    """A group of hosts spreads over two zones at least.

    A zone fails as a whole: Security Hub AutoScaling.2.
    """
    for path in ("vpcZoneIdentifiers", "availabilityZones"):
        places = resource.get(path)
        if isinstance(places, list) and len(places) == 1 and texts(places) and not is_unknown_list(places):
            yield Problem(
                path, "all hosts are in one zone", places[0], "two or more", "name a subnet in each zone"
            )


@of_resource("aws-asg-health", Severity.MEDIUM, _GROUP)
def group_asks_whether_hosts_serve(resource: Declared) -> Iterator[Problem]:
    """A group behind a balancer replaces what does not serve.

    EC2's own check sees a host that is on, and not one whose service is dead: Security Hub AutoScaling.1.
    """
    if is_there(resource.get("targetGroupArns")) or is_there(resource.get("loadBalancers")):
        yield from must(
            resource,
            "healthCheckType",
            lambda kind: kind == "ELB",
            "a dead service is kept",
            "ELB",
            "health_check_type='ELB'",
            default="EC2",
        )


@of_resource("aws-asg-tags-propagate", Severity.LOW, _GROUP)
def group_tags_its_hosts(resource: Declared) -> Iterator[Problem]:
    """The tags of a group are its hosts' tags, too.

    The provider's default tags do not reach them, so their cost belongs to nobody.
    """
    for path, tag in resource.each("tags"):
        where = f"{path}.propagateAtLaunch"
        words = ("it stops at the group", "true", "propagate_at_launch=True")
        yield from must_in(tag, "propagateAtLaunch", where, truth, *words, default=False)
