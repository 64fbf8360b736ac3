"""Vault: policies, roles, mounts. Types and properties as in pulumi-vault 7.14."""

from bicoastal.checks.resources import HIDDEN

from .sample import declared, sample


def hcl(path, *capabilities):
    words = ", ".join(f'"{one}"' for one in capabilities)
    return f'# what the API may: path "sys/*" is not\npath "{path}" {{\n  capabilities = [{words}]\n}}\n'


VAULT = sample(
    declared("pulumi:providers:vault", "provider", {"address": "https://vault.example.com:8200"}),
    declared(
        "vault:index/policy:Policy", "policy", {"name": "api", "policy": hcl("kv/data/prod/api", "read")}
    ),
    declared("vault:index/policy:Policy", "nothing", {"name": "none", "policy": hcl("sys/*", "deny")}),
    declared(
        "vault:index/token:Token", "token", {"policies": ["api"], "explicitMaxTtl": "24h", "period": "1h"}
    ),
    declared("vault:index/token:Token", "once", {"policies": ["api"], "ttl": "1h30m", "renewable": False}),
    declared("vault:index/token:Token", "by-role", {"roleName": "maker", "explicitMaxTtl": "36h0m0s"}),
    declared(
        "vault:tokenauth/authBackendRole:AuthBackendRole",
        "maker",
        {
            "roleName": "maker",
            "allowedPoliciesGlobs": ["shop-*"],
            "tokenExplicitMaxTtl": 600,
            "tokenPeriod": 60,
        },
    ),
    declared(
        "vault:kubernetes/authBackendRole:AuthBackendRole",
        "pods",
        {
            "roleName": "pods",
            "boundServiceAccountNames": ["api"],
            "boundServiceAccountNamespaces": ["*"],
            "tokenMaxTtl": 600,
        },
    ),
    declared(
        "vault:appRole/authBackendRole:AuthBackendRole",
        "approle",
        {"roleName": "api", "tokenPolicies": ["api"], "tokenMaxTtl": 14400, "secretIdTtl": 600},
    ),
    declared(
        "vault:appRole/authBackendRoleSecretId:AuthBackendRoleSecretId",
        "secret-id",
        {"roleName": "api", "wrappingTtl": "300s"},
    ),
    declared(
        "vault:jwt/authBackendRole:AuthBackendRole",
        "workflow",
        {
            "roleName": "deploy",
            "roleType": "jwt",
            "boundAudiences": ["https://vault.example.com"],
            "boundClaims": {"repository": "shop/shop"},
            "tokenMaxTtl": 900,
        },
    ),
    declared("vault:index/mount:Mount", "kv", {"path": "kv", "type": "kv", "options": {"version": "2"}}),
    declared(
        "vault:index/mount:Mount", "database", {"path": "db", "type": "database", "maxLeaseTtlSeconds": 3600}
    ),
    declared(
        "vault:index/authBackend:AuthBackend", "auth", {"type": "approle", "tune": {"maxLeaseTtl": "24h"}}
    ),
    declared("vault:index/audit:Audit", "audit", {"type": "file", "options": {"file_path": "stdout"}}),
    declared("vault:index/audit:Audit", "audit-2", {"type": "file", "options": {"file_path": "/vault/a"}}),
    declared(
        "vault:pkiSecret/secretBackendRole:SecretBackendRole",
        "pki",
        {"backend": "pki", "allowedDomains": ["internal"], "maxTtl": "2592000"},
    ),
    declared(
        "vault:pkiSecret/secretBackendRole:SecretBackendRole",
        "globs",
        {"backend": "pki", "allowedDomains": ["*.internal"], "allowGlobDomains": True, "maxTtl": "30d"},
    ),
    declared(
        "vault:database/secretsMount:SecretsMount",
        "databases",
        {
            "path": "db",
            "postgresqls": [{"name": "a", "connectionUrl": "postgresql://h/db?sslmode=verify-full"}],
        },
    ),
    declared(
        "vault:transit/secretBackendKey:SecretBackendKey",
        "transit",
        {"backend": "transit", "autoRotatePeriod": 7776000},
    ),
    declared(
        "vault:database/secretBackendConnection:SecretBackendConnection",
        "connection",
        {
            "backend": "db",
            "postgresql": {
                "connectionUrl": "postgresql://{{username}}:{{password}}@h:5432/db?sslmode=verify-full",
                "password": HIDDEN,
            },
        },
    ),
    declared(
        "vault:database/secretBackendRole:SecretBackendRole", "user", {"backend": "db", "maxTtl": 86400}
    ),
    declared("vault:kv/secretV2:SecretV2", "secret", {"mount": "kv", "name": "a", "dataJson": HIDDEN}),
)


def but(name, path, value):
    return VAULT.but(name, path, value)


VAULT_FOUND = [
    *(
        ("vault-policy-everything", but("policy", "policy", hcl(path, "read")))
        for path in (
            "*",
            "kv/*",
            "kv/data/*",
            "sys/*",
            "+/api",
            "auth/token/*",
            "kv*",
            "kv/+/*",
            "kv/+/+",
            "kv/data/+",
            "kv/d*",
            "kv/data*",
            "identity/*",
        )
    ),
    *(
        ("vault-policy-everything", but("policy", "policy", text))
        for text in (
            'path "kv/*" {\n allowed_parameters = { "ttl" = [] }\n capabilities = ["read"]\n}',
            'path "kv/*" {\n policy = "write"\n}',
            '/* all */ path = { "kv/*" = { "capabilities" = ["read"] } } # of it',
            '"path" "kv/*" { capabilities = [ "read", # and "}"\n "list" ] }',
            '{"path": [{"kv/*": [{"capabilities": ["list"]}]}]}',
        )
    ),
    (
        "vault-policy-everything",
        but("policy", "policy", '{"path": {"secret/*": {"capabilities": ["read"]}}}'),
    ),
    *(
        ("vault-policy-wildcard", but("policy", "policy", hcl(path, "read")))
        for path in ("kv/data/prod/*", "kv/data/+/api", "kv/data/shop-*", "kv/apps/*")
    ),
    ("vault-policy-sudo", but("policy", "policy", 'path "sys/seal" { policy = "sudo" }')),
    ("vault-policy-sudo", but("policy", "policy", hcl("sys/seal", "update", "sudo"))),
    ("vault-token-root", but("token", "policies", ["root"])),
    ("vault-token-root", but("token", "policies", None)),
    ("vault-token-root", but("token", "policies", [])),
    ("vault-token-root", but("by-role", "roleName", None)),
    ("vault-token-root", but("maker", "allowedPoliciesGlobs", ["*"])),
    (
        "vault-token-root",
        VAULT.and_also(declared("vault:identity/group:Group", "ops", {"policies": ["root"]})),
    ),
    ("vault-token-root", but("approle", "tokenPolicies", ["api", "root"])),
    ("vault-token-limit", but("token", "explicitMaxTtl", None)),
    ("vault-token-limit", but("approle", "tokenPeriod", 3600)),
    ("vault-token-limit", but("token", "explicitMaxTtl", "90d")),
    ("vault-token-limit", but("once", "renewable", None)),
    ("vault-token-limit", but("pods", "tokenMaxTtl", None)),
    ("vault-token-limit", but("approle", "tokenMaxTtl", None)),
    ("vault-token-limit", but("workflow", "tokenMaxTtl", 90 * 24 * 3600)),
    ("vault-secret-id-limit", but("approle", "secretIdTtl", None)),
    ("vault-secret-id-limit", but("approle", "secretIdTtl", 0)),
    ("vault-secret-id-wrapped", but("secret-id", "wrappingTtl", None)),
    ("vault-role-bound", but("workflow", "boundClaims", None)),
    ("vault-role-bound", but("workflow", "boundAudiences", None)),
    ("vault-role-bound", but("workflow", "boundClaims", {"repository": "*"})),
    ("vault-role-bound", but("pods", "boundServiceAccountNames", ["*"])),
    ("vault-reached-by-tls", but("provider", "address", "http://vault.example.com:8200")),
    ("vault-reached-by-tls", but("provider", "skipTlsVerify", "true")),
    ("vault-audit-device", VAULT.without("audit-2")),
    ("vault-kv-versions", but("kv", "options.version", "1")),
    ("vault-kv-versions", but("kv", "options", None)),
    ("vault-mount-lease", but("database", "maxLeaseTtlSeconds", None)),
    ("vault-auth-lease", but("auth", "tune", None)),
    ("vault-pki-limit", but("pki", "maxTtl", None)),
    ("vault-pki-limit", but("pki", "maxTtl", "87600h")),
    ("vault-pki-names", but("pki", "allowAnyName", True)),
    ("vault-pki-names", but("globs", "allowedDomains", ["*"])),
    ("vault-transit-kept", but("transit", "exportable", True)),
    ("vault-transit-kept", but("transit", "deletionAllowed", True)),
    ("vault-transit-rotated", but("transit", "autoRotatePeriod", None)),
    (
        "vault-database-tls",
        but(
            "connection",
            "postgresql.connectionUrl",
            "postgresql://{{username}}:{{password}}@h/db?sslmode=disable",
        ),
    ),
    ("vault-database-tls", but("databases", "postgresqls.0.connectionUrl", "postgresql://h/db")),
    ("vault-database-lease", but("user", "maxTtl", None)),
]
