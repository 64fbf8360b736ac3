"""Keys, and the roles that use them."""

from typing import Any

from .aws_calls import Given, Judge


def _make_key(given: Given) -> str:
    policy = {"Policy": given["policy"]} if given.get("policy") else {}
    made = given.call("kms", "CreateKey", Description=given.get("description", ""), **policy)
    identifier = str(made["KeyMetadata"]["KeyId"])
    if given.get("enableKeyRotation"):
        given.call("kms", "EnableKeyRotation", KeyId=identifier)
    return identifier


def _change_key(given: Given, it: Any, changed: set[str]) -> None:
    if "policy" in changed:
        given.call("kms", "PutKeyPolicy", KeyId=it.id, PolicyName="default", Policy=given["policy"])
    if "description" in changed:
        given.call("kms", "UpdateKeyDescription", KeyId=it.id, Description=given["description"])


def _make_alias(given: Given) -> tuple[str, dict[str, Any]]:
    given.call("kms", "CreateAlias", AliasName=given["name"], TargetKeyId=given["targetKeyId"])
    return f"{given['region']}/{given['name']}", {}


def _make_role(given: Given) -> str:
    given.call(
        "iam",
        "CreateRole",
        RoleName=given["name"],
        AssumeRolePolicyDocument=given["assumeRolePolicy"],
        Description=given.get("description", ""),
    )
    return str(given["name"])


def _put_policy(given: Given, *_: Any) -> str:
    given.call(
        "iam",
        "PutRolePolicy",
        RoleName=given["role"],
        PolicyName=given["name"],
        PolicyDocument=given["policy"],
    )
    return f"{given['role']}:{given['name']}"


JUDGES = [
    Judge(
        "aws:kms/key:Key",
        _make_key,
        lambda given, it: given.call(
            "kms",
            "ScheduleKeyDeletion",
            KeyId=it.id,
            PendingWindowInDays=given.get("deletionWindowInDays", 30),
        ),
        _change_key,
    ),
    Judge(
        "aws:kms/alias:Alias",
        _make_alias,
        lambda given, it: given.call("kms", "DeleteAlias", AliasName=given["name"]),
        lambda given, it, changed: given.call(
            "kms", "UpdateAlias", AliasName=given["name"], TargetKeyId=given["targetKeyId"]
        ),
    ),
    Judge("aws:iam/role:Role", _make_role, lambda given, it: given.call("iam", "DeleteRole", RoleName=it.id)),
    Judge(
        "aws:iam/rolePolicy:RolePolicy",
        _put_policy,
        lambda given, it: given.call(
            "iam", "DeleteRolePolicy", RoleName=given["role"], PolicyName=given["name"]
        ),
        _put_policy,
    ),
]
