"""What holds for resources of every kind."""

import re
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from ..problem import Problem
from .aws_tables import is_regional, is_taggable
from .check import Severity, of_resource, of_whole
from .declared import Declared, Resources, can_be_judged
from .rules import is_there
from .secrecy import has_password, is_reference
from .services import CONTAINER, PLAIN, SERVICE

ANY = "*"
_AWS = "aws:*"
AWS_PROVIDER = "pulumi:providers:aws"
HOLDS_DATA = (
    "aws:backup/vault:Vault",
    "aws:docdb/cluster:Cluster",
    "aws:dynamodb/table:Table",
    "aws:ebs/volume:Volume",
    "aws:efs/fileSystem:FileSystem",
    "aws:elasticache/replicationGroup:ReplicationGroup",
    "aws:kms/key:Key",
    "aws:kms/replicaKey:ReplicaKey",
    "aws:neptune/cluster:Cluster",
    "aws:rds/cluster:Cluster",
    "aws:rds/instance:Instance",
    "aws:s3/bucket:Bucket",
    "aws:s3/bucketV2:BucketV2",
    "aws:secretsmanager/secret:Secret",
    "cloudflare:index/d1Database:D1Database",
    "cloudflare:index/r2Bucket:R2Bucket",
    "cloudflare:index/workersKvNamespace:WorkersKvNamespace",
    "cloudflare:index/zone:Zone",
    "docker:index/volume:Volume",
    "vault:index/mount:Mount",
    "vault:kv/secretV2:SecretV2",
    "vault:transit/secretBackendKey:SecretBackendKey",
)
"""Their loss loses data that no plan can bring back."""
_DEPRECATED = Path(__file__).with_name("deprecated.yaml")
_SECRET_NAMES = re.compile(
    r".*(password|passwd|passphrase|secret|token|apikey|secretkey|privatekey|clientkey|secretstring|secretbinary"
    r"|connectionstring|apiuserservicekey|datajson|presharedkey|authkey)(wo)?"
)
SECRET_PLACES = {
    "docker:index/secret:Secret": "data",
    "vault:kv/secretV2:SecretV2": "dataJson",
    "aws:ssm/parameter:Parameter": "value",
}
_SHOWN_BY_DOCKER = {
    SERVICE: tuple(f"{CONTAINER}.{part}" for part in ("env.", "args[", "commands[")),
    PLAIN: ("envs[", "command[", "entrypoints["),
}
_NO_SECRETS = ("clienttoken", "publictoken", "paginationtoken")
PRIVATE_KEY = "PRIVATE KEY-----"


@of_resource("aws-region-named", Severity.HIGH, _AWS)
def region_is_named(resource: Declared) -> Iterator[Problem]:
    """A regional resource of AWS names its region.

    One that does not goes where the provider's default says, which no plan shows; with two regions that is
    the wrong one half of the time.
    """
    if is_regional(resource.type) and not is_there(resource.get("region")):
        yield Problem(
            "region",
            f"not named for {resource.type}",
            "nothing",
            "a region such as 'us-east-1'",
            "give region=: else the provider's default decides",
        )


@of_whole("aws-tags-present", Severity.MEDIUM, _AWS, AWS_PROVIDER)
def tags_are_there(resources: Resources) -> Iterator[tuple[Declared, Problem]]:
    """What can have tags has some.

    Costs, owners and alarms of a bill go by tags; what has none is nobody's: Security Hub, the tagging
    standard.
    """
    tagging = {p.urn for p in resources.of(AWS_PROVIDER) if is_there(p.get("defaultTags"))}
    for resource in resources.of(_AWS):
        if (
            is_taggable(resource.type)
            and resource.provider not in tagging
            and not is_there(resource.get("tags"))
        ):
            yield (
                resource,
                Problem(
                    "tags",
                    "none",
                    "nothing",
                    "such as environment, project and Name",
                    "tags={...}, or default_tags for the provider",
                ),
            )


@of_resource("aws-account-named", Severity.MEDIUM, AWS_PROVIDER)
def account_is_named(resource: Declared) -> Iterator[Problem]:
    """A provider of AWS names the account that it may touch.

    With the wrong credentials in the shell, staging is applied to production.
    """
    if not is_there(resource.get("allowedAccountIds")) and not is_there(resource.get("endpoints")):
        yield Problem(
            "allowedAccountIds",
            "any account will do",
            "nothing",
            "the account's 12 digits",
            "allowed_account_ids=['123456789012']",
        )


@of_resource("data-protected", Severity.MEDIUM, *HOLDS_DATA)
def data_is_protected(resource: Declared) -> Iterator[Problem]:
    """What holds data is protected in the program.

    A mistaken change deletes or replaces it otherwise, and no plan brings back what was in it.
    """
    if not resource.protect:
        yield Problem(
            "protect",
            "a change may delete it",
            "false",
            "true",
            "ResourceOptions(protect=True) where the data counts",
        )


@of_resource("secret-in-plain-property", Severity.HIGH, ANY)
def secrets_are_secret(resource: Declared) -> Iterator[Problem]:
    """What is called a secret is one, and so is a password in an address.

    A plain value stands in the state, in every plan and in the logs of whoever runs it: Pulumi, "Secrets".
    """
    for path, value in _plain_secrets(resource):
        if isinstance(value, str) and value and can_be_judged(value) and not is_reference(value):
            yield Problem(
                path,
                "a secret as plain text",
                "a hidden value",
                "a secret Output",
                "config.require_secret(...), or pulumi.Output.secret(...)",
            )


def _plain_secrets(resource: Declared) -> Iterator[tuple[str, Any]]:
    own = SECRET_PLACES.get(resource.type)
    if own and not (own == "value" and resource.get("type") != "SecureString"):
        yield own, resource.get(own)
    for path, key, value in _walk(resource.properties, ""):
        told_elsewhere = path.startswith(_SHOWN_BY_DOCKER.get(resource.type, ()))
        if path != own and (is_secret_name(key) or has_password(value)) and not told_elsewhere:
            yield path, value


@cache
def is_secret_name(key: str) -> bool:
    """Whether the name ends so: `httpTokens` and `secretName` are no secrets."""
    word = key.lower().replace("_", "").replace("-", "")
    return word not in _NO_SECRETS and _SECRET_NAMES.fullmatch(word) is not None


def _walk(value: Any, path: str, key: str = "") -> Iterator[tuple[str, str, Any]]:
    if isinstance(value, Mapping):
        for name, item in value.items():
            yield from _walk(item, f"{path}.{name}" if path else str(name), str(name))
    elif isinstance(value, list | tuple):
        for number, item in enumerate(value):
            yield from _walk(item, f"{path}[{number}]", key)
    elif isinstance(value, str):
        yield path, key, value


@of_resource("private-key-in-plain-property", Severity.CRITICAL, ANY)
def private_keys_are_secret(resource: Declared) -> Iterator[Problem]:
    """No private key stands in a plain property.

    Who reads the state can be whom it is for, until it is withdrawn.
    """
    for path, _, value in _walk(resource.properties, ""):
        if PRIVATE_KEY in value and path != "userData":
            yield Problem(
                path,
                "a private key as plain text",
                "a hidden value",
                "a secret Output",
                "config.require_secret(...), and take the key out of use",
            )


@cache
def deprecated() -> Mapping[str, Mapping[str, Any]]:
    """The table of what will not work for long."""
    table: Mapping[str, Mapping[str, Any]] = yaml.safe_load(_DEPRECATED.read_text())
    return table


@cache
def _instead_of(token: str) -> str:
    return next((instead for kind, instead in deprecated()["types"].items() if _fits(token, kind)), "")


@cache
def _arguments_of(token: str) -> Mapping[str, str]:
    tables = (table for kind, table in deprecated()["arguments"].items() if _fits(token, kind))
    return {path: instead for table in tables for path, instead in table.items()}


def _fits(token: str, kind: str) -> bool:
    return token.startswith(kind[:-1]) if kind.endswith("*") else token == kind


@of_resource("deprecated-type", Severity.MEDIUM, ANY)
def type_has_a_future(resource: Declared) -> Iterator[Problem]:
    """A resource is of a type that will be there in the next version.

    A provider's new major version removes it, on a day when something else is urgent.
    """
    if instead := _instead_of(resource.type):
        yield Problem("type", "deprecated", resource.type, instead, f"use {instead}")


@of_resource("deprecated-argument", Severity.MEDIUM, ANY)
def argument_has_a_future(resource: Declared) -> Iterator[Problem]:
    """A resource has no argument that will not be there in the next version.

    The SDK says nothing when it is passed by keyword, and some undo at every run what a resource of their
    own declares.
    """
    for path, instead in _arguments_of(resource.type).items():
        owner, _, last = path.rpartition("[].")
        if owner:
            found = [f"{where}.{last}" for where, item in resource.each(owner) if is_there(item.get(last))]
        else:
            found = [path] if is_there(resource.get(path)) else []
        for where in found:
            yield Problem(where, "deprecated", "an argument", instead, f"use {instead}")
