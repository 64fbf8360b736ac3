"""Wrong settings of the edge: the arguments that hold one, and what its error must say."""

from typing import Any

from tests.library.samples import zone_reference
from tests.library.wrong.table import Broken, Wrong, with_own


def _record(**own: Any) -> Broken:
    record = {"type": "A", "name": "api.example.com", "content": "192.0.2.7", **own}
    return with_own("DnsRecords", records={"api": record})


def _balancer(**own: Any) -> Broken:
    return with_own("FailoverLoadBalancer", **own)


def _regions(east: str, west: str) -> Broken:
    addresses = {"east": east, "west": west}
    return _balancer(regions=[{"name": name, "addresses": [address]} for name, address in addresses.items()])


def _worker(versions: dict[str, Any], **rollout: float) -> Broken:
    return with_own("EdgeWorker", versions=versions, rollout=rollout)


def _route(route: str) -> Broken:
    return with_own("EdgeWorker", routes=[route])


def _rollout(**shares: float) -> Broken:
    return with_own("EdgeWorker", rollout=shares)


WITHIN = "example.com and names below it"
ROUTE = "a '*' at the host's beginning and at the path's end alone"

WRONG: Wrong = {
    # what is broken: the arguments, the input that is named, what was given, what is allowed
    "zone that is no full name": (
        with_own("EdgeZone", domain="example"),
        "domain",
        "'example'",
        "a full domain",
    ),
    "zone with a dot at its end": (
        with_own("EdgeZone", domain="example.com."),
        "domain",
        "'example.com.'",
        "without a dot at its end",
    ),
    "account that is none": (
        with_own("EdgeZone", account_id="production"),
        "account_id",
        "'production'",
        "32 hexadecimal digits",
    ),
    "unknown plan": (
        with_own("EdgeZone", plan="platinum"),
        "plan",
        "'platinum'",
        "'free', 'pro', 'business', 'enterprise'",
    ),
    "domain in browsers' list for a day": (
        with_own("EdgeZone", hsts={"preload": True, "max_age_s": 86400}),
        "hsts.preload",
        "max_age_s 86400",
        "at least 31536000",
    ),
    "adopted domain in browsers' list without the names below it": (
        with_own("EdgeZone", zone_id="there", hsts={"preload": True}),
        "hsts.preload",
        "include_subdomains False",
        "and include_subdomains",
    ),
    "certificate that the edge never shows": (
        with_own("EdgeZone", authenticated_origin_pulls=False),
        "origin_pull_certificate",
        "authenticated_origin_pulls false",
        "authenticated_origin_pulls true",
    ),
    "record outside the zone": (
        _record(name="api.example.org"),
        "records.api.name",
        "'api.example.org'",
        WITHIN,
    ),
    "record in a zone that only ends alike": (
        _record(name="api.badexample.com"),
        "records.api.name",
        "'api.badexample.com'",
        WITHIN,
    ),
    "record with a short name": (_record(name="api"), "records.api.name", "'api'", "a full name"),
    "record proxied, with a TTL": (
        _record(proxied=True, ttl_s=60),
        "records.api.ttl_s",
        "ttl_s 60 with proxied",
        "proxied without a TTL",
    ),
    "TTL that the plan does not have": (_record(ttl_s=45), "records.api.ttl_s", "45 s", "at least 60 s"),
    "name for an address": (
        _record(content="lb.example.com"),
        "records.api.content",
        "'lb.example.com'",
        "an IPv4 address",
    ),
    "IPv4 address for an IPv6 one": (
        _record(type="AAAA"),
        "records.api.content",
        "'192.0.2.7'",
        "an IPv6 address",
    ),
    "record without content": (_record(content=None), "records.api.content", "nothing", "content for type A"),
    "record with another type's content": (
        _record(caa={"value": "letsencrypt.org"}),
        "records.api.caa",
        "given",
        "content for type A",
    ),
    "mail that is proxied": (
        _record(type="MX", content="mail.example.com", proxied=True),
        "records.api.proxied",
        "MX",
        "A, AAAA and CNAME",
    ),
    "priority of no mail server": (_record(priority=10), "records.api.priority", "10", "only for MX"),
    "alias beside an address": (
        with_own(
            "DnsRecords",
            records={
                "one": {"type": "A", "name": "api.example.com", "content": "192.0.2.7"},
                "two": {"type": "CNAME", "name": "api.example.com", "content": "lb.example.com"},
            },
        ),
        "records",
        "A, CNAME",
        "one CNAME, or A and AAAA",
    ),
    "interval that the plan does not have": (
        _balancer(zone=zone_reference(plan="pro"), monitor={"interval_s": 30}),
        "monitor.interval_s",
        "every 30 s",
        "at least 60 s",
    ),
    "load balancer proxied, with a TTL": (
        _balancer(monitor={"ttl_s": 60}),
        "monitor.ttl_s",
        "ttl_s 60 with proxied",
        "a TTL without proxied",
    ),
    "load balancer's TTL that the plan does not have": (
        _balancer(monitor={"proxied": False, "ttl_s": 30}),
        "monitor.ttl_s",
        "30 s",
        "at least 60 s",
    ),
    "hostname outside the zone": (
        _balancer(hostname="api.example.org"),
        "hostname",
        "'api.example.org'",
        WITHIN,
    ),
    "load balancer over one region": (
        _balancer(regions=[{"name": "east", "addresses": ["192.0.2.1"]}]),
        "regions",
        "1",
        "exactly 2",
    ),
    "region that nothing leads to": (
        _balancer(regions=[{"name": "east", "addresses": []}, {"name": "west", "addresses": ["192.0.2.1"]}]),
        "regions[0].addresses",
        "[]",
        "at least one address",
    ),
    "region that the edge cannot reach": (
        _regions("east", "192.0.2.1"),
        "regions[0].addresses[0]",
        "'east'",
        "IPv4 or IPv6 address",
    ),
    "region behind a private address": (
        _regions("192.0.2.1", "10.2.0.10"),
        "regions[1].addresses[0]",
        "'10.2.0.10'",
        "a public IPv4 or IPv6 address",
    ),
    "region behind a carrier's own address": (
        _regions("100.64.0.1", "192.0.2.1"),
        "regions[0].addresses[0]",
        "'100.64.0.1'",
        "a public IPv4 or IPv6 address",
    ),
    "region behind its own loopback": (
        _regions("192.0.2.1", "::1"),
        "regions[1].addresses[0]",
        "'::1'",
        "a public IPv4 or IPv6 address",
    ),
    "failover to where it came from": (
        _regions("192.0.2.1", "192.0.2.1"),
        "regions[1].addresses[0]",
        "'192.0.2.1'",
        "lead to one region",
    ),
    "failover to where it came from, otherwise spelt": (
        _regions("2001:db8::1", "2001:DB8:0::1"),
        "regions[1].addresses[0]",
        "'2001:DB8:0::1'",
        "lead to one region",
    ),
    "failover to where it came from, by name": (
        _regions("lb.example.net", "lb.example.net"),
        "regions[1].addresses[0]",
        "'lb.example.net'",
        "lead to one region",
    ),
    "notification to nobody": (
        _balancer(notify={"emails": []}),
        "notify.emails",
        "no address at all",
        "a webhook or a pager",
    ),
    "probes from nowhere": (_balancer(probe_regions=[]), "probe_regions", "[]", "at least one"),
    "percentages that do not sum to 100": (
        _rollout(v1=90.0, v2=20.0),
        "rollout",
        "v1 90, v2 20 = 110",
        "sum to 100",
    ),
    "two versions and no percentages": (_rollout(), "rollout", "none = 0", "sum to 100"),
    "percentage below nothing": (_rollout(v1=100.0, v2=-10.0), "rollout.v2", "-10.0", "0 to 100"),
    "rollout of no version": (_rollout(v3=100.0), "rollout", "'v3'", "v1, v2"),
    "three versions at once": (
        _worker(
            {key: {"script": "export default {}"} for key in ("v1", "v2", "v3")}, v1=80.0, v2=10.0, v3=10.0
        ),
        "rollout",
        "v1, v2, v3",
        "one or two versions",
    ),
    "no version": (_worker({}), "versions", "{}", "at least one version"),
    "route outside the zone": (_route("api.example.org/*"), "routes[0]", "'api.example.org'", WITHIN),
    "route outside the zone, with a scheme": (
        _route("https://*.example.org/*"),
        "routes[0]",
        "'example.org'",
        WITHIN,
    ),
    "route with a query string": (
        _route("api.example.com/tiles?z=*"),
        "routes[0]",
        "'api.example.com/tiles?z=*'",
        ROUTE,
    ),
    "route with a wildcard in its path": (
        _route("api.example.com/*/tiles"),
        "routes[0]",
        "'api.example.com/*/tiles'",
        ROUTE,
    ),
    "route with a wildcard in its host": (
        _route("api.*.example.com/*"),
        "routes[0]",
        "'api.*.example.com/*'",
        ROUTE,
    ),
    "route of another scheme": (_route("ws://api.example.com/*"), "routes[0]", "'ws://", "'http://'"),
    "route for every host": (_route("*/*"), "routes[0]", "'*/*'", "a host with a path"),
    "one route twice": (
        with_own("EdgeWorker", routes=["api.example.com/*", "api.example.com/*"]),
        "routes",
        "'api.example.com/*'",
        "each route once",
    ),
    "binding that a script cannot name": (
        _worker({"v1": {"script": "", "variables": {"api-url": "x"}}}),
        "versions.v1.variables.api-url",
        "'api-url'",
        "letters, digits and '_'",
    ),
    "variable that is a secret too": (
        _worker({"v1": {"script": "", "variables": {"KEY": "x"}, "secrets": {"KEY": "y"}}}),
        "versions.v1.variables.KEY",
        "'KEY'",
        "each name once",
    ),
    "DNS alone over the limit": (
        with_own("TwoRegionStack", monitor={"interval_s": 30, "timeout_s": 5, "proxied": False}),
        "failover_limit_s",
        "worst case 165 s, limit 120 s",
        "at most 120 s",
    ),
}
