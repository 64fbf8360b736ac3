"""Policies and tokens of Vault: who may do what, and for how long.

Types and properties are those of pulumi-vault 7.14.
"""

from collections.abc import Iterator

from ..problem import Problem, shown
from .check import Severity, of_resource
from .declared import Declared, can_be_judged, texts, truth
from .rules import is_positive, is_there, must, seconds
from .vault_policies import grants

POLICY = "vault:index/policy:Policy"
TOKEN = "vault:index/token:Token"  # noqa: S105 a type
APPROLE = "vault:appRole/authBackendRole:AuthBackendRole"
_SECRET_ID = "vault:appRole/authBackendRoleSecretId:AuthBackendRoleSecretId"  # noqa: S105 a type
JWT_ROLE = "vault:jwt/authBackendRole:AuthBackendRole"
KUBERNETES_ROLE = "vault:kubernetes/authBackendRole:AuthBackendRole"
ROLES = (
    APPROLE,
    JWT_ROLE,
    KUBERNETES_ROLE,
    "vault:alicloud/authBackendRole:AuthBackendRole",
    "vault:aws/authBackendRole:AuthBackendRole",
    "vault:azure/authBackendRole:AuthBackendRole",
    "vault:cf/authBackendRole:AuthBackendRole",
    "vault:gcp/authBackendRole:AuthBackendRole",
    "vault:github/authBackend:AuthBackend",
    "vault:index/certAuthBackendRole:CertAuthBackendRole",
    "vault:index/kerberosAuthBackendLdapConfig:KerberosAuthBackendLdapConfig",
    "vault:index/ociAuthBackendRole:OciAuthBackendRole",
    "vault:index/scepAuthBackendRole:ScepAuthBackendRole",
    "vault:index/tpmAuthBackendRole:TpmAuthBackendRole",
    "vault:index/userpassAuthBackendUser:UserpassAuthBackendUser",
    "vault:ldap/authBackend:AuthBackend",
    "vault:okta/authBackend:AuthBackend",
    "vault:radius/authBackend:AuthBackend",
    "vault:saml/authBackendRole:AuthBackendRole",
    "vault:spiffe/authBackendRole:AuthBackendRole",
    "vault:tokenauth/authBackendRole:AuthBackendRole",
)
"""What logs in, and says for how long."""
_GIVEN_POLICIES = (
    "vault:aws/authBackendRoleTag:AuthBackendRoleTag",
    "vault:github/team:Team",
    "vault:github/user:User",
    "vault:identity/entity:Entity",
    "vault:identity/entityPolicies:EntityPolicies",
    "vault:identity/group:Group",
    "vault:identity/groupPolicies:GroupPolicies",
    "vault:index/kerberosAuthBackendGroup:KerberosAuthBackendGroup",
    "vault:ldap/authBackendGroup:AuthBackendGroup",
    "vault:ldap/authBackendUser:AuthBackendUser",
    "vault:okta/authBackendGroup:AuthBackendGroup",
    "vault:okta/authBackendUser:AuthBackendUser",
    "vault:radius/authBackendUser:AuthBackendUser",
)
"""Who is given policies beside the role."""
_LONGEST_S = 32 * 24 * 3600


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


@of_resource("vault-token-root", Severity.CRITICAL, TOKEN, *ROLES, *_GIVEN_POLICIES)
def no_token_is_root(resource: Declared) -> Iterator[Problem]:
    """No token has the policy `root`, or all that its maker may do.

    It can do everything, and no audit brings back what it took: Vault, "Production hardening". A token that
    names no policies has those of the one that it is made with.
    """
    allowed, fix = "policies of its own", "write a policy with what is needed"
    for path in ("policies", "tokenPolicies", "allowedPolicies", "allowedPoliciesGlobs"):
        for policy in texts(resource.get(path)):
            if policy == "root" or policy.strip("*") == "":
                yield Problem(path, "root", shown(policy), allowed, fix)
    if resource.type == TOKEN and not is_there(resource.get("roleName")):
        yield from must(resource, "policies", is_there, "all that its maker may do", allowed, fix)


@of_resource("vault-token-limit", Severity.HIGH, TOKEN, *ROLES)
def token_ends(resource: Declared) -> Iterator[Problem]:
    """A token ends within 32 days, however often it is renewed.

    What leaks works until it ends. A period alone is no end, and lifts a role's `token_max_ttl`.
    """
    ways = _ends(resource)
    limits = {way: resource.get(way) for way in ways}
    if not all(can_be_judged(value) for value in limits.values()):
        return
    amounts = [amount for value in limits.values() if (amount := seconds(value))]
    if not amounts or min(amounts) > _LONGEST_S:
        given = ", ".join(f"{way}={value}" for way, value in limits.items() if is_there(value))
        yield Problem(
            ways[0],
            "it lives for too long" if amounts else "it can be renewed for ever",
            given or "no limit",
            f"1 to {_LONGEST_S} seconds",
            "explicit_max_ttl='24h'" if resource.type == TOKEN else "token_ttl=3600 and token_max_ttl=14400",
        )


def _ends(resource: Declared) -> tuple[str, ...]:
    """The properties that can say when it ends."""
    if resource.type != TOKEN:
        periodic = is_there(resource.get("tokenPeriod")) and seconds(resource.get("tokenPeriod")) != 0
        return ("tokenExplicitMaxTtl",) if periodic else ("tokenMaxTtl", "tokenExplicitMaxTtl")
    if not can_be_judged(resource.get("renewable")):
        return ("explicitMaxTtl", "renewable")
    once = not truth(resource.get("renewable", True)) and not is_there(resource.get("period"))
    return ("explicitMaxTtl", "ttl") if once else ("explicitMaxTtl",)


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


@of_resource("vault-role-bound", Severity.CRITICAL, JWT_ROLE, KUBERNETES_ROLE)
def role_is_bound_to_someone(resource: Declared) -> Iterator[Problem]:
    """A role is bound to whom it is for: one for JWTs to a subject or claims, and to an audience.

    Every workflow of every repository has a token of the same issuer, and every pod of a cluster one of its
    own: GitHub, "Configuring OpenID Connect in HashiCorp Vault".
    """
    if resource.type == KUBERNETES_ROLE:
        names, spaces = "boundServiceAccountNames", "boundServiceAccountNamespaces"
        if all("*" in texts(resource.get(path)) for path in (names, spaces)):
            yield Problem(
                names, "any pod's token will do", "'*' in both", "service accounts by name", "name them"
            )
        return
    claims = resource.get("boundClaims")
    bound = is_there(claims) and not (isinstance(claims, dict) and all(map(_is_anything, claims.values())))
    if not bound and not is_there(resource.get("boundSubject")):
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


def _is_anything(claim: object) -> bool:
    return isinstance(claim, str) and any(it.strip(" *") == "" for it in claim.split(","))
