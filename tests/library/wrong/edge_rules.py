"""Wrong rules of the edge: the arguments that hold one, and what its error must say."""

from typing import Any

from tests.library.samples import zone_reference
from tests.library.wrong.table import Broken, Wrong


def _rules(plan: str, **rules: Any) -> Broken:
    return lambda: ("EdgeRules", {"zone": zone_reference(plan=plan), **rules})


def _limit(plan: str, **own: Any) -> Broken:
    return _rules(plan, rate_limits=[{"key": "login", "path": "/api/login", "requests": 5, **own}])


def _custom(plan: str, **own: Any) -> Broken:
    return _rules(plan, custom=[{"key": "a", "expression": "true", **own}])


def _cache(plan: str, **own: Any) -> Broken:
    return _rules(plan, cache=[{"key": "a", "expression": "true", **own}])


WRONG: Wrong = {
    "two rules with one key": (
        _rules(
            "business",
            custom=[{"key": "a", "expression": "true"}, {"key": "a", "expression": "false"}],
        ),
        "custom",
        "'a'",
        "each key once",
    ),
    "period that the plan does not have": (
        _limit("pro", period_s=120),
        "rate_limits[0].period_s",
        "120",
        "10, 60",
    ),
    "block that the plan does not have": (
        _limit("pro", block_s=86400),
        "rate_limits[0].block_s",
        "86400",
        "30, 60, 600, 3600",
    ),
    "count that the plan does not have": (
        _limit("pro", count_by="cf.unique_visitor_id"),
        "rate_limits[0].count_by",
        "'cf.unique_visitor_id'",
        "ip.src",
    ),
    "limit by method that the plan does not have": (
        _limit("pro", methods=["POST"]),
        "rate_limits[0].methods",
        "asked for",
        "rate limits by method",
    ),
    "challenge that ends by itself": (
        _limit("business", action="managed_challenge", block_s=60),
        "rate_limits[0].block_s",
        "60 s with managed_challenge",
        "none with a challenge",
    ),
    "endpoint that would end the expression": (
        _limit("business", path='/x" or true'),
        "rate_limits[0].path",
        "or true",
        "a path",
    ),
    "more limits than the plan has": (
        _rules("free", rate_limits=[{"key": key, "path": "/x", "requests": 5} for key in ("a", "b")]),
        "rate_limits",
        "2 rules",
        "at most 1",
    ),
    "managed rules that the plan does not have": (
        _rules("free", managed={"owasp": True}),
        "managed.owasp",
        "asked for",
        "a plan with managed rules",
    ),
    "rule that only logs": (
        _custom("business", action="log"),
        "custom[0].action",
        "asked for",
        "a plan with action 'log'",
    ),
    "pattern that the plan does not have": (
        _custom("pro", expression='http.request.uri.path matches "^/a"'),
        "custom[0].expression",
        "asked for",
        "a plan with regular expressions",
    ),
    "expression with nothing in it": (
        _custom("free", expression=" "),
        "custom[0].expression",
        "' '",
        "closed",
    ),
    "cached by an expression that is not closed": (
        _cache("free", expression="("),
        "cache[0].expression",
        "'('",
        "parentheses, braces and brackets are closed",
    ),
    "cache shorter than the plan has": (
        _cache("free", edge_ttl_s=60),
        "cache[0].edge_ttl_s",
        "60 s",
        "at least 7200 s",
    ),
    "time for what is not kept": (
        _cache("business", cached=False, edge_ttl_s=60),
        "cache[0].edge_ttl_s",
        "60 s with cached false",
        "none with cached false",
    ),
}
