"""Who may do what at AWS."""

import re
from collections.abc import Iterator

from ..problem import Problem
from ..stand_ins import is_stand_in
from .check import Severity, of_resource
from .declared import Declared, at, texts
from .policies import Statement, covers, statements, statements_in
from .rules import said

ROLE = "aws:iam/role:Role"
_OF_A_SET = "aws:ssoadmin/permissionSetInlinePolicy:PermissionSetInlinePolicy"
POLICIES = (
    "aws:iam/policy:Policy",
    "aws:iam/rolePolicy:RolePolicy",
    "aws:iam/userPolicy:UserPolicy",
    "aws:iam/groupPolicy:GroupPolicy",
    _OF_A_SET,
    ROLE,
)
_ATTACHMENTS = (
    "aws:iam/rolePolicyAttachment:RolePolicyAttachment",
    "aws:iam/userPolicyAttachment:UserPolicyAttachment",
    "aws:iam/groupPolicyAttachment:GroupPolicyAttachment",
    "aws:iam/policyAttachment:PolicyAttachment",
    "aws:iam/rolePolicyAttachmentsExclusive:RolePolicyAttachmentsExclusive",
    "aws:iam/userPolicyAttachmentsExclusive:UserPolicyAttachmentsExclusive",
    "aws:iam/groupPolicyAttachmentsExclusive:GroupPolicyAttachmentsExclusive",
    "aws:ssoadmin/managedPolicyAttachment:ManagedPolicyAttachment",
)
_ATTACHED = ("policyArn", "policyArns", "managedPolicyArn", "managedPolicyArns")
_USERS = ("aws:iam/userPolicy:UserPolicy", "aws:iam/userPolicyAttachment:UserPolicyAttachment")
_TOO_MUCH = ("AdministratorAccess", "PowerUserAccess", "IAMFullAccess")
_READS = ("Describe", "List", "Get", "Head", "Lookup", "Search", "View")
_WITHOUT_RESOURCE = ("ec2messages:", "ssmmessages:", "ssm:UpdateInstanceInformation", "sts:GetCallerIdentity")
"""AWS gives these no resource to name."""
_REVEALS = (
    "dynamodb:GetItem",
    "s3:GetObject",
    "secretsmanager:GetSecretValue",
    "ssm:GetParameter",
    "ssm:GetParameters",
    "ssm:GetParametersByPath",
    "ssm:GetParameterHistory",
)
"""They read, and what they read is data or a secret."""
_PASSES = "iam:PassRole"
_GITHUB = "token.actions.githubusercontent.com"
_REPOSITORY = re.compile(r"[^*?]*[^*?:/]/[^*?:/]+(:|$)")
"""What a subject begins with that names an owner and a repository."""
_EVERYTHING = re.compile(r"[*?]*\*[*?]*(:[*?]*)?")
_ALL_OF_A_SERVICE = re.compile(r"[^:]+:[*?]*\*[*?]*")
_ALL_RESOURCES = re.compile(r"\*+|arn:[^:]+:[^:]+:[^:]*:\*?:\*+(/\*+)?")
_ALL_ROLES = re.compile(r"\*+|arn:[^:]+:iam::[^:]*:(role/)?\*+")


def _granted(resource: Declared) -> Iterator[Statement]:
    """What the policy gives, or those that stand in a role."""
    if resource.type == ROLE:
        for path, policy in resource.each("inlinePolicies"):
            yield from statements_in(at(policy, "policy"), f"{path}.policy")
    else:
        yield from statements(resource, "inlinePolicy" if resource.type == _OF_A_SET else "policy")


def _is_told_elsewhere(action: str) -> bool:
    return any(wide.fullmatch(action) for wide in (_EVERYTHING, _ALL_OF_A_SERVICE))


def _is_everything(statement: Statement) -> bool:
    return any(_EVERYTHING.fullmatch(action) for action in statement.actions)


def _reaches(statement: Statement, resources: re.Pattern[str]) -> bool:
    return any(resources.fullmatch(one) for one in statement.resources)


@of_resource("aws-iam-everything", Severity.CRITICAL, *POLICIES)
def policy_does_not_allow_everything(resource: Declared) -> Iterator[Problem]:
    """No policy allows every action.

    Who has it owns the account: CIS AWS 1.16, Security Hub IAM.1.
    """
    for statement in _granted(resource):
        if statement.allows and _is_everything(statement):
            yield Problem(
                f"{statement.path}.Action",
                "everything is allowed",
                f"'*' in {statement}",
                "the actions that are needed",
                "name them: a denied call in CloudTrail tells which is missing",
            )


@of_resource("aws-iam-service-wildcard", Severity.HIGH, *POLICIES)
def policy_names_its_actions(resource: Declared) -> Iterator[Problem]:
    """A policy does not allow all that a service can do.

    `s3:*` deletes buckets and opens them, too: Security Hub IAM.21.
    """
    for statement in _granted(resource):
        for action in statement.actions if statement.allows and not _is_everything(statement) else ():
            if _ALL_OF_A_SERVICE.fullmatch(action):
                yield Problem(
                    f"{statement.path}.Action",
                    "a whole service is allowed",
                    f"{action!r} in {statement}",
                    "the actions that are needed",
                    "name them",
                )


@of_resource("aws-iam-resource-wildcard", Severity.MEDIUM, *POLICIES)
def policy_names_its_resources(resource: Declared) -> Iterator[Problem]:
    """A policy that lets something be changed, or data and secrets be read, says what.

    `Resource: *` reaches everything in the account, what other teams own, too: AVD-AWS-0057 of trivy.
    """
    for statement in _granted(resource):
        if not statement.allows or statement.conditions or not _reaches(statement, _ALL_RESOURCES):
            continue
        for action in statement.actions:
            if _is_told_elsewhere(action) or covers(action, _PASSES) or action.startswith(_WITHOUT_RESOURCE):
                continue
            reads = action.rpartition(":")[2].startswith(_READS)
            if not reads or any(covers(action, one) for one in _REVEALS):
                yield Problem(
                    f"{statement.path}.Resource",
                    f"{action} on everything",
                    f"'*' in {statement}",
                    "ARNs, or a condition such as aws:ResourceTag",
                    "name the resources",
                )


@of_resource("aws-iam-pass-role", Severity.HIGH, *POLICIES)
def roles_are_passed_by_name(resource: Declared) -> Iterator[Problem]:
    """Who may pass a role may pass that one.

    `iam:PassRole` on everything hands the strongest role of the account to a host of one's own: AWS, "Grant
    a user permissions to pass a role".
    """
    for statement in _granted(resource):
        passes = any(covers(it, _PASSES) for it in statement.actions if not _is_told_elsewhere(it))
        if statement.allows and passes and _reaches(statement, _ALL_ROLES):
            yield Problem(
                f"{statement.path}.Resource",
                "any role may be passed",
                f"'*' in {statement}",
                "the ARN of the role",
                "name the role, and add the condition iam:PassedToService",
            )


@of_resource("aws-iam-allow-by-exception", Severity.HIGH, *POLICIES)
def policy_says_what_it_allows(resource: Declared) -> Iterator[Problem]:
    """A policy says what it allows, and not all but something.

    `Allow` with `NotAction` or `NotResource` grows with every service that AWS adds: AWS, "IAM JSON policy
    elements: NotAction".
    """
    for statement in _granted(resource):
        for element in ("NotAction", "NotResource"):
            if statement.allows and element in statement.says:
                yield Problem(
                    f"{statement.path}.{element}",
                    "all but that is allowed",
                    str(statement),
                    element.removeprefix("Not"),
                    "name what is allowed",
                )


@of_resource("aws-iam-managed-admin", Severity.CRITICAL, *_ATTACHMENTS, ROLE)
def nobody_is_given_the_account(resource: Declared) -> Iterator[Problem]:
    """No role, user or group is given AWS's policies for administrators.

    It can do everything, or give itself everything: CIS AWS 1.16.
    """
    for path in _ATTACHED:
        for arn in texts(resource.get(path)):
            if arn.startswith("arn:aws") and arn.rpartition("/")[2] in _TOO_MUCH:
                yield Problem(
                    path, "owns the account", repr(arn), "a policy with what is needed", "write that policy"
                )


@of_resource("aws-iam-trust-anyone", Severity.CRITICAL, ROLE)
def role_names_who_may_take_it(resource: Declared) -> Iterator[Problem]:
    """A role says who may take it.

    `Principal: *` lets any account of AWS become it: AWS IAM Access Analyzer, external access.
    """
    for statement in statements(resource, "assumeRolePolicy"):
        if statement.is_public:
            yield Problem(
                statement.path,
                "anyone may take the role",
                str(statement),
                "an account, a role or a service",
                "name the principal",
            )


@of_resource("aws-iam-trust-workflow", Severity.CRITICAL, ROLE)
def role_names_the_repository(resource: Declared) -> Iterator[Problem]:
    """A role for workflows of GitHub names the repository.

    Every workflow of every repository has a token of the same issuer; the subject alone tells them apart:
    GitHub, "Configuring OpenID Connect in Amazon Web Services".
    """
    for statement in statements(resource, "assumeRolePolicy"):
        if not (statement.allows and _is_for_workflows(statement)):
            continue
        subjects = statement.named(f"{_GITHUB}:sub")
        if not subjects or not all(_REPOSITORY.match(one) for one in subjects):
            yield Problem(
                f"{statement.path}.Condition",
                "any repository's workflow may take the role",
                ", ".join(subjects) or "no condition on the subject",
                f"{_GITHUB}:sub with repo:<owner>/<name>:...",
                "add the subject of the environment or branch that deploys",
            )


def _is_for_workflows(statement: Statement) -> bool:
    """Whether workflows of GitHub may take the role, or on no condition those of an issuer not known yet."""
    principal = statement.says.get("Principal")
    federated = texts(principal.get("Federated")) if isinstance(principal, dict) else []
    said = [*federated, *statement.conditions]
    return any(_GITHUB in one for one in said) or (
        not statement.conditions and any(is_stand_in(one) for one in federated)
    )


@of_resource("aws-iam-user-key", Severity.HIGH, "aws:iam/accessKey:AccessKey")
def no_key_lives_for_ever(resource: Declared) -> Iterator[Problem]:
    """Nothing has an access key that never ends.

    It leaks sooner or later, and works until someone notices: CIS AWS 1.14, Security Hub IAM.3.
    """
    yield Problem(
        "user",
        "a key without an end",
        said(resource.get("user")),
        "a role",
        "let hosts use an instance profile, and workflows OpenID Connect",
    )


@of_resource("aws-iam-user-policy", Severity.LOW, *_USERS)
def permissions_belong_to_groups_and_roles(resource: Declared) -> Iterator[Problem]:
    """A user has permissions through a group or a role.

    What hangs on a person is forgotten when the person moves on: CIS AWS 1.15, Security Hub IAM.2.
    """
    given = said(resource.get("user"))
    yield Problem("user", "a policy on a person", given, "a group or a role", "give it to a group")
