"""Policies and tokens of Vault: who may do what, and for how long.

Types and properties are those of pulumi-vault 7.14.
"""

import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from ..problem import Problem, shown
from .check import Severity, of_resource
from .declared import Declared, can_be_judged, number, texts
from .rules import is_positive, is_there, must

POLICY = "vault:index/policy:Policy"
TOKEN = "vault:index/token:Token"  # noqa: S105 a type
APPROLE = "vault:appRole/authBackendRole:AuthBackendRole"
_SECRET_ID = "vault:appRole/authBackendRoleSecretId:AuthBackendRoleSecretId"  # noqa: S105 a type
JWT_ROLE = "vault:jwt/authBackendRole:AuthBackendRole"
ROLES = (
    APPROLE,
    JWT_ROLE,
    "vault:aws/authBackendRole:AuthBackendRole",
    "vault:azure/authBackendRole:AuthBackendRole",
    "vault:gcp/authBackendRole:AuthBackendRole",
    "vault:index/certAuthBackendRole:CertAuthBackendRole",
    "vault:index/userpassAuthBackendUser:UserpassAuthBackendUser",
    "vault:kubernetes/authBackendRole:AuthBackendRole",
    "vault:ldap/authBackend:AuthBackend",
    "vault:okta/authBackend:AuthBackend",
    "vault:tokenauth/authBackendRole:AuthBackendRole",
)
_LONGEST_S = 32 * 24 * 3600
_BLOCK = re.compile(r'path\s+"([^"]*)"\s*\{([^}]*)\}')
_CAPABILITIES = re.compile(r"capabilities\s*=\s*\[([^\]]*)\]")
_COMMENT = re.compile(r"^\s*(#|//).*$", re.MULTILINE)


@dataclass(frozen=True)
class Grant:
    """What a policy gives on a path."""

    path: str
    capabilities: Sequence[str]

    @property
    def gives(self) -> bool:
        """Whether it gives anything, and does not deny."""
        return bool(self.capabilities) and "deny" not in self.capabilities

    @property
    def is_wide(self) -> bool:
        """Whether a wildcard reaches a whole mount, or more."""
        parts = self.path.strip("/").split("/")
        inner = [part for part in parts[1:] if part not in ("data", "metadata", "*")]
        return self.has_wildcard and (parts[0] in ("*", "+", "sys", "auth") or not inner)

    @property
    def has_wildcard(self) -> bool:
        """Whether it is for more than one path."""
        return self.path.endswith("*") or "+" in self.path.split("/")


def grants(resource: Declared) -> Iterator[Grant]:
    """What a policy gives, from its HCL or JSON; nothing where it is unknown."""
    text = resource.get("policy")
    if not isinstance(text, str):
        return
    if text.lstrip().startswith("{"):
        yield from _from_json(text)
        return
    for path, body in _BLOCK.findall(_COMMENT.sub("", text)):
        found = _CAPABILITIES.search(body)
        yield Grant(path, re.findall(r'"([^"]*)"', found[1]) if found else ())


def _from_json(text: str) -> Iterator[Grant]:
    try:
        document = json.loads(text)
    except ValueError:
        return
    paths = document.get("path") if isinstance(document, dict) else None
    for path, body in paths.items() if isinstance(paths, dict) else ():
        yield Grant(path, texts(body.get("capabilities")) if isinstance(body, dict) else ())


@of_resource("vault-policy-everything", Severity.CRITICAL, POLICY)
def policy_does_not_open_a_mount(resource: Declared) -> Iterator[Problem]:
    """A policy does not open a whole mount, or Vault itself.

    A wildcard as high as that gives every secret that is there, or will be: Vault, "Policies".
    """
    for grant in grants(resource):
        if grant.gives and grant.is_wide:
            yield Problem(
                "policy",
                "everything below it is open",
                f"path {shown(grant.path)}",
                "the path of what is needed",
                "name the secret, such as 'kv/data/production/api'",
            )


@of_resource("vault-policy-wildcard", Severity.MEDIUM, POLICY)
def policy_names_its_paths(resource: Declared) -> Iterator[Problem]:
    """A policy names its paths one by one.

    A wildcard gives what is put there later, too, by people who do not know of it.
    """
    for grant in grants(resource):
        if grant.gives and grant.has_wildcard and not grant.is_wide:
            yield Problem(
                "policy",
                "a wildcard in a path",
                f"path {shown(grant.path)}",
                "paths without '*' and '+'",
                "name them one by one",
            )


@of_resource("vault-policy-sudo", Severity.HIGH, POLICY)
def policy_gives_no_sudo(resource: Declared) -> Iterator[Problem]:
    """A policy gives no `sudo`.

    It opens what Vault protects from everyone but root: seals, raw storage, other people's tokens.
    """
    for grant in grants(resource):
        if grant.gives and "sudo" in grant.capabilities:
            yield Problem(
                "policy",
                "sudo is given",
                f"path {shown(grant.path)}",
                "create, read, update, patch, delete and list",
                "let a person do that, with a token made for it",
            )


@of_resource("vault-token-root", Severity.CRITICAL, TOKEN, *ROLES)
def no_token_is_root(resource: Declared) -> Iterator[Problem]:
    """No token has the policy `root`.

    It can do everything, and no audit brings back what it took: Vault, "Production hardening".
    """
    for path in ("policies", "tokenPolicies", "allowedPolicies"):
        if "root" in texts(resource.get(path)):
            yield Problem(path, "root", "'root'", "policies of its own", "write a policy with what is needed")


@of_resource("vault-token-limit", Severity.HIGH, TOKEN, *ROLES)
def token_ends(resource: Declared) -> Iterator[Problem]:
    """A token ends within 32 days, however often it is renewed.

    What leaks works until it ends. A period alone is no end.
    """
    ways = ("explicitMaxTtl",) if resource.type == TOKEN else ("tokenMaxTtl", "tokenExplicitMaxTtl")
    limits = {way: resource.get(way) for way in ways}
    if not all(can_be_judged(value) for value in limits.values()):
        return
    seconds = [amount for value in limits.values() if (amount := _seconds(value))]
    if not seconds or min(seconds) > _LONGEST_S:
        given = ", ".join(f"{way}={value}" for way, value in limits.items() if is_there(value))
        yield Problem(
            ways[0],
            "it lives for too long" if seconds else "it can be renewed for ever",
            given or "no limit",
            f"1 to {_LONGEST_S} seconds",
            "explicit_max_ttl='24h'" if resource.type == TOKEN else "token_ttl=3600 and token_max_ttl=14400",
        )


def _seconds(value: object) -> float:
    units = {"s": 1, "m": 60, "h": 3600, "d": 86400}
    if isinstance(value, str) and value[-1:] in units:
        return (number(value[:-1]) or 0) * units[value[-1]]
    return number(value) or 0


@of_resource("vault-secret-id-limit", Severity.HIGH, APPROLE)
def secret_id_ends(resource: Declared) -> Iterator[Problem]:
    """An AppRole's secret id ends.

    By default it works for ever and as often as one likes: a password that nobody changes.
    """
    yield from must(
        resource,
        "secretIdTtl",
        is_positive,
        "it works for ever",
        "a number of seconds",
        "secret_id_ttl=600 with secret_id_num_uses=1",
    )


@of_resource("vault-secret-id-wrapped", Severity.MEDIUM, _SECRET_ID)
def secret_id_is_wrapped(resource: Declared) -> Iterator[Problem]:
    """A secret id is handed over wrapped.

    Plain, it stands in the state, and nobody notices that someone else has read it: Vault, "AppRole best
    practices".
    """
    yield from must(
        resource, "wrappingTtl", is_there, "it stands in the state", "such as 300s", "wrapping_ttl='300s'"
    )


@of_resource("vault-role-bound", Severity.CRITICAL, JWT_ROLE)
def role_is_bound_to_someone(resource: Declared) -> Iterator[Problem]:
    """A role for JWTs is bound to a subject or to claims, and to an audience.

    Every workflow of every repository has a token of the same issuer: GitHub, "Configuring OpenID Connect in
    HashiCorp Vault".
    """
    if not any(is_there(resource.get(path)) for path in ("boundClaims", "boundSubject")):
        yield Problem(
            "boundClaims",
            "any token of the issuer will do",
            "nothing",
            "claims or a subject",
            "bound_claims={'repository': 'owner/name', 'ref': 'refs/heads/main'}",
        )
    if resource.get("roleType") == "jwt":
        words = ("a token meant for others will do", "an audience", "bound_audiences=['https://vault...']")
        yield from must(resource, "boundAudiences", is_there, *words)
