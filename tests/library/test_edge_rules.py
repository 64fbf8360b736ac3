"""What the edge lets pass, how often, what it keeps, and the scripts that it runs."""

import base64
from itertools import pairwise
from typing import Any

import pulumi
import pytest

from bicoastal.edge import EdgePlan
from tests.library.samples import PLANTED_SECRET, zone_reference
from tests.library.test_edge import depends_on

# The rules


def rules(made, kind: str, **own: Any):
    return made("EdgeRules", **own)[kind].inputs["rules"]


def test_a_zone_has_one_set_of_rules_per_phase_and_an_old_one_goes_first(made):
    sets = made("EdgeRules")
    assert {key: r.inputs["phase"] for key, r in sets.items()} == {
        "custom": "http_request_firewall_custom",
        "limits": "http_ratelimit",
        "managed": "http_request_firewall_managed",
        "cache": "http_request_cache_settings",
    }
    assert {r.inputs["kind"] for r in sets.values()} == {"zone"}
    assert all(r.delete_before_replace for r in sets.values())


def test_a_phase_without_rules_has_no_set(made):
    assert list(made("EdgeRules", custom=[], rate_limits=[], cache=[])) == ["managed"]


def test_a_rule_keeps_its_identity_when_another_comes_before_it(made):
    old = {"key": "old", "expression": "true"}
    before = rules(made, "custom", custom=[old])
    after = rules(made, "custom", custom=[{"key": "new", "expression": "false"}, old])
    assert [rule["ref"] for rule in after] == ["new", "old"]
    assert after[1] == before[0]


def test_the_managed_and_the_owasp_rules_run_where_the_plan_has_them(made):
    vendor, owasp = rules(made, "managed")
    assert vendor["actionParameters"] == {"id": "efb7b8c949ac4650a09736fc376e9aee"}
    assert owasp["actionParameters"]["id"] == "4814384a9e5d4991b9815dcfc25d2f1f"
    assert {rule["action"] for rule in (vendor, owasp)} == {"execute"}
    free = made("EdgeRules", zone=zone_reference(plan="free"), rate_limits=[])
    assert "managed" not in free


def test_the_owasp_rules_act_from_so_many_points_on_at_so_much_paranoia(made):
    managed = {
        "vendor": False,
        "owasp_threshold": 25,
        "owasp_paranoia": 3,
        "owasp_action": "managed_challenge",
    }
    (owasp,) = rules(made, "managed", managed=managed)
    overrides = owasp["actionParameters"]["overrides"]
    assert overrides["categories"] == [{"category": "paranoia-level-4", "enabled": False}]
    assert overrides["rules"] == [
        {"id": "6179ae15870a4bb7b2d480d4843b323c", "action": "managed_challenge", "scoreThreshold": 25}
    ]


EXPRESSIONS = {
    'http.host eq ("a"': "'(' at character 14 is not closed",
    '(http.host eq "a"))': "')' at character 19 closes nothing",
    'http.host in {"a" "b")': "')' at character 22 does not close '{' at character 14",
    "cf.tags[0 eq 1": "'[' at character 8 is not closed",
    'http.host eq "a': "the string that begins at character 14 does not end",
    r'http.host eq "a\"': "the string that begins at character 14 does not end",
    r'http.host eq r#"a" and true': "the string that begins at character 14 does not end",
}


@pytest.mark.parametrize(("expression", "told"), EXPRESSIONS.items())
def test_an_expression_that_is_not_closed_is_refused_with_the_place(made, expression, told):
    with pytest.raises(pulumi.InputPropertiesError) as refused:
        made("EdgeRules", custom=[{"key": "it", "expression": expression}])
    assert f"custom[0].expression: {told}" in str(refused.value)


@pytest.mark.parametrize(
    "expression",
    [
        'http.host in {"a" "b"} and (ip.src in {192.0.2.0/24} or not ssl)',
        'any(http.request.headers["x"][*] contains ")")',
        r'http.request.uri.path contains "\"(" and http.request.uri.path contains "\\"',
        r'http.request.uri.path contains r"\" and http.request.uri.path contains r##"("#{"##',
    ],
)
def test_what_is_in_a_string_closes_and_opens_nothing(made, expression):
    (rule,) = rules(made, "custom", custom=[{"key": "it", "expression": expression}])
    assert rule["expression"] == expression


def limit(made, plan: str = "business", **own: Any):
    one = {"key": "login", "path": "/api/login", "requests": 5, **own}
    (rule,) = rules(made, "limits", zone=zone_reference(plan=plan), rate_limits=[one])
    return rule


def test_a_limit_counts_a_clients_requests_for_its_endpoint(made):
    rule = limit(made, methods=["POST", "PUT"], period_s=60, block_s=600)
    assert rule["expression"] == (
        'http.request.uri.path eq "/api/login" and http.request.method in {"POST" "PUT"}'
    )
    assert rule["ratelimit"] == {
        "characteristics": ["cf.colo.id", "ip.src"],
        "period": 60,
        "requestsPerPeriod": 5,
        "mitigationTimeout": 600,
    }


def test_a_limit_may_hold_for_all_below_a_path(made):
    assert limit(made, path="/api/*")["expression"] == 'starts_with(http.request.uri.path, "/api/")'


def test_a_challenge_has_no_time_and_a_block_the_shortest_of_the_plan(made):
    assert limit(made, action="managed_challenge")["ratelimit"]["mitigationTimeout"] == 0
    assert limit(made)["ratelimit"]["mitigationTimeout"] == 30
    assert limit(made, plan="free")["ratelimit"]["mitigationTimeout"] == 10


def test_the_edge_keeps_answers_as_long_as_it_is_told_or_as_they_say(made):
    told, said, never = rules(
        made,
        "cache",
        cache=[
            {"key": "told", "expression": "true", "edge_ttl_s": 3600, "browser_ttl_s": 60},
            {"key": "said", "expression": "true"},
            {"key": "never", "expression": "true", "cached": False},
        ],
    )
    assert told["actionParameters"] == {
        "cache": True,
        "edgeTtl": {"mode": "override_origin", "default": 3600},
        "browserTtl": {"mode": "override_origin", "default": 60},
    }
    assert said["actionParameters"] == {"cache": True, "edgeTtl": {"mode": "respect_origin"}}
    assert never["actionParameters"] == {"cache": False}


def test_a_larger_plan_allows_what_a_smaller_one_does():
    plans = [plan.limits for plan in EdgePlan]
    for smaller, larger in pairwise(plans):
        assert larger.probe_interval_s <= smaller.probe_interval_s
        assert larger.record_ttl_s <= smaller.record_ttl_s
        assert larger.cache_ttl_s <= smaller.cache_ttl_s
        assert larger.custom_rules > smaller.custom_rules
        assert larger.rate_limits > smaller.rate_limits
        assert larger.cache_rules > smaller.cache_rules
        assert set(larger.limit_periods_s) >= set(smaller.limit_periods_s)
        assert set(larger.limit_by) >= set(smaller.limit_by)


# Scripts


def shares(worker) -> dict[str, float]:
    return {v["versionId"]: v["percentage"] for v in worker["deployment"].inputs["versions"]}


def test_requests_are_split_among_versions_by_percentages(made):
    worker = made("EdgeWorker")
    assert worker["deployment"].inputs["strategy"] == "percentage"
    assert shares(worker) == {"<it-version-v1.id>": 90, "<it-version-v2.id>": 10}


def test_going_back_is_setting_the_percentages_back_and_uploads_nothing(made):
    ahead, back = made("EdgeWorker"), made("EdgeWorker", rollout={"v1": 100.0, "v2": 0.0})
    assert shares(back) == {"<it-version-v1.id>": 100}
    assert {n: r.inputs for n, r in ahead.items() if n != "deployment"} == {
        n: r.inputs for n, r in back.items() if n != "deployment"
    }


def test_the_only_version_has_all_requests(made):
    assert shares(made("EdgeWorker", versions={"v1": {"script": "x"}}, rollout={})) == {
        "<it-version-v1.id>": 100
    }


def test_a_version_holds_its_script_and_what_it_is_bound_to(made):
    version = {
        "script": "export default {}",
        "variables": {"REGION": "east"},
        "secrets": {"TOKEN": PLANTED_SECRET},
        "key_value_stores": {"CACHE": "namespace"},
        "services": {"AUTH": "login"},
    }
    worker = made("EdgeWorker", versions={"v1": version}, rollout={})
    inputs = worker["version-v1"].inputs
    (module,) = inputs["modules"]
    assert base64.b64decode(module["contentBase64"]).decode() == "export default {}"
    assert inputs["mainModule"] == module["name"]
    assert [(b["name"], b["type"]) for b in inputs["bindings"]] == [
        ("AUTH", "service"),
        ("CACHE", "kv_namespace"),
        ("REGION", "plain_text"),
        ("TOKEN", "secret_text"),
    ]
    assert PLANTED_SECRET not in repr(inputs)
    assert inputs["bindings"][3]["text"].value == PLANTED_SECRET


def test_a_route_leads_to_a_script_that_has_a_deployment(made):
    route = made("EdgeWorker")["route-api.example.com/geocode/*"]
    assert route.inputs["script"] == "geocoder"
    assert "deployment" in depends_on(route)


@pytest.mark.parametrize(
    "route",
    [
        "example.com",
        "example.com/",
        "*example.com/*",
        "*.example.com/tiles/*",
        "https://api.example.com/tiles*",
        "http://api.example.com/tiles",
    ],
)
def test_a_route_is_whatever_the_edge_takes_for_one(made, route):
    assert made("EdgeWorker", routes=[route])[f"route-{route}"].inputs["pattern"] == route


def test_a_script_is_reached_only_by_its_routes(made):
    subdomain = made("EdgeWorker")["worker"].inputs["subdomain"]
    assert subdomain == {"enabled": False, "previewsEnabled": False}
