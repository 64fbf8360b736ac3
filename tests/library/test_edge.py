"""The edge: the zone and its records, the load balancer, the rules, the scripts."""

import subprocess
import sys
from typing import Any

import pulumi
import pytest

import bicoastal
from bicoastal.database import TimingProfile
from bicoastal.database.timing import TIMINGS
from bicoastal.edge import EdgeMonitor
from bicoastal.failover import FailoverBudget
from bicoastal.ingress.routes import HealthCheck
from tests.library.arguments import ARGUMENTS
from tests.library.samples import PLANTED_SECRET, zone_reference


def depends_on(resource) -> set[str]:
    """The logical names of what must be there first."""
    return {urn.rpartition("::")[2].removeprefix("it-") for urn in resource.dependencies}


# The zone


def test_a_zone_is_protected_unless_it_is_said_otherwise(made):
    assert made("EdgeZone")["zone"].protect
    assert not made("EdgeZone", protect=False)["zone"].protect


def test_an_adopted_zone_is_not_made_and_everything_is_in_it(made):
    zone = made("EdgeZone", zone_id="adopted")
    assert "zone" not in zone
    assert {resource.inputs["zoneId"] for resource in zone.values()} == {"adopted"}


def test_a_zone_takes_tls_1_2_and_up_and_verifies_the_balancers(made):
    zone = made("EdgeZone")
    values = {r.inputs["settingId"]: r.inputs["value"] for name, r in zone.items() if "setting-" in name}
    hsts = values.pop("security_header")["strict_transport_security"]
    assert values == {
        "ssl": "strict",
        "min_tls_version": "1.2",
        "tls_1_3": "on",
        "always_use_https": "on",
        "automatic_https_rewrites": "on",
    }
    assert hsts == {
        "enabled": True,
        "max_age": 31536000,
        "include_subdomains": True,
        "preload": False,
        "nosniff": True,
    }


@pytest.mark.parametrize(
    ("own", "with_subdomains"),
    [
        ({}, True),
        ({"zone_id": "there"}, False),
        ({"zone_id": "there", "hsts": {"max_age_s": 60}}, False),
        ({"zone_id": "there", "hsts": {"include_subdomains": True}}, True),
        ({"hsts": {"include_subdomains": False}}, False),
    ],
)
def test_names_below_an_adopted_zone_keep_to_https_only_if_it_is_said(made, own, with_subdomains):
    header = made("EdgeZone", **own)["setting-security-header"].inputs["value"]
    assert header["strict_transport_security"]["include_subdomains"] is with_subdomains


def test_browsers_are_told_to_keep_to_https_only_when_it_is_served(made):
    assert depends_on(made("EdgeZone")["setting-security-header"]) >= {
        "setting-ssl",
        "setting-always-use-https",
    }


def test_a_zone_is_signed_unless_it_is_said_otherwise(made):
    assert made("EdgeZone")["dnssec"].inputs["status"] == "active"
    assert "dnssec" not in made("EdgeZone", dnssec=False)


def test_signatures_stay_when_they_are_taken_away_here(made):
    assert made("EdgeZone")["dnssec"].retain_on_delete
    assert made("EdgeZone", zone_id="adopted")["dnssec"].protect
    assert not made("EdgeZone", protect=False)["dnssec"].protect


def test_only_the_named_authorities_may_certify_the_domain(made):
    zone = made("EdgeZone", edge_authorities=["pki.goog"], caa_report="mailto:security@example.com")
    found = [r.inputs["data"] for name, r in zone.items() if name.startswith("caa-")]
    assert sorted((data["tag"], data["value"]) for data in found) == [
        ("iodef", "mailto:security@example.com"),
        ("issue", "letsencrypt.org"),
        ("issue", "pki.goog"),
        ("issuewild", "letsencrypt.org"),
        ("issuewild", "pki.goog"),
    ]


def test_the_edge_proves_itself_to_the_balancers_with_the_given_certificate_first_in_place(made):
    zone = made("EdgeZone")
    assert zone["origin-pulls"].inputs["enabled"] is True
    assert depends_on(zone["origin-pulls"]) >= {"origin-pull-certificate", "setting-ssl"}
    assert PLANTED_SECRET in zone["origin-pull-certificate"].inputs["privateKey"].value
    without = made("EdgeZone", authenticated_origin_pulls=False, origin_pull_certificate=None)
    assert "origin-pulls" not in without


def test_a_zone_gives_its_reference_to_what_is_in_it(pulumi_mocks):
    def program() -> None:
        zone = bicoastal.EdgeZone("it", ARGUMENTS["EdgeZone"]())
        bicoastal.FrontendDomain("frontend", {"zone": zone.reference, "domain": "example.com"})

    record = next(r for r in pulumi_mocks.run(program).resources if r.name == "frontend-records-domain")
    assert record.inputs["zoneId"] == "<it-zone.id>"


# Records


def record(made, **own: Any):
    args = {"type": "A", "name": "api.example.com", "content": "192.0.2.7", **own}
    return made("DnsRecords", records={"api": args})["api"]


def test_a_record_is_kept_for_60_seconds_unless_it_is_set(made):
    assert record(made).inputs["ttl"] == 60
    assert record(made, ttl_s=300).inputs["ttl"] == 300


def test_the_ttl_of_a_proxied_record_is_the_edges(made):
    proxied = record(made, proxied=True).inputs
    assert (proxied["proxied"], proxied["ttl"]) == (True, 1)


def test_on_the_largest_plan_a_record_may_be_kept_for_30_seconds(made):
    args = {"type": "A", "name": "example.com", "content": "192.0.2.7", "ttl_s": 30}
    records = made("DnsRecords", zone=zone_reference(plan="enterprise"), records={"x": args})
    assert records["x"].inputs["ttl"] == 30


def test_each_type_of_record_has_its_content(made):
    service = {"target": "sip.example.com", "port": 5060, "priority": 1}
    records = made(
        "DnsRecords",
        records={
            "six": {"type": "AAAA", "name": "example.com", "content": "2001:db8::1"},
            "alias": {"type": "CNAME", "name": "*.example.com", "content": "example.com"},
            "mail": {"type": "MX", "name": "example.com", "content": "mx.example.com", "priority": 5},
            "service": {"type": "SRV", "name": "_sip._tcp.example.com", "srv": service},
            "text": {"type": "TXT", "name": "_dmarc.example.com", "content": "v=DMARC1; p=reject"},
        },
    )
    assert records["six"].inputs["content"] == "2001:db8::1"
    assert records["alias"].inputs["name"] == "*.example.com"
    assert records["mail"].inputs["priority"] == 5
    assert records["service"].inputs["data"] == {**service, "weight": 0}
    assert records["text"].inputs["content"] == "v=DMARC1; p=reject"
    assert "priority" not in records["text"].inputs


def test_a_record_of_another_type_comes_after_the_old_one_is_gone(made):
    assert record(made).delete_before_replace is True


def test_records_are_tagged_where_the_plan_has_tags(made):
    assert made("DnsRecords", tags={"team": "maps"})["api"].inputs["tags"] == ["team:maps"]
    free = made("DnsRecords", zone=zone_reference(plan="free"), tags={"team": "maps"})
    assert "tags" not in free["api"].inputs


def test_the_frontends_own_name_is_an_address_and_others_an_alias_never_proxied(made):
    apex = made("FrontendDomain", project=None)
    assert (apex["records-domain"].inputs["type"], apex["records-www"].inputs["type"]) == ("A", "CNAME")
    below = made("FrontendDomain", domain="app.example.com", verification=None, project=None)
    assert list(below) == ["records-domain"]
    assert below["records-domain"].inputs["content"] == "cname.vercel-dns.com"
    assert {r.inputs["proxied"] for r in [*apex.values(), *below.values()]} == {False}


def test_the_frontends_host_reads_its_proof_below_the_zone(made):
    proof = made("FrontendDomain", domain="app.example.com")["records-verification"].inputs
    assert (proof["type"], proof["name"], proof["content"]) == ("TXT", "_vercel.example.com", "vc=1")


# The load balancer


def test_the_probe_asks_for_the_regions_own_word_over_verified_https(made):
    probe = made("FailoverLoadBalancer")["monitor"].inputs
    assert (probe["type"], probe["method"], probe["path"]) == ("https", "GET", "/region-health")
    assert probe["expectedCodes"] == "200"
    assert probe["header"] == {"Host": ["api.example.com"]}
    assert (probe["followRedirects"], probe["allowInsecure"]) == (False, False)


def test_regions_are_probed_with_the_certificate_that_the_zone_shows_them(made):
    probe = made("FailoverLoadBalancer")["monitor"].inputs
    assert probe["probeZone"] == "example.com", "balancers send away who shows none"


def test_the_probes_are_those_that_the_budget_is_made_from(made):
    monitor = {"interval_s": 30, "consecutive_down": 2, "consecutive_up": 2, "timeout_s": 4, "retries": 1}
    probe = made("FailoverLoadBalancer", monitor=monitor)["monitor"].inputs
    deployed = ("interval", "consecutiveDown", "consecutiveUp", "timeout", "retries")
    assert [probe[name] for name in deployed] == list(monitor.values())


def test_the_regions_are_in_order_and_the_second_is_the_fallback(made):
    regions = [{"name": name, "addresses": [f"lb.{name}.example.net"]} for name in ("west", "east")]
    balancer = made("FailoverLoadBalancer", regions=regions)["balancer"].inputs
    assert balancer["defaultPools"] == ["<it-pool-west.id>", "<it-pool-east.id>"]
    assert balancer["fallbackPool"] == "<it-pool-east.id>"
    assert balancer["steeringPolicy"] == "off"


def test_a_region_is_up_while_one_of_its_balancers_is(made):
    pool = made("FailoverLoadBalancer")["pool-east"].inputs
    assert [(o["name"], o["address"]) for o in pool["origins"]] == [
        ("east-1", "192.0.2.1"),
        ("east-2", "192.0.2.2"),
    ]
    assert (pool["minimumOrigins"], pool["monitor"]) == (1, "<it-monitor.id>")


def test_origins_are_in_the_order_of_their_names_and_name_no_usual_port(made):
    regions = [
        {"name": "east", "addresses": [f"192.0.2.{i}" for i in range(1, 12)]},
        {"name": "west", "addresses": ["198.51.100.1"]},
    ]
    origins = made("FailoverLoadBalancer", regions=regions)["pool-east"].inputs["origins"]
    names = [origin["name"] for origin in origins]
    assert names == sorted(names)
    assert all("port" not in origin for origin in origins)
    assert made("FailoverLoadBalancer", origin_port=8443)["pool-west"].inputs["origins"][0]["port"] == 8443


def test_a_proxied_load_balancer_has_no_ttl_and_another_has_60_seconds(made):
    proxied = made("FailoverLoadBalancer")["balancer"].inputs
    assert proxied["proxied"] is True
    assert "ttl" not in proxied
    told = made("FailoverLoadBalancer", monitor={"proxied": False})["balancer"].inputs
    assert (told["proxied"], told["ttl"]) == (False, 60)


def test_a_request_is_tried_in_the_other_region_only_when_asked_for(made):
    assert "adaptiveRouting" not in made("FailoverLoadBalancer")["balancer"].inputs
    retried = made("FailoverLoadBalancer", retry_in_other_region=True)["balancer"].inputs
    assert retried["adaptiveRouting"] == {"failoverAcrossPools": True}


def test_people_are_told_when_a_region_goes_down_or_comes_up(made):
    policy = made("FailoverLoadBalancer")["notification"].inputs
    assert policy["alertType"] == "load_balancing_health_alert"
    assert policy["filters"] == {
        "poolIds": ["<it-pool-east.id>", "<it-pool-west.id>"],
        "newHealths": ["Unhealthy", "Healthy"],
        "eventSources": ["pool"],
    }
    assert policy["mechanisms"] == {"emails": [{"id": "oncall@example.com"}]}
    assert "notification" not in made("FailoverLoadBalancer", notify=None)


@pytest.mark.parametrize(
    ("plan", "shortest"), [("free", 60), ("pro", 60), ("business", 15), ("enterprise", 10)]
)
def test_each_plan_probes_as_often_as_all_of_its_pages_allow(made, plan, shortest):
    zone = zone_reference(plan=plan)
    probe = made("FailoverLoadBalancer", zone=zone, monitor={"interval_s": shortest})["monitor"].inputs
    assert probe["interval"] == shortest
    with pytest.raises(pulumi.InputPropertiesError, match=rf"at least {shortest} s"):
        made("FailoverLoadBalancer", zone=zone, monitor={"interval_s": shortest - 1})


def two_regions(*west):
    """The east, and a west with these addresses."""
    return [{"name": "east", "addresses": ["1.1.1.1", "2606:4700::1"]}, {"name": "west", "addresses": west}]


def test_a_region_is_reached_by_a_public_address_or_by_a_name(made):
    regions = two_regions("lb.west.example.net", pulumi.Output.from_input("9.9.9.9"))
    origins = made("FailoverLoadBalancer", regions=regions)["pool-west"].inputs["origins"]
    assert [origin["address"] for origin in origins] == ["lb.west.example.net", "9.9.9.9"]


def test_an_address_that_becomes_known_later_is_no_private_one_either(made):
    with pytest.raises(pulumi.InputPropertiesError, match="no address that the edge can reach"):
        made("FailoverLoadBalancer", regions=two_regions(pulumi.Output.from_input("10.2.0.10")))


# The budget


def budget(monitor: EdgeMonitor) -> FailoverBudget:
    return FailoverBudget.of(
        interval_s=monitor.interval_s,
        consecutive_down=monitor.consecutive_down,
        consecutive_up=monitor.consecutive_up,
        timeout_s=monitor.timeout_s,
        retries=monitor.retries,
        promotion=TIMINGS[TimingProfile.FAST].promotion(HealthCheck(path="/primary")),
        limit_s=120,
        dns_ttl_s=monitor.dns_ttl_s,
    )


@pytest.mark.parametrize(
    ("monitor", "worst"),
    [
        ({"interval_s": 30, "timeout_s": 5}, 100),
        ({"interval_s": 15, "timeout_s": 3}, 53),
        ({"interval_s": 30, "timeout_s": 5, "proxied": False}, 160),
        ({"interval_s": 15, "timeout_s": 3, "proxied": False}, 113),
        ({"interval_s": 15, "timeout_s": 3, "proxied": False, "ttl_s": 30}, 83),
    ],
)
def test_detection_and_propagation_are_those_of_the_published_table(monitor, worst):
    made = budget(EdgeMonitor(**monitor))
    assert made.detection.seconds + made.propagation.seconds == worst


def test_names_alone_fit_in_two_minutes_with_short_probes_only():
    assert list(budget(EdgeMonitor(proxied=False)).problems()) == []
    (problem,) = budget(EdgeMonitor(interval_s=30, timeout_s=5, proxied=False)).problems()
    assert "worst case 165 s" in problem.given


def test_where_the_ttl_is_the_largest_term_the_fix_is_to_proxy():
    (problem,) = budget(EdgeMonitor(proxied=False, ttl_s=300)).problems()
    assert "TTL 300 s" in problem.wrong
    assert "proxied" in problem.fix


# The SDK


def test_the_probes_declaration_loads_no_sdk_of_the_edge():
    program = (
        "import sys, bicoastal.edge; from bicoastal import EdgePlan; bicoastal.edge.EdgeMonitor();"
        "print([m for m in sys.modules if m.startswith('pulumi_')])"
    )
    told = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert told.stdout.strip() == "[]"
