"""Hosts, disks, and who may do what."""

import base64
import gzip
import json

from .sample import aws, sample

_DAILY = {"name": "daily", "retainRule": {"interval": 14, "intervalUnit": "DAYS"}}
_KEY = "-----BEGIN " + "RSA PRIVATE KEY-----\nplanted"

HOSTS = sample(
    aws(
        "aws:ec2/launchTemplate:LaunchTemplate",
        "template",
        {
            "metadataOptions": {"httpTokens": "required", "httpPutResponseHopLimit": 2},
            "blockDeviceMappings": [{"deviceName": "/dev/xvda", "ebs": {"encrypted": "true"}}],
            "networkInterfaces": [{"associatePublicIpAddress": "false"}],
            "userData": base64.b64encode(b"#cloud-config\nhostname: one\n").decode(),
        },
    ),
    aws(
        "aws:ec2/instance:Instance",
        "alone",
        {
            "metadataOptions": {"httpTokens": "required"},
            "rootBlockDevice": {"encrypted": True},
            "associatePublicIpAddress": False,
        },
    ),
    aws("aws:ec2/instance:Instance", "made", {"launchTemplate": {"id": "<template.id>"}}),
    aws("aws:ebs/volume:Volume", "volume", {"encrypted": True, "tags": {"snapshots": "daily"}}),
    aws(
        "aws:dlm/lifecyclePolicy:LifecyclePolicy",
        "snapshots",
        {"policyDetails": {"targetTags": {"snapshots": "daily"}, "schedules": [_DAILY]}},
    ),
    aws(
        "aws:autoscaling/group:Group",
        "group",
        {
            "vpcZoneIdentifiers": ["<a.id>", "<b.id>"],
            "targetGroupArns": ["<target.arn>"],
            "healthCheckType": "ELB",
            "tags": [{"key": "Name", "value": "worker", "propagateAtLaunch": True}],
        },
    ),
)
HOSTS_FOUND = [
    ("aws-ec2-metadata-v2", HOSTS.but("template", "metadataOptions.httpTokens", "optional")),
    ("aws-ec2-metadata-v2", HOSTS.but("alone", "metadataOptions", None)),
    ("aws-ec2-metadata-near", HOSTS.but("template", "metadataOptions.httpPutResponseHopLimit", 3)),
    ("aws-ec2-metadata-v2", HOSTS.but("made", "metadataOptions", {"httpTokens": "optional"})),
    ("aws-ebs-encrypted", HOSTS.but("alone", "rootBlockDevice", None)),
    ("aws-ebs-encrypted", HOSTS.but("volume", "encrypted", False)),
    ("aws-ebs-encrypted", HOSTS.but("volume", "encrypted", None)),
    ("aws-ebs-encrypted", HOSTS.but("template", "blockDeviceMappings.0.ebs.encrypted", "false")),
    ("aws-ebs-encrypted", HOSTS.but("alone", "rootBlockDevice.encrypted", None)),
    ("aws-ec2-no-public-address", HOSTS.but("alone", "associatePublicIpAddress", True)),
    (
        "aws-ec2-no-public-address",
        HOSTS.but("template", "networkInterfaces.0.associatePublicIpAddress", "true"),
    ),
    (
        "aws-ec2-user-data-secret",
        HOSTS.but("template", "userData", base64.b64encode(_KEY.encode()).decode()),
    ),
    ("aws-ec2-user-data-secret", HOSTS.but("alone", "userData", "export ID=AKIA" + "ABCDEFGHIJKLMNOP")),
    *(
        ("aws-ec2-user-data-secret", HOSTS.but("template", "userData", text))
        for text in (
            base64.encodebytes(f"{'x' * 90}{_KEY}".encode()).decode(),
            base64.b64encode(gzip.compress(_KEY.encode())).decode(),
        )
    ),
    ("aws-ebs-snapshots", HOSTS.without("snapshots")),
    ("aws-ebs-snapshots", HOSTS.but("snapshots", "region", "us-west-2")),
    ("aws-ebs-snapshots", HOSTS.but("volume", "tags", {"snapshots": "never"})),
    ("aws-ebs-snapshots", HOSTS.but("snapshots", "state", "DISABLED")),
    (
        "aws-snapshots-kept",
        HOSTS.but("snapshots", "policyDetails.schedules.0.retainRule.interval", 3),
    ),
    ("aws-asg-zones", HOSTS.but("group", "vpcZoneIdentifiers", ["subnet-0a"])),
    ("aws-asg-health", HOSTS.but("group", "healthCheckType", "EC2")),
    ("aws-asg-health", HOSTS.but("group", "healthCheckType", None)),
    ("aws-asg-tags-propagate", HOSTS.but("group", "tags.0.propagateAtLaunch", False)),
]

HOSTS_SILENT = [
    ("aws-asg-zones", HOSTS.but("group", "vpcZoneIdentifiers", ["<network.private_subnet_ids>"])),
]
ISSUER = "token.actions.githubusercontent.com"
PROVIDER = f"arn:aws:iam::123456789012:oidc-provider/{ISSUER}"
EXCLUSIVE = aws(
    "aws:iam/rolePolicyAttachmentsExclusive:RolePolicyAttachmentsExclusive",
    "exclusive",
    {"roleName": "role", "policyArns": ["arn:aws:iam::aws:policy/AdministratorAccess"]},
)


def allow(action, resource="arn:aws:s3:::shop-media/*", **more):
    return json.dumps({"Statement": {"Effect": "Allow", "Action": action, "Resource": resource, **more}})


def trust(principal, **condition):
    statement = {
        "Effect": "Allow",
        "Principal": principal,
        "Action": "sts:AssumeRole",
        "Condition": condition,
    }
    return json.dumps({"Statement": [statement]})


def workflow(subject):
    named = {f"{ISSUER}:sub": subject} if subject else {}
    return trust({"Federated": PROVIDER}, StringLike={f"{ISSUER}:aud": "sts.amazonaws.com", **named})


IDENTITY = sample(
    aws("aws:iam/rolePolicy:RolePolicy", "policy", {"policy": allow(["s3:GetObject", "s3:Get*"])}),
    aws(
        "aws:iam/policy:Policy",
        "reads",
        {"policy": allow(["ec2:DescribeVolumes", "ssmmessages:OpenDataChannel"], "*")},
    ),
    aws(
        "aws:iam/policy:Policy",
        "tagged",
        {"policy": allow("ec2:StopInstances", "*", Condition={"StringEquals": {"aws:ResourceTag/a": "b"}})},
    ),
    aws("aws:iam/role:Role", "role", {"assumeRolePolicy": trust({"Service": "ec2.amazonaws.com"})}),
    aws(
        "aws:iam/role:Role", "workflow", {"assumeRolePolicy": workflow("repo:shop/shop:ref:refs/heads/main")}
    ),
    aws(
        "aws:iam/rolePolicyAttachment:RolePolicyAttachment",
        "attached",
        {"policyArn": "arn:aws:iam::aws:policy/AmazonSSMManagedInstanceCore"},
    ),
)
OF_A_SET = aws(
    "aws:ssoadmin/permissionSetInlinePolicy:PermissionSetInlinePolicy",
    "set",
    {"inlinePolicy": allow("*", "*")},
)
IDENTITY_FOUND = [
    ("aws-iam-everything", IDENTITY.but("policy", "policy", allow("*", "*"))),
    *(("aws-iam-everything", IDENTITY.but("policy", "policy", allow(it, "*"))) for it in ("*:*", "**", "?*")),
    ("aws-iam-everything", IDENTITY.and_also(OF_A_SET)),
    ("aws-iam-service-wildcard", IDENTITY.but("policy", "policy", allow(["s3:*"]))),
    ("aws-iam-service-wildcard", IDENTITY.but("policy", "policy", allow(["s3:**"]))),
    ("aws-iam-service-wildcard", IDENTITY.but("policy", "policy", allow(["iam:?*"], "*"))),
    *(
        ("aws-iam-resource-wildcard", IDENTITY.but("policy", "policy", allow(action, everything)))
        for action, everything in (
            ("s3:DeleteObject", "arn:aws:s3:::*"),
            ("s3:DeleteObject", "arn:aws:s3:::*/*"),
            ("sqs:SendMessage", "arn:aws:sqs:*:*:*"),
            ("secretsmanager:GetSecretValue", "*"),
            ("secretsmanager:Get*", "*"),
            ("ssm:GetParameters", "*"),
            ("s3:GetObject", "*"),
        )
    ),
    *(
        ("aws-iam-pass-role", IDENTITY.but("policy", "policy", allow(action, roles)))
        for action, roles in (
            ("iam:passrole", "*"),
            ("iam:Pass*", "*"),
            ("iam:PassRole", "arn:aws:iam::123456789012:role/*"),
            ("iam:PassRole", "arn:aws:iam::*:role/*"),
        )
    ),
    ("aws-iam-resource-wildcard", IDENTITY.but("reads", "policy", allow("ec2:StopInstances", "*"))),
    ("aws-iam-pass-role", IDENTITY.but("policy", "policy", allow("iam:PassRole", "*"))),
    (
        "aws-iam-allow-by-exception",
        IDENTITY.but("policy", "policy", allow("s3:GetObject", NotAction="iam:CreateUser")),
    ),
    (
        "aws-iam-managed-admin",
        IDENTITY.but("attached", "policyArn", "arn:aws:iam::aws:policy/AdministratorAccess"),
    ),
    ("aws-iam-trust-anyone", IDENTITY.but("role", "assumeRolePolicy", trust({"AWS": "*"}))),
    ("aws-iam-trust-workflow", IDENTITY.but("workflow", "assumeRolePolicy", workflow(""))),
    *(
        ("aws-iam-trust-workflow", IDENTITY.but("workflow", "assumeRolePolicy", workflow(subject)))
        for subject in ("repo:*", "*", "repo:*/*", "repo:*:ref:refs/heads/main", "repo:shop/*", "repo:a*/b:*")
    ),
    (
        "aws-iam-trust-workflow",
        IDENTITY.but("workflow", "assumeRolePolicy", workflow("repo:*").replace(PROVIDER, "<github.arn>")),
    ),
    (
        "aws-iam-trust-workflow",
        IDENTITY.but("workflow", "assumeRolePolicy", trust({"Federated": "<github.arn>"})),
    ),
    (
        "aws-iam-trust-anyone",
        IDENTITY.but("role", "assumeRolePolicy", trust("*", Bool={"aws:SecureTransport": "true"})),
    ),
    ("aws-iam-managed-admin", IDENTITY.and_also(EXCLUSIVE)),
    ("aws-iam-user-key", IDENTITY.and_also(aws("aws:iam/accessKey:AccessKey", "key", {"user": "ann"}))),
    (
        "aws-iam-user-policy",
        IDENTITY.and_also(
            aws("aws:iam/userPolicy:UserPolicy", "ann", {"user": "ann", "policy": allow("s3:GetObject")})
        ),
    ),
]
"""Two checks are against a type as such: what they let be is everything else."""
IDENTITY_IN_OTHER_SHAPES = [
    (
        "aws-iam-everything",
        aws("aws:iam/role:Role", "inline", {"inlinePolicies": [{"policy": allow("*", "*")}]}),
    )
]
IDENTITY_SILENT = [
    *(
        ("aws-iam-trust-workflow", IDENTITY.but("workflow", "assumeRolePolicy", workflow(subject)))
        for subject in ("repo:shop/shop:*", "repo:shop/shop:environment:production")
    ),
    (
        "aws-iam-trust-anyone",
        IDENTITY.but("role", "assumeRolePolicy", trust("*", StringEquals={"aws:PrincipalOrgID": "o-1"})),
    ),
    (
        "aws-iam-pass-role",
        IDENTITY.but("policy", "policy", allow("iam:PassRole", "arn:aws:iam::1:role/shop-*")),
    ),
    (
        "aws-iam-resource-wildcard",
        IDENTITY.but("policy", "policy", allow("s3:DeleteObject", "arn:aws:s3:::shop-*/*")),
    ),
]
