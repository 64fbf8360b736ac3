"""A zone with its settings, names, balancer, rules and Worker."""

from dataclasses import replace

from bicoastal.checks.resources import HIDDEN, UNKNOWN

from .sample import declared, sample

ZONE = "0123456789abcdef0123456789abcdef"


def cf(kind, name, /, **properties):
    token = f"cloudflare:index/{kind[0].lower()}{kind[1:]}:{kind}"
    return declared(token, name, properties)


def setting(name, value):
    return cf("ZoneSetting", name, zoneId=ZONE, settingId=name, value=value)


def ruleset(name, phase, *rules):
    return cf("Ruleset", name, zoneId=ZONE, kind="zone", name=name, phase=phase, rules=list(rules))


HSTS = {"strict_transport_security": {"enabled": True, "max_age": 31536000}}
BLOCK = {"action": "block", "expression": 'http.host eq "a"', "ref": "host", "enabled": True}
FLEXIBLE = {"actionParameters": {"ssl": "flexible"}}
LIMIT = {
    "action": "managed_challenge",
    "expression": "true",
    "ref": "all",
    "ratelimit": {"characteristics": ["cf.colo.id", "ip.src"], "period": 10, "mitigationTimeout": 0},
}

CLOUDFLARE = sample(
    setting("ssl", "strict"),
    setting("min_tls_version", "1.2"),
    setting("always_use_https", "on"),
    setting("tls_1_3", "on"),
    setting("security_header", HSTS),
    setting("http3", "off"),
    cf("ZoneDnssec", "dnssec", zoneId=ZONE, status="active"),
    cf("AuthenticatedOriginPullsSettings", "pulls", zoneId=ZONE, enabled=True),
    cf("DnsRecord", "caa", zoneId=ZONE, name="example.com", type="CAA", ttl=3600, proxied=False),
    cf("DnsRecord", "www", zoneId=ZONE, name="www.example.com", type="CNAME", ttl=1, proxied=True),
    cf("DnsRecord", "mail", zoneId=ZONE, name="mail.example.com", type="A", ttl=60, proxied=False),
    cf("OriginCaCertificate", "origin", csr="...", requestedValidity=365),
    cf(
        "LoadBalancer",
        "balancer",
        zoneId=ZONE,
        name="api.example.com",
        proxied=True,
        defaultPools=["<east.id>", "<west.id>"],
        fallbackPool="<west.id>",
    ),
    cf("LoadBalancerPool", "east", accountId="a", name="east", monitor="<monitor.id>"),
    cf(
        "LoadBalancerMonitor",
        "monitor",
        accountId="a",
        type="https",
        allowInsecure=False,
        expectedCodes="200",
        followRedirects=False,
    ),
    cf("LoadBalancerMonitor", "by-port", accountId="a", type="tcp"),
    ruleset("custom", "http_request_firewall_custom", BLOCK, {**BLOCK, "ref": "another"}),
    ruleset("limits", "http_ratelimit", LIMIT),
    ruleset("cache", "http_request_cache_settings", {"action": "skip", "expression": "true", "ref": "c"}),
    cf(
        "WorkersScript",
        "script",
        accountId="a",
        scriptName="pins",
        compatibilityDate="2026-01-01",
        observability={"enabled": True},
        bindings=[
            {"name": "TOKEN", "type": "secret_text", "text": HIDDEN},
            {"name": "HOST", "type": "plain_text", "text": "api.example.com"},
        ],
    ),
    cf(
        "Worker",
        "worker",
        accountId="a",
        name="pins",
        observability={"enabled": True},
        subdomain={"enabled": False, "previewsEnabled": False},
    ),
    cf(
        "WorkersScriptSubdomain",
        "door",
        accountId="a",
        scriptName="pins",
        enabled=False,
        previewsEnabled=False,
    ),
    cf("WorkersRoute", "route", zoneId=ZONE, pattern="api.example.com/pins/*", script="pins"),
)


def but(name, path, value):
    return CLOUDFLARE.but(name, path, value)


CLOUDFLARE_FOUND = [
    (
        "cloudflare-tls-minimum",
        [cf("HostnameTlsSetting", "host", zoneId=ZONE, settingId="min_tls_version", value="1.0")],
    ),
    *(
        ("cloudflare-tls-strict", CLOUDFLARE.and_also(rule))
        for rule in (
            ruleset("by-host", "http_config_settings", {**BLOCK, "action": "set_config", **FLEXIBLE}),
            cf("PageRule", "old", zoneId=ZONE, target="example.com/*", actions={"ssl": "off"}),
        )
    ),
    ("cloudflare-balancer-fallback", but("balancer", "defaultPools", ["<west.id>", "<west.id>"])),
    *(("cloudflare-monitor-expects", but("monitor", "expectedCodes", it)) for it in ("2xx,3xx", "200-399")),
    (
        "cloudflare-worker-secret",
        but("script", "bindings.1", {"name": "TOKEN", "type": "json", "json": "{}"}),
    ),
    ("cloudflare-worker-side-door", but("door", "enabled", True)),
    *(("cloudflare-route-narrow", but("route", "pattern", it)) for it in ("https://*/*", "http://*.a.com/*")),
    ("cloudflare-tls-minimum", but("min_tls_version", "value", "1.0")),
    ("cloudflare-tls-strict", but("ssl", "value", "full")),
    ("cloudflare-https-always", but("always_use_https", "value", "off")),
    ("cloudflare-tls-13", but("tls_1_3", "value", "off")),
    ("cloudflare-hsts", but("security_header", "value.strict_transport_security.max_age", 3600)),
    ("cloudflare-hsts", but("security_header", "value.strict_transport_security.enabled", False)),
    *(("cloudflare-settings-declared", CLOUDFLARE.without(n)) for n in ("ssl", "min_tls_version")),
    ("cloudflare-dnssec", CLOUDFLARE.without("dnssec")),
    ("cloudflare-dnssec", but("dnssec", "status", "disabled")),
    ("cloudflare-dnssec", CLOUDFLARE.and_also(cf("Zone", "another", name="example.net"))),
    ("cloudflare-origin-pulls", CLOUDFLARE.without("pulls")),
    ("cloudflare-origin-pulls", but("pulls", "enabled", False)),
    ("cloudflare-proxied-ttl", but("www", "ttl", 60)),
    ("cloudflare-proxied-ttl", but("balancer", "ttl", 60)),
    ("cloudflare-short-ttl", but("mail", "ttl", 3600)),
    ("cloudflare-caa", CLOUDFLARE.without("caa")),
    ("cloudflare-origin-certificate-ends", but("origin", "requestedValidity", 5475)),
    ("cloudflare-origin-certificate-ends", but("origin", "requestedValidity", None)),
    ("cloudflare-pool-monitor", but("east", "monitor", None)),
    ("cloudflare-balancer-fallback", but("balancer", "fallbackPool", None)),
    ("cloudflare-balancer-fallback", but("balancer", "defaultPools", ["<east.id>"])),
    ("cloudflare-monitor-verifies", but("monitor", "type", "http")),
    ("cloudflare-monitor-verifies", but("monitor", "allowInsecure", True)),
    ("cloudflare-monitor-expects", but("monitor", "expectedCodes", None)),
    ("cloudflare-monitor-expects", but("monitor", "followRedirects", True)),
    (
        "cloudflare-ruleset-phase",
        CLOUDFLARE.and_also(ruleset("again", "http_ratelimit", {**LIMIT, "ref": "again"})),
    ),
    ("cloudflare-rule-ref", but("custom", "rules.0.ref", None)),
    ("cloudflare-rule-ref", but("custom", "rules.1.ref", "host")),
    (
        "cloudflare-rule-skips-all",
        but("custom", "rules.1", {"action": "skip", "expression": "(true)", "ref": "b"}),
    ),
    ("cloudflare-rule-enabled", but("custom", "rules.0.enabled", False)),
    ("cloudflare-limit-counts", but("limits", "rules.0.ratelimit.characteristics", ["ip.src"])),
    ("cloudflare-limit-counts", but("limits", "rules.0.ratelimit.characteristics", ["cf.colo.id"])),
    ("cloudflare-limit-challenge", but("limits", "rules.0.ratelimit.mitigationTimeout", 60)),
    ("cloudflare-worker-secret", but("script", "bindings.0.text", "planted")),
    ("cloudflare-worker-secret", but("script", "bindings.0.type", "plain_text")),
    ("cloudflare-worker-date", but("script", "compatibilityDate", None)),
    ("cloudflare-worker-logs", but("worker", "observability", None)),
    ("cloudflare-worker-side-door", but("worker", "subdomain.enabled", True)),
    ("cloudflare-worker-side-door", but("worker", "subdomain.previewsEnabled", True)),
    ("cloudflare-route-narrow", but("route", "pattern", "*.example.com/*")),
]
CLOUDFLARE_SILENT = [
    *(
        ("cloudflare-balancer-fallback", but("balancer", "defaultPools", pools))
        for pools in (["<pools.ids>"], [UNKNOWN, UNKNOWN], ["a", UNKNOWN, UNKNOWN])
    ),
]
CLOUDFLARE_IN_OTHER_SHAPES = [
    (
        "cloudflare-proxied-ttl",
        cf("Record", "old", zoneId="", name="www", type="A", ttl=60, proxied=True),
    ),
]


def in_the_engine(resources):
    """The same where the zone is made by the program, and nobody knows its id before that."""
    return [
        replace(
            one,
            properties={**one.properties, "zoneId": UNKNOWN},
            dependencies={"zoneId": ["urn::zone"]},
        )
        if one.properties.get("zoneId")
        else one
        for one in resources
    ]
