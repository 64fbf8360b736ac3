"""What Vault mounts and issues: engines, auth methods, audit, certificates and keys.

Types and properties are those of pulumi-vault 7.14.
"""

from collections.abc import Iterator

from ..problem import Problem
from .check import Severity, of_resource, of_whole
from .declared import Declared, Resources, at, number, texts, truth
from .rules import is_off, is_positive, is_there, must, seconds

PROVIDER = "pulumi:providers:vault"
MOUNT = "vault:index/mount:Mount"
AUTH = "vault:index/authBackend:AuthBackend"
_JWT_AUTH = "vault:jwt/authBackend:AuthBackend"
_AUDIT = "vault:index/audit:Audit"
_PKI_ROLE = "vault:pkiSecret/secretBackendRole:SecretBackendRole"
_TRANSIT = "vault:transit/secretBackendKey:SecretBackendKey"
_DATABASE = "vault:database/secretBackendConnection:SecretBackendConnection"
_DATABASES = "vault:database/secretsMount:SecretsMount"
_DATABASE_ROLE = "vault:database/secretBackendRole:SecretBackendRole"
_LONGEST_CERTIFICATE_S = 398 * 24 * 3600


@of_resource("vault-reached-by-tls", Severity.CRITICAL, PROVIDER)
def vault_is_reached_by_tls(resource: Declared) -> Iterator[Problem]:
    """Vault is reached by TLS, and its certificate is checked.

    The token and every secret travel in the open otherwise, or to whoever answers.
    """
    yield from must(
        resource,
        "address",
        lambda address: address is None or str(address).startswith("https://"),
        "without TLS",
        "https://...",
        "address='https://...' with ca_cert_file",
    )
    yield from must(
        resource,
        "skipTlsVerify",
        is_off,
        "any certificate will do",
        "false",
        "leave skip_tls_verify out, and name the authority with ca_cert_file",
    )


@of_whole("vault-audit-device", Severity.MEDIUM, MOUNT, AUTH, _AUDIT)
def requests_are_written_down(resources: Resources) -> Iterator[tuple[Declared, Problem]]:
    """Vault writes down who asked for what, in two places.

    After a leak nothing else tells what was taken. One alone stops Vault when it is full: Vault, "Audit
    devices". Medium, because OpenBao takes its devices from the server's own configuration only.
    """
    devices = resources.of(_AUDIT)
    mounted = sorted(resources.of(MOUNT, AUTH, _JWT_AUTH), key=lambda one: one.name)
    if mounted and len(devices) < 2:
        yield (
            mounted[0],
            Problem(
                "audit",
                "too few audit devices beside it",
                str(len(devices)),
                "two",
                "declare two Audit devices, such as type 'file' to stdout and to a file",
            ),
        )


@of_resource("vault-kv-versions", Severity.HIGH, MOUNT)
def secrets_keep_versions(resource: Declared) -> Iterator[Problem]:
    """Secrets keep their versions.

    In version 1 a mistaken write is final.
    """
    if resource.get("type") in ("kv", "generic"):
        yield from must(
            resource,
            "options.version",
            lambda version: str(version) == "2",
            "one version only",
            "2",
            "options={'version': '2'}",
        )


@of_resource("vault-mount-lease", Severity.LOW, MOUNT)
def leases_of_a_mount_end(resource: Declared) -> Iterator[Problem]:
    """A mount that issues credentials says for how long at most.

    Vault's own default is 32 days.
    """
    if resource.get("type") in ("aws", "consul", "database", "pki", "rabbitmq", "ssh"):
        yield from must(
            resource,
            "maxLeaseTtlSeconds",
            is_there,
            "32 days, Vault's default",
            "a number of seconds",
            "max_lease_ttl_seconds=86400",
        )


@of_resource("vault-auth-lease", Severity.MEDIUM, AUTH, _JWT_AUTH)
def tokens_of_a_method_end(resource: Declared) -> Iterator[Problem]:
    """A method of authentication says how long its tokens live at most.

    It holds for every role that says nothing itself.
    """
    yield from must(
        resource,
        "tune.maxLeaseTtl",
        is_there,
        "32 days, Vault's default",
        "such as 24h",
        "tune with max_lease_ttl='24h'",
    )


@of_resource("vault-pki-limit", Severity.HIGH, _PKI_ROLE)
def certificates_end(resource: Declared) -> Iterator[Problem]:
    """A role for certificates limits their life to 398 days.

    Nobody takes back one that leaked: CA/Browser Forum, Baseline Requirements 6.3.2.
    """
    yield from must(
        resource,
        "maxTtl",
        lambda ttl: 0 < seconds(ttl) <= _LONGEST_CERTIFICATE_S,
        "valid for too long",
        f"1 to {_LONGEST_CERTIFICATE_S} seconds",
        "max_ttl='2592000'",
    )


@of_resource("vault-pki-names", Severity.CRITICAL, _PKI_ROLE)
def certificates_are_for_named_hosts(resource: Declared) -> Iterator[Problem]:
    """A role for certificates names the domains that they are for.

    With `allow_any_name`, or globs of which one is `*`, whoever has the role can be every host.
    """
    if truth(resource.get("allowGlobDomains")) and "*" in texts(resource.get("allowedDomains")):
        yield Problem("allowedDomains", "it can be every host", "'*'", "named domains", "name them")
    yield from must(
        resource, "allowAnyName", is_off, "it can be every host", "false, with allowed_domains", "name them"
    )


@of_resource("vault-transit-kept", Severity.HIGH, _TRANSIT)
def key_stays_where_it_is(resource: Declared) -> Iterator[Problem]:
    """A key of Vault's can be neither taken out nor deleted.

    With it goes the secrecy, or the readability, of everything that it has encrypted.
    """
    for path in ("exportable", "deletionAllowed", "allowPlaintextBackup"):
        yield from must(resource, path, is_off, "it does not stay", "false", "leave it out")


@of_resource("vault-transit-rotated", Severity.LOW, _TRANSIT)
def key_is_rotated(resource: Declared) -> Iterator[Problem]:
    """A key of Vault's is rotated by itself.

    What one generation has encrypted bounds what its loss costs.
    """
    yield from must(
        resource,
        "autoRotatePeriod",
        lambda seconds: (number(seconds) or 0) >= 3600,
        "never rotated",
        "3600 seconds or more",
        "auto_rotate_period=7776000",
    )


@of_resource("vault-database-tls", Severity.HIGH, _DATABASE, _DATABASES)
def database_is_reached_by_tls(resource: Declared) -> Iterator[Problem]:
    """Vault reaches a database by TLS, and checks whom it reaches.

    What it sends there are passwords that it has just made.
    """
    kind = "postgresql" if resource.type == _DATABASE else "postgresqls"
    for path, connection in resource.each(kind):
        url = at(connection, "connectionUrl")
        if not isinstance(url, str) or any(f"sslmode={mode}" in url for mode in ("verify-full", "verify-ca")):
            continue
        yield Problem(
            f"{path}.connectionUrl",
            "whoever answers gets the passwords",
            "a hidden value without it",
            "sslmode=verify-full",
            "add ?sslmode=verify-full to the URL, and give tls_ca",
        )


@of_resource("vault-database-lease", Severity.MEDIUM, _DATABASE_ROLE)
def database_users_end(resource: Declared) -> Iterator[Problem]:
    """A user that Vault makes in a database ends.

    Otherwise it lives as long as the mount allows, by default 32 days.
    """
    yield from must(
        resource,
        "maxTtl",
        is_positive,
        "as long as the mount allows",
        "a number of seconds",
        "default_ttl=3600 and max_ttl=86400",
    )
