"""What holds for resources of every kind, and what only a plan can judge."""

from dataclasses import replace

from bicoastal.checks.resources import HIDDEN, Program

from .aws_storage import KEYS
from .docker import DOCKER
from .sample import aws, declared, sample
from .vault import VAULT

CONFIG = {
    "pulumi:disable-default-providers": '["random"]',
    "shop:key": "[secret shop:key]",
    "shop:plain": "text",
}
PROGRAM = Program(CONFIG, frozenset({"shop:key"}), (declared("shop:index:Shop", "shop", {"key": HIDDEN}),))
_KEY = "-----BEGIN " + "PRIVATE KEY-----\nplanted\n-----END PRIVATE KEY-----"

EVERYWHERE = sample(
    declared("pulumi:providers:aws", "provider", {"allowedAccountIds": '["123456789012"]'}),
    aws("aws:ec2/eip:Eip", "address", {"domain": "vpc"}),
    aws("aws:iam/user:User", "global", {"name": "ann"}),
    aws("aws:kms/alias:Alias", "tagless", {"name": "alias/shop"}),
    aws("aws:kms/key:Key", "key", {"enableKeyRotation": True}),
    aws("aws:secretsmanager/secretVersion:SecretVersion", "version", {"secretString": HIDDEN}),
    declared("vercel:index/project:Project", "frontend", {"name": "shop", "passwordProtection": {}}),
    declared("random:index/randomId:RandomId", "id", {"byteLength": 8}, provider="urn::random"),
)
_TAGGED_BY_DEFAULT = [
    declared(
        "pulumi:providers:aws",
        "tagging",
        {"allowedAccountIds": '["1"]', "defaultTags": '{"tags": {"a": "b"}}'},
        urn="urn::tagging",
    ),
    aws("aws:ec2/eip:Eip", "address", {"domain": "vpc", "tags": {}}, provider="urn::tagging"),
]
_ARN = "arn:aws:secretsmanager:us-east-1:123456789012:secret:shop-db-a1b2c3"
EVERYWHERE_SILENT = [
    ("aws-tags-present", _TAGGED_BY_DEFAULT),
    ("secret-in-plain-property", EVERYWHERE.but("frontend", "passwordProtection.password", _ARN)),
    ("secret-in-plain-property", EVERYWHERE.but("frontend", "name", "postgres://{{name}}:{{password}}@h/db")),
]


def unprotected(token):
    return [replace(one, protect=False) if one.type == token else one for one in EVERYWHERE.resources]


EVERYWHERE_FOUND = [
    ("aws-region-named", EVERYWHERE.but("address", "region", None)),
    ("aws-tags-present", EVERYWHERE.but("address", "tags", {})),
    ("aws-tags-present", EVERYWHERE.but("global", "tags", None)),
    ("aws-account-named", EVERYWHERE.but("provider", "allowedAccountIds", None)),
    ("data-protected", unprotected("aws:kms/key:Key")),
    ("data-protected", [replace(VAULT.only("transit")[0], protect=False)]),
    ("data-protected", [declared("cloudflare:index/r2Bucket:R2Bucket", "media", protect=False)]),
    ("secret-in-plain-property", EVERYWHERE.but("version", "secretString", "planted")),
    ("secret-in-plain-property", EVERYWHERE.but("frontend", "passwordProtection.password", "planted")),
    ("secret-in-plain-property", DOCKER.but("secret", "data", "cGxhbnRlZA==")),
    ("secret-in-plain-property", KEYS.but("token", "value", "planted")),
    ("secret-in-plain-property", EVERYWHERE.but("frontend", "name", "https://ann:planted@example.com")),
    ("private-key-in-plain-property", DOCKER.but("config", "dataRaw", _KEY)),
    ("deprecated-type", EVERYWHERE.and_also(aws("aws:s3/bucketAclV2:BucketAclV2", "old"))),
    ("deprecated-type", EVERYWHERE.and_also(declared("cloudflare:index/record:Record", "old"))),
    ("deprecated-type", EVERYWHERE.and_also(declared("cloudflare:index/teamsList:TeamsList", "old"))),
    ("deprecated-argument", EVERYWHERE.but("address", "vpc", True)),
    ("deprecated-argument", DOCKER.but("service", "taskSpec.networksAdvanceds.0", {"name": "net"})),
    ("provider-named", [replace(one, provider=None) for one in EVERYWHERE.resources]),
    ("configured-secret-shown", EVERYWHERE.but("frontend", "name", "[secret shop:key]")),
]
