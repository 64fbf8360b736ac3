"""Keys, secrets, parameters, logs and messages of AWS: encryption at rest and what outlives a mistake."""

import re
from collections.abc import Iterator

from ..problem import Problem
from .check import Severity, of_resource
from .declared import Declared, can_be_judged, truth
from .policies import lets_nobody_in_unnamed
from .rules import at_least, is_there, must

KEY = "aws:kms/key:Key"
_SECRET = "aws:secretsmanager/secret:Secret"  # noqa: S105 a type
_PARAMETER = "aws:ssm/parameter:Parameter"
_LOGS = "aws:cloudwatch/logGroup:LogGroup"
_TOPIC = "aws:sns/topic:Topic"
_QUEUE = "aws:sqs/queue:Queue"
_LEAST_WINDOW_DAYS = 14
_SOUNDS_SECRET = re.compile(r"passw|secret|token|credential|private[-_.]?key|api[-_.]?key", re.IGNORECASE)
_RESOURCE_POLICIES = {
    KEY: "policy",
    "aws:kms/externalKey:ExternalKey": "policy",
    "aws:kms/keyPolicy:KeyPolicy": "policy",
    "aws:kms/replicaKey:ReplicaKey": "policy",
    _SECRET: "policy",
    "aws:secretsmanager/secretPolicy:SecretPolicy": "policy",
    _TOPIC: "policy",
    "aws:sns/topicPolicy:TopicPolicy": "policy",
    _QUEUE: "policy",
    "aws:sqs/queuePolicy:QueuePolicy": "policy",
    "aws:backup/vaultPolicy:VaultPolicy": "policy",
    "aws:cloudwatch/eventBusPolicy:EventBusPolicy": "policy",
    "aws:dynamodb/resourcePolicy:ResourcePolicy": "policy",
    "aws:ecr/repositoryPolicy:RepositoryPolicy": "policy",
    "aws:efs/fileSystemPolicy:FileSystemPolicy": "policy",
    "aws:elasticsearch/domain:Domain": "accessPolicies",
    "aws:elasticsearch/domainPolicy:DomainPolicy": "accessPolicies",
    "aws:kinesis/resourcePolicy:ResourcePolicy": "policy",
    "aws:msk/clusterPolicy:ClusterPolicy": "policy",
    "aws:opensearch/domain:Domain": "accessPolicies",
    "aws:opensearch/domainPolicy:DomainPolicy": "accessPolicies",
    "aws:s3/accessPoint:AccessPoint": "policy",
    "aws:s3control/accessPointPolicy:AccessPointPolicy": "policy",
}
"""Types with a policy that says who may come, and where it stands."""
_PERMISSION = "aws:lambda/permission:Permission"


@of_resource("aws-kms-rotation", Severity.MEDIUM, KEY)
def key_is_rotated(resource: Declared) -> Iterator[Problem]:
    """A key is rotated every year.

    What one generation of a key has encrypted bounds what its loss costs: CIS AWS 3.6, Security Hub KMS.4.
    """
    if resource.get("customerMasterKeySpec") not in (None, "SYMMETRIC_DEFAULT"):
        return  # AWS rotates no other kind
    yield from must(
        resource,
        "enableKeyRotation",
        truth,
        "never rotated",
        "true",
        "enable_key_rotation=True",
        default=False,
    )


@of_resource("aws-kms-deletion-window", Severity.HIGH, KEY, "aws:kms/replicaKey:ReplicaKey")
def key_can_be_brought_back(resource: Declared) -> Iterator[Problem]:
    """A key that is to be deleted waits for at least two weeks.

    With the key goes everything that it encrypts, and only within the window does AWS bring it back:
    Security Hub KMS.3.
    """
    yield from must(
        resource,
        "deletionWindowInDays",
        at_least(_LEAST_WINDOW_DAYS),
        "gone before anyone misses it",
        f"{_LEAST_WINDOW_DAYS} to 30 days",
        "deletion_window_in_days=30, or leave it out",
        default=30,
    )


@of_resource("aws-policy-public", Severity.CRITICAL, *_RESOURCE_POLICIES, _PERMISSION)
def policy_names_who_may_come(resource: Declared) -> Iterator[Problem]:
    """The policy of a key, a secret, a topic, a queue or the like lets no one in without naming them.

    `Principal: *` without a condition on who it is, is every account of AWS: Security Hub KMS.5, SNS.4, SQS.3
    and Lambda.1.
    """
    allowed = "named principals, or a condition such as kms:CallerAccount"
    fix = "name the account or the roles that need it"
    if resource.type == _PERMISSION:
        bound = any(is_there(resource.get(path)) for path in ("principalOrgId", "sourceAccount", "sourceArn"))
        signed = resource.get("functionUrlAuthType") == "AWS_IAM"
        if resource.get("principal") == "*" and not (bound or signed):
            yield Problem("principal", "everyone is let in", "'*'", allowed, fix)
        return
    yield from lets_nobody_in_unnamed(resource, allowed, fix, _RESOURCE_POLICIES[resource.type])


@of_resource("aws-secret-recovery", Severity.HIGH, _SECRET)
def secret_can_be_brought_back(resource: Declared) -> Iterator[Problem]:
    """A deleted secret can be brought back for at least a week.

    0 days delete at once, and what only the secret opens is closed for good.
    """
    yield from must(
        resource,
        "recoveryWindowInDays",
        at_least(7),
        "deleted at once",
        "7 to 30 days",
        "recovery_window_in_days=30, or leave it out",
        default=30,
    )


@of_resource("aws-parameter-encrypted", Severity.HIGH, _PARAMETER)
def parameter_that_is_secret_is_encrypted(resource: Declared) -> Iterator[Problem]:
    """A parameter whose name says that it is secret is a SecureString.

    Everyone who may list parameters reads a String, in the console and in the state: CKV2_AWS_34 of checkov.
    """
    name = resource.get("name", resource.name)
    if isinstance(name, str) and _SOUNDS_SECRET.search(name):
        yield from must(
            resource,
            "type",
            lambda kind: kind == "SecureString",
            f"{name!r} is readable",
            "SecureString",
            "type='SecureString' with a secret `value` and a `key_id`",
        )


@of_resource("aws-logs-retention", Severity.MEDIUM, _LOGS)
def logs_end(resource: Declared) -> Iterator[Problem]:
    """A log group says how long it keeps what it gets.

    Nothing means for ever: a bill that only grows, and personal data that nobody deletes: Security Hub
    CloudWatch.16.
    """
    yield from must(
        resource,
        "retentionInDays",
        at_least(1),
        "kept for ever",
        "a number of days, such as 30, 90 or 365",
        "retention_in_days=90",
    )


@of_resource("aws-logs-encrypted", Severity.LOW, _LOGS)
def logs_have_a_key(resource: Declared) -> Iterator[Problem]:
    """A log group is encrypted with a key of one's own.

    CloudWatch encrypts with a key of AWS, whose use nobody can withdraw or read about: AVD-AWS-0017 of
    trivy.
    """
    yield from must(
        resource, "kmsKeyId", is_there, "with a key of AWS", "the ARN of a key", "kms_key_id=key.arn"
    )


@of_resource("aws-messages-encrypted", Severity.MEDIUM, _TOPIC, _QUEUE)
def messages_are_encrypted(resource: Declared) -> Iterator[Problem]:
    """A topic or a queue encrypts its messages.

    What waits in it is stored: Security Hub SNS.1 and SQS.1. A queue does so unless it is told not to.
    """
    own_key = resource.get("sqsManagedSseEnabled", True)
    if resource.type == _QUEUE and (truth(own_key) or not can_be_judged(own_key)):
        return
    yield from must(
        resource, "kmsMasterKeyId", is_there, "stored as they are", "a key", "kms_master_key_id=key.id"
    )
