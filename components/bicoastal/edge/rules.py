"""The rules of a zone: firewall, rate limits and cache."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, NotRequired

import pulumi

from ..checks import edge as checks
from ..checks.expressions import expression_is_balanced
from ..checks.problem import Problem
from ..component import Component, ComponentArgs
from ..settings import setting
from .cloudflare import cloudflare
from .rule_args import (
    CacheRule,
    CacheRuleArgs,
    CustomRule,
    CustomRuleArgs,
    ManagedRules,
    ManagedRulesArgs,
    RateLimit,
    RateLimitArgs,
    RuleAction,
)
from .zone_reference import ZoneReference, ZoneReferenceArgs

VENDOR_RULES = "efb7b8c949ac4650a09736fc376e9aee"
OWASP_RULES = "4814384a9e5d4991b9815dcfc25d2f1f"
OWASP_SUM = "6179ae15870a4bb7b2d480d4843b323c"
"""The vendor's ids, the same for everybody: its own rules, the OWASP rules, and of these the one that adds
the points up and acts."""
PHASES = {
    "custom": "http_request_firewall_custom",
    "limits": "http_ratelimit",
    "managed": "http_request_firewall_managed",
    "cache": "http_request_cache_settings",
}
"""A child's key to the edge's phase."""


class EdgeRulesArgs(ComponentArgs):
    """What requests pass at the edge. A zone has these rules once: give it one of this component."""

    zone: ZoneReferenceArgs
    """The zone that they hold in. Its plan says how many rules there may be, and of which kind."""
    managed: NotRequired[ManagedRulesArgs]
    """The rules that the vendor keeps. Default: all that the plan has."""
    custom: NotRequired[list[CustomRuleArgs]]
    """Rules of your own, in their order. Default: none."""
    rate_limits: NotRequired[list[RateLimitArgs]]
    """How often clients may ask, per endpoint. Default: no limits at the edge."""
    cache: NotRequired[list[CacheRuleArgs]]
    """What is kept at the edge, in their order. Default: what the edge keeps by itself."""


@dataclass(frozen=True, kw_only=True)
class EdgeRulesSettings:
    """What requests pass at the edge, checked."""

    zone: ZoneReference
    managed: ManagedRules = setting(factory=ManagedRules)
    custom: list[CustomRule] = setting(factory=list)
    rate_limits: list[RateLimit] = setting(factory=list)
    cache: list[CacheRule] = setting(factory=list)

    @property
    def vendor(self) -> bool:
        """Whether the vendor's own rules run."""
        return self._or_as_planned(self.managed.vendor)

    @property
    def owasp(self) -> bool:
        """Whether its OWASP rules run."""
        return self._or_as_planned(self.managed.owasp)

    def _or_as_planned(self, wanted: bool | None) -> bool:
        return self.zone.plan.limits.managed_rules if wanted is None else wanted

    def problems(self) -> Iterator[Problem]:
        """What is wrong between the fields."""
        plan, limits = self.zone.plan.value, self.zone.plan.limits
        for field, wanted in (("vendor", self.vendor), ("owasp", self.owasp)):
            yield from checks.the_plan_has(
                f"managed.{field}", wanted, limits.managed_rules, "managed rules", plan
            )
        kinds: list[tuple[str, Sequence[CustomRule | RateLimit | CacheRule], int]] = [
            ("custom", self.custom, limits.custom_rules),
            ("rate_limits", self.rate_limits, limits.rate_limits),
            ("cache", self.cache, limits.cache_rules),
        ]
        for field, rules, most in kinds:
            yield from checks.no_key_twice(field, [rule.key for rule in rules])
            yield from checks.as_many_as_the_plan_has(field, len(rules), most, plan)
        for i, rule in enumerate(self.custom):
            logs = rule.action is RuleAction.LOG
            yield from checks.the_plan_has(
                f"custom[{i}].action", logs, limits.log_action, "action 'log'", plan
            )
            yield from self._expression(f"custom[{i}].expression", rule.expression)
        for i, limit in enumerate(self.rate_limits):
            yield from self._limit(f"rate_limits[{i}]", limit)
        for i, cached in enumerate(self.cache):
            yield from checks.ttl_of_the_plan(
                f"cache[{i}].edge_ttl_s", cached.edge_ttl_s, limits.cache_ttl_s, plan
            )
            yield from self._expression(f"cache[{i}].expression", cached.expression)

    def _expression(self, path: str, expression: str) -> Iterator[Problem]:
        yield from expression_is_balanced(path, expression)
        plan = self.zone.plan
        matches = " matches " in expression or " ~ " in expression
        yield from checks.the_plan_has(path, matches, plan.limits.patterns, "regular expressions", plan.value)

    def _limit(self, path: str, limit: RateLimit) -> Iterator[Problem]:
        plan, limits = self.zone.plan.value, self.zone.plan.limits
        yield from checks.one_that_the_plan_has(
            f"{path}.period_s", limit.period_s, limits.limit_periods_s, plan
        )
        if limit.block_s is not None:
            yield from checks.one_that_the_plan_has(
                f"{path}.block_s", limit.block_s, limits.limit_blocks_s, plan
            )
        yield from checks.one_that_the_plan_has(
            f"{path}.count_by", limit.count_by.value, [by.value for by in limits.limit_by], plan
        )
        yield from checks.the_plan_has(
            f"{path}.methods", bool(limit.methods), limits.limit_methods, "rate limits by method", plan
        )
        logs = limit.action is RuleAction.LOG
        yield from checks.the_plan_has(f"{path}.action", logs, limits.log_action, "action 'log'", plan)


class EdgeRules(Component[EdgeRulesSettings]):
    """What requests pass at the edge before they reach a region: your own rules, rate limits, the vendor's
    and the OWASP rules, and the cache. Each rule keeps its identity by its key, whatever is put before it.

    A zone has one set of rules per phase. Where the dashboard has made one, the edge refuses another: import
    it, or delete it there. Between an old set and the one that replaces it there is a moment without rules.

    Raises `pulumi.InputPropertiesError` for any argument that breaks its rule, such as a rate limit over a
    period that the zone's plan does not have, or an expression with a parenthesis that is not closed. What
    else is wrong with an expression only the edge finds, when it is given it.
    """

    ruleset_ids: pulumi.Output[dict[str, str]]
    """The id of each set of rules: `custom`, `limits`, `managed`, `cache`, as far as there are any."""

    def __init__(self, name: str, args: EdgeRulesArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__(name, args, opts, EdgeRulesSettings)
        made = {key: self._ruleset(key, rules) for key, rules in _rules(self.settings).items()}
        self.ruleset_ids = pulumi.Output.all(**{key: ruleset.id for key, ruleset in made.items()})
        self.register_outputs({"ruleset_ids": self.ruleset_ids})

    @classmethod
    def children_of(cls, settings: EdgeRulesSettings) -> Sequence[str]:
        return list(_rules(settings))

    def _ruleset(self, key: str, rules: list[cloudflare.RulesetRuleArgs]) -> cloudflare.Ruleset:
        return cloudflare.Ruleset(
            self.child_name(key),
            **self.customized(
                key,
                {
                    "zone_id": self.settings.zone.zone_id,
                    "kind": "zone",
                    # Not ours: a change of it replaces the set.
                    "name": f"{self.settings.zone.domain}-{key}",
                    "phase": PHASES[key],
                    "rules": rules,
                },
            ),
            # The zone takes no second set of a phase while it has the first.
            opts=self.child_opts(key, delete_before_replace=True),
        )


def _rules(settings: EdgeRulesSettings) -> dict[str, list[cloudflare.RulesetRuleArgs]]:
    """The rules by their child's key, without the phases that have none."""
    shortest = settings.zone.plan.limits.limit_blocks_s[0]
    rules = {
        "custom": [_custom(rule) for rule in settings.custom],
        "limits": [_limit(limit, shortest) for limit in settings.rate_limits],
        "managed": [
            *([_vendor()] if settings.vendor else []),
            *([_owasp(settings.managed)] if settings.owasp else []),
        ],
        "cache": [_cache(rule) for rule in settings.cache],
    }
    return {key: found for key, found in rules.items() if found}


def _custom(rule: CustomRule) -> cloudflare.RulesetRuleArgs:
    return cloudflare.RulesetRuleArgs(
        ref=rule.key,
        description=rule.description or rule.key,
        expression=rule.expression,
        action=rule.action.value,
        enabled=rule.enabled,
    )


def _limit(limit: RateLimit, shortest_s: int) -> cloudflare.RulesetRuleArgs:
    block_s = 0 if limit.challenges else limit.block_s or shortest_s
    return cloudflare.RulesetRuleArgs(
        ref=limit.key,
        description=f"{limit.key}: {limit.requests} in {limit.period_s} s",
        expression=limit.expression,
        action=limit.action.value,
        enabled=True,
        ratelimit=cloudflare.RulesetRuleRatelimitArgs(
            # The edge counts in each data centre, and wants to be told so.
            characteristics=["cf.colo.id", limit.count_by.value],
            period=limit.period_s,
            requests_per_period=limit.requests,
            mitigation_timeout=block_s,
        ),
    )


def _vendor() -> cloudflare.RulesetRuleArgs:
    return _execute("vendor", "The vendor's managed rules", VENDOR_RULES)


def _owasp(managed: ManagedRules) -> cloudflare.RulesetRuleArgs:
    overrides = cloudflare.RulesetRuleActionParametersOverridesArgs(
        categories=[
            cloudflare.RulesetRuleActionParametersOverridesCategoryArgs(
                category=f"paranoia-level-{level}", enabled=False
            )
            for level in range(managed.owasp_paranoia + 1, 5)
        ]
        or None,
        rules=[
            cloudflare.RulesetRuleActionParametersOverridesRuleArgs(
                id=OWASP_SUM,
                action=managed.owasp_action.value,
                score_threshold=managed.owasp_threshold.value,
            )
        ],
    )
    return _execute("owasp", "The OWASP rules", OWASP_RULES, overrides=overrides)


def _execute(ref: str, description: str, ruleset: str, **parameters: Any) -> cloudflare.RulesetRuleArgs:
    return cloudflare.RulesetRuleArgs(
        ref=ref,
        description=description,
        expression="true",
        action="execute",
        enabled=True,
        action_parameters=cloudflare.RulesetRuleActionParametersArgs(id=ruleset, **parameters),
    )


def _cache(rule: CacheRule) -> cloudflare.RulesetRuleArgs:
    parameters: dict[str, Any] = {"cache": rule.cached}
    if rule.cached:
        parameters["edge_ttl"] = cloudflare.RulesetRuleActionParametersEdgeTtlArgs(**_ttl(rule.edge_ttl_s))
    if rule.browser_ttl_s is not None:
        parameters["browser_ttl"] = cloudflare.RulesetRuleActionParametersBrowserTtlArgs(
            **_ttl(rule.browser_ttl_s)
        )
    return cloudflare.RulesetRuleArgs(
        ref=rule.key,
        description=rule.key,
        expression=rule.expression,
        action="set_cache_settings",
        enabled=True,
        action_parameters=cloudflare.RulesetRuleActionParametersArgs(**parameters),
    )


def _ttl(seconds: int | None) -> dict[str, Any]:
    return {"mode": "respect_origin"} if seconds is None else {"mode": "override_origin", "default": seconds}
