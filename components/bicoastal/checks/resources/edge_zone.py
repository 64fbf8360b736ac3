"""A zone at Cloudflare: its settings, names and certificates."""

from collections.abc import Callable, Iterator
from typing import Any

from ..problem import Problem, shown
from .check import Severity, of_resource, of_whole
from .declared import Declared, Resources, number, truth
from .rules import must, must_in

ZONE = "cloudflare:index/zone:Zone"
SETTING = "cloudflare:index/zoneSetting:ZoneSetting"
RECORD = "cloudflare:index/dnsRecord:DnsRecord"
RECORDS = (RECORD, "cloudflare:index/record:Record")
RULESET = "cloudflare:index/ruleset:Ruleset"
_PAGE_RULE = "cloudflare:index/pageRule:PageRule"
_OF_A_HOST = "cloudflare:index/hostnameTlsSetting:HostnameTlsSetting"
BALANCER = "cloudflare:index/loadBalancer:LoadBalancer"
_DNSSEC = "cloudflare:index/zoneDnssec:ZoneDnssec"
_ORIGIN_PULLS = "cloudflare:index/authenticatedOriginPullsSettings:AuthenticatedOriginPullsSettings"
_ORIGIN_CERTIFICATE = "cloudflare:index/originCaCertificate:OriginCaCertificate"
_HALF_A_YEAR_S = 15_552_000
_AUTOMATIC_TTL = 1
_LONGEST_TTL_S = 300
_MOVES = ("A", "AAAA", "CNAME")
_VERIFIED = ("strict", "origin_pull")
_WANTED = ("ssl", "min_tls_version", "always_use_https")


def served_zones(resources: Resources) -> dict[str, Declared]:
    """The zones with traffic through Cloudflare, each with a resource that says so."""
    found: dict[str, Declared] = {}
    for one in resources.of(BALANCER, *RECORDS):
        zone = zone_of(one)
        if zone and truth(one.get("proxied")):
            found.setdefault(zone, one)
    return found


def zone_of(resource: Declared) -> str:
    """The zone's id, or what stands for it: in a plan its name, in the engine the URN that it comes from.
    Empty where there is none."""
    value = resource.properties.get("zoneId")
    return value if isinstance(value, str) else " ".join(sorted(resource.dependencies.get("zoneId", ())))


def _setting(
    resource: Declared, name: str, holds: Callable[[Any], bool], wrong: str, allowed: str
) -> Iterator[Problem]:
    if resource.type in (SETTING, _OF_A_HOST) and resource.get("settingId") == name:
        fix = f"ZoneSetting(setting_id={name!r}, value=...)"
        yield from must(resource, "value", holds, wrong, allowed, fix)


@of_resource("cloudflare-tls-minimum", Severity.HIGH, SETTING, _OF_A_HOST)
def old_tls_is_refused(resource: Declared) -> Iterator[Problem]:
    """A zone, and each host in it, refuses TLS below 1.2.

    1.0 and 1.1 are broken and withdrawn: RFC 8996; PCI DSS 4.2.1.
    """
    yield from _setting(
        resource, "min_tls_version", lambda v: (number(v) or 0) >= 1.2, "speaks old TLS", "1.2 or 1.3"
    )


@of_resource("cloudflare-tls-strict", Severity.CRITICAL, SETTING, RULESET, _PAGE_RULE)
def origin_is_verified(resource: Declared) -> Iterator[Problem]:
    """Between Cloudflare and the origin there is TLS whose certificate is checked.

    With `off` and `flexible` everything travels the internet in the open, with `full` to whoever answers. A
    rule can say so for a part of the zone: Cloudflare, "Encryption modes".
    """
    wrong, allowed = "the origin is not verified", "strict"
    yield from _setting(resource, "ssl", lambda v: v in _VERIFIED, wrong, allowed)
    words = (lambda v: v is None or v in _VERIFIED, wrong, allowed, "leave ssl to the zone's setting")
    if resource.type == _PAGE_RULE:
        yield from must(resource, "actions.ssl", *words)
    for path, rule in resource.each("rules") if resource.type == RULESET else ():
        yield from must_in(rule, "actionParameters.ssl", f"{path}.actionParameters.ssl", *words)


@of_resource("cloudflare-https-always", Severity.HIGH, SETTING)
def visitors_are_sent_to_https(resource: Declared) -> Iterator[Problem]:
    """Visitors are sent to HTTPS.

    The first request is read and changed on the way otherwise: Cloudflare, "Always Use HTTPS".
    """
    yield from _setting(resource, "always_use_https", truth, "plain HTTP is answered", "on")


@of_resource("cloudflare-tls-13", Severity.LOW, SETTING)
def tls_13_is_spoken(resource: Declared) -> Iterator[Problem]:
    """A zone speaks TLS 1.3.

    It hides more of the handshake and takes one round trip less: RFC 8446.
    """
    yield from _setting(resource, "tls_1_3", lambda v: v in ("on", "zrt"), "1.3 is off", "on")


@of_resource("cloudflare-hsts", Severity.MEDIUM, SETTING)
def browsers_remember_https(resource: Declared) -> Iterator[Problem]:
    """Browsers are told to come by HTTPS for half a year at least.

    Until they are, whoever is on the way keeps them on HTTP: RFC 6797.
    """
    if resource.get("settingId") != "security_header":
        return
    path = "value.strict_transport_security"
    fix = "ZoneSetting(setting_id='security_header', ...) with enabled and max_age"
    words = ("not remembered", f"true, for {_HALF_A_YEAR_S} s or more", fix)
    yield from must(resource, f"{path}.enabled", truth, *words, default=False)
    if truth(resource.get(f"{path}.enabled")):
        yield from must(
            resource, f"{path}.max_age", lambda v: (number(v) or 0) >= _HALF_A_YEAR_S, *words, default=0
        )


@of_whole("cloudflare-settings-declared", Severity.HIGH, BALANCER, *RECORDS, SETTING)
def what_matters_is_declared(resources: Resources) -> Iterator[tuple[Declared, Problem]]:
    """A zone with traffic declares how it speaks TLS.

    Cloudflare's defaults speak TLS 1.0, answer plain HTTP and do not check the origin, and a hand at the
    dashboard changes what is not declared.
    """
    declared = {(zone_of(one), str(one.get("settingId"))) for one in resources.of(SETTING)}
    for zone, served in served_zones(resources).items():
        missing = [name for name in _WANTED if (zone, name) not in declared]
        if missing:
            yield (
                served,
                Problem(
                    "zoneId",
                    f"its zone does not declare {', '.join(missing)}",
                    shown(zone),
                    "a ZoneSetting for each",
                    "declare ssl 'strict', min_tls_version '1.2' and always_use_https 'on'",
                ),
            )


@of_whole("cloudflare-dnssec", Severity.MEDIUM, BALANCER, *RECORDS, ZONE, _DNSSEC)
def names_are_signed(resources: Resources) -> Iterator[tuple[Declared, Problem]]:
    """A zone's names are signed.

    Whoever answers first decides where its visitors go otherwise: RFC 4033.
    """
    signed = resources.of(_DNSSEC)
    fix = "ZoneDnssec(zone_id, status='active'), and its DS record at the registrar"
    for one in signed:
        for problem in must(one, "status", lambda v: v == "active", "not signed", "active", fix):
            yield one, problem
    zones = {zone_of(one) for one in signed}
    for zone, served in served_zones(resources).items():
        if zone not in zones:
            yield served, Problem("zoneId", "its zone is not signed", shown(zone), "a ZoneDnssec", fix)
    told = [*signed, *served_zones(resources).values()]
    for made in resources.of(ZONE):
        if not any(one.comes_from("zoneId", made) for one in told):
            yield made, Problem("dnssec", "not signed", "nothing", "a ZoneDnssec", fix)


@of_whole("cloudflare-origin-pulls", Severity.MEDIUM, BALANCER, _ORIGIN_PULLS)
def origin_knows_the_edge(resources: Resources) -> Iterator[tuple[Declared, Problem]]:
    """Origins behind a load balancer can tell Cloudflare from others.

    Who finds an origin's address goes around every rule of the edge: Cloudflare, "Authenticated Origin
    Pulls".
    """
    fix = "AuthenticatedOriginPullsSettings(zone_id, enabled=True), and the origin asks for the certificate"
    pulls = resources.of(_ORIGIN_PULLS)
    for one in pulls:
        for problem in must(one, "enabled", truth, "switched off", "true", fix, default=False):
            yield one, problem
    for balancer in resources.of(BALANCER):
        if truth(balancer.get("proxied")) and zone_of(balancer) not in {zone_of(one) for one in pulls}:
            given = shown(zone_of(balancer))
            yield balancer, Problem("zoneId", "its zone does not show who it is", given, "enabled", fix)


@of_resource("cloudflare-proxied-ttl", Severity.HIGH, *RECORDS, BALANCER)
def proxied_name_has_no_ttl(resource: Declared) -> Iterator[Problem]:
    """A name that Cloudflare proxies has no TTL of its own.

    Cloudflare answers with its own addresses for 300 s whatever is asked, so a TTL is refused, or shown as a
    change in every plan: Cloudflare, "Time to Live".
    """
    if truth(resource.get("proxied")):
        balanced = resource.type == BALANCER
        yield from must(
            resource,
            "ttl",
            lambda ttl: ttl is None if balanced else ttl in (None, _AUTOMATIC_TTL),
            "a proxied name has a TTL",
            "none" if balanced else f"{_AUTOMATIC_TTL}, for automatic",
            "leave ttl out" if balanced else f"ttl={_AUTOMATIC_TTL}",
        )


@of_resource("cloudflare-short-ttl", Severity.LOW, *RECORDS)
def name_that_moves_has_a_short_ttl(resource: Declared) -> Iterator[Problem]:
    """A name that points somewhere by itself can be moved within five minutes.

    For as long as its TTL, visitors keep going to where the service no longer is.
    """
    if not truth(resource.get("proxied")) and resource.get("type") in _MOVES:
        yield from must(
            resource,
            "ttl",
            lambda ttl: 0 < (number(ttl) or 0) <= _LONGEST_TTL_S,
            "it cannot be moved soon",
            f"60 to {_LONGEST_TTL_S} s, or 1 for automatic",
            "ttl=60",
        )


@of_whole("cloudflare-caa", Severity.LOW, BALANCER, *RECORDS)
def certificates_come_from_someone_named(resources: Resources) -> Iterator[tuple[Declared, Problem]]:
    """A zone says who may issue its certificates.

    Any of a hundred authorities may otherwise: RFC 8659.
    """
    named = {zone_of(one) for one in resources.of(*RECORDS) if one.get("type") == "CAA"}
    for zone, served in served_zones(resources).items():
        if zone not in named:
            fix = "DnsRecord(type='CAA', data={flags, tag: 'issue', value})"
            yield served, Problem("zoneId", "its zone has no CAA record", shown(zone), "one", fix)


@of_resource("cloudflare-origin-certificate-ends", Severity.LOW, _ORIGIN_CERTIFICATE)
def origin_certificate_ends(resource: Declared) -> Iterator[Problem]:
    """An origin's certificate ends within two years.

    Fifteen, the default, outlive every key's secrecy.
    """
    yield from must(
        resource,
        "requestedValidity",
        lambda days: 0 < (number(days) or 0) <= 730,
        "valid for too long",
        "730 days or less",
        "requested_validity=365",
        default=5475,
    )
