"""Buckets of S3, each with the resources that say more of it."""

from collections.abc import Callable, Iterator, Sequence

from ..problem import Problem, shown
from .check import Severity, of_resource, of_whole
from .declared import Declared, Resources, at, truth
from .policies import Statement, covers, lets_nobody_in_unnamed, statements
from .rules import is_off, must, must_in

BUCKET = "aws:s3/bucket:Bucket"
_OLD_BUCKET = "aws:s3/bucketV2:BucketV2"
BUCKETS = (BUCKET, _OLD_BUCKET)
POLICY = "aws:s3/bucketPolicy:BucketPolicy"
_ACLS = ("aws:s3/bucketAcl:BucketAcl", "aws:s3/bucketAclV2:BucketAclV2")
_OBJECTS = (
    "aws:s3/bucketObject:BucketObject",
    "aws:s3/bucketObjectv2:BucketObjectv2",
    "aws:s3/objectCopy:ObjectCopy",
)
_BLOCK = ("aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock",)
_ENCRYPTION = (
    "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration",
    "aws:s3/bucketServerSideEncryptionConfigurationV2:BucketServerSideEncryptionConfigurationV2",
)
_LIFECYCLE = (
    "aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration",
    "aws:s3/bucketLifecycleConfigurationV2:BucketLifecycleConfigurationV2",
)
_OWNERSHIP = ("aws:s3/bucketOwnershipControls:BucketOwnershipControls",)
_VERSIONING = (
    "aws:s3/bucketVersioning:BucketVersioning",
    "aws:s3/bucketVersioningV2:BucketVersioningV2",
)
_PARTS = ("blockPublicAcls", "blockPublicPolicy", "ignorePublicAcls", "restrictPublicBuckets")
_PUBLIC_ACLS = ("public-read", "public-read-write", "authenticated-read")
_EVERYONE = ("/global/AllUsers", "/global/AuthenticatedUsers")


def of_bucket(resources: Resources, bucket: Declared, *tokens: str) -> list[Declared]:
    """The resources of these types that belong to the bucket."""
    return [one for one in resources.of(*tokens) if one.comes_from("bucket", bucket, same="bucket")]


def _each_has(
    resources: Resources,
    tokens: Sequence[str],
    missing: Problem,
    judge: Callable[[Declared], Iterator[Problem]],
) -> Iterator[tuple[Declared, Problem]]:
    """Every bucket has a resource of one of these types, and the judge finds nothing in it."""
    for bucket in resources.of(*BUCKETS):
        if not of_bucket(resources, bucket, *tokens):
            yield bucket, missing
    for one in resources.of(*tokens):
        for problem in judge(one):
            yield one, problem


@of_whole("aws-s3-public-access", Severity.CRITICAL, *BUCKETS, *_BLOCK)
def public_access_is_blocked(resources: Resources) -> Iterator[tuple[Declared, Problem]]:
    """A bucket blocks every kind of public access.

    Without all four parts, one object's ACL or one statement of a policy publishes what is in it: CIS AWS
    2.1.4, Security Hub S3.8.
    """
    fix = "declare BucketPublicAccessBlock with all four parts true"
    missing = Problem("public access", "not blocked", "no BucketPublicAccessBlock", "one per bucket", fix)

    def judge(block: Declared) -> Iterator[Problem]:
        for part in _PARTS:
            yield from must(block, part, truth, "public access is let through", "true", fix, default=False)

    yield from _each_has(resources, _BLOCK, missing, judge)


@of_resource("aws-s3-acl-private", Severity.CRITICAL, *BUCKETS, *_ACLS, *_OBJECTS)
def acl_is_private(resource: Declared) -> Iterator[Problem]:
    """No ACL opens a bucket.

    A canned ACL such as `public-read`, or a grant to everyone, shows objects to anyone: Security Hub S3.2 and
    S3.3.
    """
    fix = "leave the ACL out, and let a policy name who may read"
    yield from must(
        resource,
        "acl",
        lambda acl: acl not in _PUBLIC_ACLS,
        "the bucket is open",
        "private, or no ACL",
        fix,
    )
    for grants, who in (("grants", "uri"), ("accessControlPolicy.grants", "grantee.uri")):
        for path, grant in resource.each(grants):
            uri = at(grant, who)
            if isinstance(uri, str) and uri.endswith(_EVERYONE):
                yield Problem(path, "the bucket is open", shown(uri), "named accounts, or no ACL", fix)


@of_resource("aws-s3-policy-public", Severity.CRITICAL, POLICY, *BUCKETS)
def policy_names_who_may_come(resource: Declared) -> Iterator[Problem]:
    """A bucket's policy lets no one in without naming them.

    `Principal: *` without a condition is the whole world: Security Hub S3.2 and S3.3.
    """
    yield from lets_nobody_in_unnamed(
        resource,
        "named principals, or a condition such as aws:SourceVpce",
        "name the roles that need it; for the world, put a CDN before the bucket",
    )


@of_whole("aws-s3-encrypted", Severity.HIGH, *BUCKETS, *_ENCRYPTION)
def bucket_is_encrypted(resources: Resources) -> Iterator[tuple[Declared, Problem]]:
    """A bucket encrypts with a key of KMS.

    AWS's own default has no key policy, no log of who decrypts and no way to withdraw the data from whoever
    may read the bucket: Security Hub S3.17.
    """
    fix = "declare BucketServerSideEncryptionConfiguration with sse_algorithm 'aws:kms' and a key"
    missing = Problem("encryption", "left to AWS's default", "nothing", "aws:kms with a key", fix)

    def judge(one: Declared) -> Iterator[Problem]:
        for path, rule in one.each("rules"):
            yield from must_in(
                rule,
                "applyServerSideEncryptionByDefault.sseAlgorithm",
                f"{path}.applyServerSideEncryptionByDefault.sseAlgorithm",
                lambda algorithm: algorithm in ("aws:kms", "aws:kms:dsse"),
                "not encrypted with a key of KMS",
                "aws:kms or aws:kms:dsse",
                fix,
            )

    yield from _each_has(resources, _ENCRYPTION, missing, judge)


@of_whole("aws-s3-versioned", Severity.MEDIUM, *BUCKETS, *_VERSIONING)
def bucket_keeps_versions(resources: Resources) -> Iterator[tuple[Declared, Problem]]:
    """A bucket keeps versions.

    What is overwritten or deleted by mistake is gone otherwise, and replication needs them: Security Hub
    S3.14.
    """
    fix = "declare BucketVersioning with status 'Enabled'"
    missing = Problem("versioning", "not declared", "nothing", "Enabled", fix)
    yield from _each_has(
        resources,
        _VERSIONING,
        missing,
        lambda one: must(
            one, "versioningConfiguration.status", lambda v: v == "Enabled", "no versions", "Enabled", fix
        ),
    )


@of_whole("aws-s3-tls-only", Severity.HIGH, *BUCKETS, POLICY)
def bucket_is_reached_by_tls(resources: Resources) -> Iterator[tuple[Declared, Problem]]:
    """A bucket refuses requests without TLS.

    S3 answers plain HTTP unless a policy denies it: CIS AWS 2.1.1, Security Hub S3.5.
    """
    for bucket in resources.of(*BUCKETS):
        policies = of_bucket(resources, bucket, POLICY)
        policies += [bucket] if bucket.get("policy") is not None else []
        if not any(_denies_plain_http(policy) for policy in policies):
            yield (
                bucket,
                Problem(
                    "policy",
                    "plain HTTP is answered",
                    f"{len(policies)} policies, none of which denies it",
                    "Deny where aws:SecureTransport is false",
                    "declare BucketPolicy with that statement for the bucket and everything in it",
                ),
            )


def _denies_plain_http(policy: Declared) -> bool:
    if not isinstance(policy.get("policy"), str | dict):
        return True  # unknown
    return any(_is_for_all_plain_http(statement) for statement in statements(policy))


def _is_for_all_plain_http(statement: Statement) -> bool:
    """Whether it denies to everyone all that can be done with objects, on the one condition of HTTP."""
    plain = [text.lower() for text in statement.named("aws:SecureTransport")]
    return (
        statement.says.get("Effect") == "Deny"
        and plain == ["false"]
        and len(statement.conditions) == 1
        and statement.is_for_anyone
        and "NotPrincipal" not in statement.says
        and any(covers(it, "s3:GetObject") and covers(it, "s3:PutObject") for it in statement.actions)
        and any(resource.endswith("*") for resource in statement.resources)
    )


@of_whole("aws-s3-owner-enforced", Severity.MEDIUM, *BUCKETS, *_OWNERSHIP)
def acls_are_off(resources: Resources) -> Iterator[tuple[Declared, Problem]]:
    """A bucket owns everything in it, and ACLs are off.

    Who uploads may otherwise decide who reads, beside every policy: Security Hub S3.12.
    """
    fix = "declare BucketOwnershipControls with BucketOwnerEnforced"
    missing = Problem("ownership", "not declared", "nothing", "BucketOwnerEnforced", fix)
    yield from _each_has(
        resources,
        _OWNERSHIP,
        missing,
        lambda one: must(
            one,
            "rule.objectOwnership",
            lambda v: v == "BucketOwnerEnforced",
            "ACLs count",
            "BucketOwnerEnforced",
            fix,
        ),
    )


@of_whole("aws-s3-lifecycle", Severity.LOW, *BUCKETS, *_LIFECYCLE)
def bucket_tidies_up(resources: Resources) -> Iterator[tuple[Declared, Problem]]:
    """A bucket says how long what is no longer used stays.

    Unfinished uploads and old versions are paid for and shown nowhere: Security Hub S3.13.
    """
    for bucket in resources.of(*BUCKETS):
        if not of_bucket(resources, bucket, *_LIFECYCLE):
            yield (
                bucket,
                Problem(
                    "lifecycle",
                    "not declared",
                    "nothing",
                    "a BucketLifecycleConfiguration",
                    "abort unfinished uploads after 7 days, and let old versions expire",
                ),
            )


@of_resource("aws-s3-force-destroy", Severity.MEDIUM, *BUCKETS)
def bucket_is_not_destroyed_with_its_content(resource: Declared) -> Iterator[Problem]:
    """A bucket that is not empty is not deleted.

    With `force_destroy`, a deletion or a replacement takes every object and every version along.
    """
    yield from must(
        resource,
        "forceDestroy",
        is_off,
        "everything in it goes with the bucket",
        "false",
        "leave force_destroy out; empty the bucket on purpose when it is to go",
    )
