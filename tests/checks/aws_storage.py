"""Buckets, keys, secrets, logs and messages."""

import json

from .sample import aws, sample

BUCKET = "shop-media"


def policy(*statements):
    return json.dumps({"Version": "2012-10-17", "Statement": list(statements)})


ONLY_TLS = {
    "Effect": "Deny",
    "Principal": "*",
    "Action": "s3:*",
    "Resource": f"arn:aws:s3:::{BUCKET}/*",
    "Condition": {"Bool": {"aws:SecureTransport": "false"}},
}
READ_BY_ALL = {"Effect": "Allow", "Principal": "*", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::b/*"}
USED_BY_ALL = {"Effect": "Allow", "Principal": {"AWS": "*"}, "Action": "kms:Decrypt", "Resource": "*"}
THROUGH_S3 = {**USED_BY_ALL, "Condition": {"StringEquals": {"kms:CallerAccount": "123456789012"}}}
PUBLIC = (
    {**READ_BY_ALL, "Condition": {"Bool": {"aws:SecureTransport": "true"}}},
    {**READ_BY_ALL, "Condition": {"StringNotEquals": {"aws:SourceVpce": "vpce-1"}}},
    {**READ_BY_ALL, "Condition": {"StringEqualsIfExists": {"aws:SourceVpce": "vpce-1"}}},
    {**READ_BY_ALL, "Condition": {"StringLike": {"aws:PrincipalArn": "*"}}},
    {**READ_BY_ALL, "Condition": {"IpAddress": {"aws:SourceIp": ["10.0.0.0/8", "0.0.0.0/0"]}}},
    {**READ_BY_ALL, "Principal": {"AWS": ["arn:aws:iam::123456789012:root", "*"]}},
    {**{k: v for k, v in READ_BY_ALL.items() if k != "Principal"}, "NotPrincipal": {"AWS": "123456789012"}},
)
"""Anyone, in other words."""
NAMED = (
    {"StringEquals": {"aws:sourcevpce": "vpce-1"}},
    {"ArnLike": {"AWS:SourceArn": "arn:aws:cloudfront::123456789012:distribution/*"}},
    {"IpAddress": {"aws:SourceIp": "203.0.113.0/24"}},
)
ALL_USERS = "http://acs.amazonaws.com/groups/global/AllUsers"
PARTS = ("blockPublicAcls", "blockPublicPolicy", "ignorePublicAcls", "restrictPublicBuckets")

S3 = sample(
    aws("aws:s3/bucket:Bucket", "bucket", {"bucket": BUCKET, "forceDestroy": False}),
    aws(
        "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock",
        "block",
        {"bucket": BUCKET, **dict.fromkeys(PARTS, True)},
    ),
    aws(
        "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration",
        "encryption",
        {
            "bucket": "<bucket.id>",
            "rules": [{"applyServerSideEncryptionByDefault": {"sseAlgorithm": "aws:kms"}}],
        },
        dependencies={"bucket": ["bucket"]},
    ),
    aws(
        "aws:s3/bucketVersioning:BucketVersioning",
        "versioning",
        {"bucket": BUCKET, "versioningConfiguration": {"status": "Enabled"}},
    ),
    aws("aws:s3/bucketPolicy:BucketPolicy", "policy", {"bucket": BUCKET, "policy": policy(ONLY_TLS)}),
    aws(
        "aws:s3/bucketOwnershipControls:BucketOwnershipControls",
        "ownership",
        {"bucket": BUCKET, "rule": {"objectOwnership": "BucketOwnerEnforced"}},
    ),
    aws(
        "aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration",
        "lifecycle",
        {"bucket": BUCKET, "rules": [{"id": "all", "status": "Enabled"}]},
    ),
    aws("aws:s3/bucketAcl:BucketAcl", "acl", {"bucket": BUCKET, "acl": "private"}),
)
S3_FOUND = [
    *(("aws-s3-public-access", S3.but("block", part, False)) for part in PARTS),
    ("aws-s3-public-access", S3.but("block", PARTS[0], None)),
    ("aws-s3-public-access", S3.without("block")),
    ("aws-s3-public-access", S3.but("block", "bucket", "another")),
    ("aws-s3-acl-private", S3.but("acl", "acl", "public-read")),
    ("aws-s3-policy-public", S3.but("policy", "policy", policy(ONLY_TLS, READ_BY_ALL))),
    ("aws-s3-encrypted", S3.without("encryption")),
    (
        "aws-s3-encrypted",
        S3.but("encryption", "rules.0.applyServerSideEncryptionByDefault.sseAlgorithm", "AES256"),
    ),
    ("aws-s3-versioned", S3.without("versioning")),
    ("aws-s3-versioned", S3.but("versioning", "versioningConfiguration.status", "Suspended")),
    ("aws-s3-tls-only", S3.without("policy")),
    *(
        ("aws-s3-tls-only", S3.but("policy", "policy", policy({**ONLY_TLS, **other})))
        for other in (
            {"Principal": {"AWS": "arn:aws:iam::123456789012:root"}},
            {"Action": "s3:GetObject"},
            {"Resource": f"arn:aws:s3:::{BUCKET}"},
            {"Condition": {"Bool": {"aws:SecureTransport": "true"}}},
            {"Condition": {"Bool": {"aws:SecureTransport": "false"}, "StringEquals": {"aws:userid": "a"}}},
        )
    ),
    *(("aws-s3-policy-public", S3.but("policy", "policy", policy(ONLY_TLS, other))) for other in PUBLIC),
    (
        "aws-s3-acl-private",
        S3.but("acl", "accessControlPolicy", {"grants": [{"grantee": {"uri": ALL_USERS}}]}),
    ),
    (
        "aws-s3-acl-private",
        S3.and_also(aws("aws:s3/bucketObjectv2:BucketObjectv2", "o", {"acl": "public-read"})),
    ),
    ("aws-s3-owner-enforced", S3.without("ownership")),
    ("aws-s3-owner-enforced", S3.but("ownership", "rule.objectOwnership", "ObjectWriter")),
    ("aws-s3-lifecycle", S3.without("lifecycle")),
    ("aws-s3-force-destroy", S3.but("bucket", "forceDestroy", True)),
]
S3_SILENT = [
    *(
        ("aws-s3-policy-public", S3.but("policy", "policy", policy({**READ_BY_ALL, "Condition": condition})))
        for condition in NAMED
    ),
    ("aws-s3-tls-only", S3.but("policy", "policy", policy({**ONLY_TLS, "Principal": {"AWS": "*"}}))),
]
_OLD = aws("aws:s3/bucketV2:BucketV2", "old", {"bucket": "old"})
S3_IN_OTHER_SHAPES = [
    ("aws-s3-public-access", _OLD),
    ("aws-s3-encrypted", _OLD),
    ("aws-s3-tls-only", _OLD),
    ("aws-s3-policy-public", aws("aws:s3/bucket:Bucket", "inline", {"policy": policy(READ_BY_ALL)})),
    ("aws-s3-acl-private", aws("aws:s3/bucketAclV2:BucketAclV2", "old", {"acl": "public-read"})),
    ("aws-s3-acl-private", aws("aws:s3/bucket:Bucket", "grants", {"grants": [{"uri": ALL_USERS}]})),
]
"""Shapes that are deprecated, and incomplete by themselves."""

KEYS = sample(
    aws(
        "aws:kms/key:Key",
        "key",
        {"enableKeyRotation": True, "deletionWindowInDays": 30, "policy": policy(THROUGH_S3)},
    ),
    aws("aws:kms/key:Key", "signing", {"customerMasterKeySpec": "RSA_2048"}),
    aws("aws:kms/replicaKey:ReplicaKey", "replica", {"primaryKeyArn": "<key.arn>"}),
    aws("aws:secretsmanager/secret:Secret", "secret", {"recoveryWindowInDays": 30}),
    aws(
        "aws:secretsmanager/secretPolicy:SecretPolicy",
        "secret-policy",
        {"secretArn": "<secret.arn>", "policy": policy(THROUGH_S3)},
    ),
    aws("aws:sns/topicPolicy:TopicPolicy", "topic-policy", {"arn": "<topic.arn>", "policy": "<p.json>"}),
    aws("aws:sqs/queuePolicy:QueuePolicy", "queue-policy", {"policy": policy(THROUGH_S3)}),
    aws("aws:ssm/parameter:Parameter", "host", {"name": "/shop/host", "type": "String"}),
    aws("aws:ssm/parameter:Parameter", "token", {"name": "/shop/token", "type": "SecureString"}),
    aws("aws:cloudwatch/logGroup:LogGroup", "logs", {"retentionInDays": 90, "kmsKeyId": "<key.arn>"}),
    aws("aws:sns/topic:Topic", "topic", {"kmsMasterKeyId": "<key.id>"}),
    aws("aws:sqs/queue:Queue", "queue", {"sqsManagedSseEnabled": True}),
    aws("aws:lambda/permission:Permission", "permission", {"principal": "*", "sourceArn": "<api.arn>"}),
)
KEYS_FOUND = [
    ("aws-kms-rotation", KEYS.but("key", "enableKeyRotation", False)),
    ("aws-kms-rotation", KEYS.but("key", "enableKeyRotation", None)),
    ("aws-kms-deletion-window", KEYS.but("key", "deletionWindowInDays", 7)),
    ("aws-kms-deletion-window", KEYS.but("replica", "deletionWindowInDays", 7)),
    ("aws-policy-public", KEYS.but("key", "policy", policy(USED_BY_ALL))),
    ("aws-policy-public", KEYS.but("secret-policy", "policy", policy(USED_BY_ALL))),
    ("aws-policy-public", KEYS.but("queue-policy", "policy", policy(READ_BY_ALL))),
    *(
        ("aws-policy-public", KEYS.but(name, "policy", policy(USED_BY_ALL)))
        for name in ("replica", "secret", "topic", "queue")
    ),
    *(
        ("aws-policy-public", [aws(f"aws:{kind}", "it", {path: policy(USED_BY_ALL)})])
        for kind, path in (
            ("kms/keyPolicy:KeyPolicy", "policy"),
            ("ecr/repositoryPolicy:RepositoryPolicy", "policy"),
            ("efs/fileSystemPolicy:FileSystemPolicy", "policy"),
            ("opensearch/domainPolicy:DomainPolicy", "accessPolicies"),
        )
    ),
    ("aws-policy-public", KEYS.but("permission", "sourceArn", None)),
    ("aws-secret-recovery", KEYS.but("secret", "recoveryWindowInDays", 0)),
    ("aws-parameter-encrypted", KEYS.but("token", "type", "String")),
    ("aws-logs-retention", KEYS.but("logs", "retentionInDays", None)),
    ("aws-logs-retention", KEYS.but("logs", "retentionInDays", 0)),
    ("aws-logs-encrypted", KEYS.but("logs", "kmsKeyId", None)),
    ("aws-messages-encrypted", KEYS.but("topic", "kmsMasterKeyId", None)),
    ("aws-messages-encrypted", KEYS.but("queue", "sqsManagedSseEnabled", False)),
]
