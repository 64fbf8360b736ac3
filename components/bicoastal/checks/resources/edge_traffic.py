"""What Cloudflare does with traffic: load balancers, rules and Workers."""

import re
from collections.abc import Iterator

from ..problem import Problem, shown
from .check import Severity, of_resource, of_whole
from .declared import HIDDEN, Declared, Resources, at, can_be_judged, is_unknown_list, texts, truth
from .edge_zone import BALANCER, RULESET, zone_of
from .rules import is_off, is_there, must, must_in

_MONITOR = "cloudflare:index/loadBalancerMonitor:LoadBalancerMonitor"
_POOL = "cloudflare:index/loadBalancerPool:LoadBalancerPool"
SCRIPT = "cloudflare:index/workersScript:WorkersScript"
_VERSION = "cloudflare:index/workerVersion:WorkerVersion"
_WORKER = "cloudflare:index/worker:Worker"
_SUBDOMAIN = "cloudflare:index/workersScriptSubdomain:WorkersScriptSubdomain"
_ROUTE = "cloudflare:index/workersRoute:WorkersRoute"
_SOUNDS_SECRET = re.compile(r"passw|secret|token|credential|private_?key|api_?key", re.IGNORECASE)
_WALLS = ("http_request_firewall_custom", "http_request_firewall_managed", "http_ratelimit")
_REDIRECT = re.compile(r"(^|,)\s*(3|[12]\w\w-[3-5])")
_LIMITS = "http_ratelimit"
_CHALLENGES = ("challenge", "js_challenge", "managed_challenge")


@of_resource("cloudflare-pool-monitor", Severity.HIGH, _POOL)
def pool_is_watched(resource: Declared) -> Iterator[Problem]:
    """A pool of origins has a monitor.

    One without counts as healthy for ever, and traffic stays with what is dead: Cloudflare, "Monitors".
    """
    yield from must(
        resource, "monitor", is_there, "nobody asks whether it serves", "a monitor's id", "monitor=monitor.id"
    )


@of_resource("cloudflare-balancer-fallback", Severity.HIGH, BALANCER)
def balancer_has_a_way_out(resource: Declared) -> Iterator[Problem]:
    """A load balancer has a fallback, and at least two pools.

    With one pool, or none to fall back to, its loss is the loss of the service.
    """
    yield from must(
        resource, "fallbackPool", is_there, "nowhere to go", "a pool's id", "fallback_pool=secondary.id"
    )
    pools = resource.get("defaultPools")
    if not isinstance(pools, list):
        return
    unknown = len(pools) - len(texts(pools))  # two that nobody knows yet are two
    different = len({*texts(pools)}) + unknown
    if different < 2 and not is_unknown_list(pools):
        yield Problem(
            "defaultPools",
            "nothing to fail over to",
            f"{different} pool",
            "two or more",
            "add the other region's pool",
        )


@of_resource("cloudflare-monitor-verifies", Severity.HIGH, _MONITOR)
def monitor_verifies_whom_it_asks(resource: Declared) -> Iterator[Problem]:
    """A monitor asks over HTTPS and checks the certificate.

    Whoever answers in an origin's place is found healthy otherwise.
    """
    if resource.get("type", "http") in ("http", "https"):
        yield from must(
            resource,
            "type",
            lambda kind: kind == "https",
            "without TLS",
            "https",
            "type='https'",
            default="http",
        )
    yield from must(
        resource, "allowInsecure", is_off, "any certificate will do", "false", "allow_insecure=False"
    )


@of_resource("cloudflare-monitor-expects", Severity.MEDIUM, _MONITOR)
def monitor_says_what_it_expects(resource: Declared) -> Iterator[Problem]:
    """A monitor says which answer is healthy, and does not follow elsewhere.

    A redirect to a page of errors is a 200 at its end.
    """
    if resource.get("type", "http") in ("http", "https"):
        words = ("any answer will do", "codes such as 200", "expected_codes='200'")
        yield from must(
            resource, "expectedCodes", lambda v: is_there(v) and not _REDIRECT.search(str(v)), *words
        )
        words = ("it follows elsewhere", "false", "follow_redirects=False")
        yield from must(resource, "followRedirects", is_off, *words)


@of_whole("cloudflare-ruleset-phase", Severity.HIGH, RULESET)
def phase_has_one_ruleset(resources: Resources) -> Iterator[tuple[Declared, Problem]]:
    """A zone has one ruleset in each phase.

    Cloudflare refuses a second (20217), or the two undo each other at every run: Cloudflare, "Rulesets".
    """
    owners: dict[tuple[str, str], Declared] = {}
    for ruleset in resources.of(RULESET):
        phase, zone = ruleset.get("phase"), zone_of(ruleset) or str(ruleset.properties.get("accountId", ""))
        if not (zone and isinstance(phase, str)) or ruleset.get("kind") == "custom":
            continue
        owner = owners.setdefault((zone, phase), ruleset)
        if owner is not ruleset:
            yield (
                ruleset,
                Problem(
                    "phase",
                    f"{owner.name} is there already",
                    shown(phase),
                    "one ruleset per zone and phase",
                    "put the rules of both into one, in their order",
                ),
            )


@of_resource("cloudflare-rule-ref", Severity.MEDIUM, RULESET)
def rule_keeps_its_identity(resource: Declared) -> Iterator[Problem]:
    """Each rule of a ruleset has a reference of its own.

    Without it, a rule gets a new id when another one is added before it, and what counts under the old id
    (limits, logs, exceptions) begins anew.
    """
    seen: set[str] = set()
    for path, rule in resource.each("rules"):
        ref = at(rule, "ref")
        if not can_be_judged(ref):
            continue
        wrong = "none" if not is_there(ref) else "two rules have it" if ref in seen else ""
        if wrong:
            yield Problem(f"{path}.ref", wrong, shown(ref), "a word of its own", "ref='new-pins'")
        seen.add(str(ref))


@of_resource("cloudflare-rule-skips-all", Severity.CRITICAL, RULESET)
def no_rule_lets_everything_through(resource: Declared) -> Iterator[Problem]:
    """No rule lets all traffic past the firewall.

    `skip` for every request switches off what comes after it.
    """
    for path, rule in resource.each("rules"):
        everything = str(at(rule, "expression", "")).strip(" ()") == "true"
        if everything and resource.get("phase") in _WALLS and at(rule, "action") == "skip":
            yield Problem(
                f"{path}.expression",
                "every request is let past",
                "skip where true",
                "what is known to be harmless",
                "name the path or the addresses that it is for",
            )


@of_resource("cloudflare-rule-enabled", Severity.MEDIUM, RULESET)
def rule_of_the_firewall_is_on(resource: Declared) -> Iterator[Problem]:
    """A rule of the firewall is on.

    One that is switched off reads like protection.
    """
    for path, rule in resource.each("rules"):
        if resource.get("phase") in _WALLS:
            where, words = f"{path}.enabled", ("switched off", "true", "switch it on, or take it out")
            yield from must_in(rule, "enabled", where, lambda on: on is not False, *words, default=True)


@of_resource("cloudflare-limit-counts", Severity.HIGH, RULESET)
def limit_counts_by_place_and_client(resource: Declared) -> Iterator[Problem]:
    """A limit counts by data centre and by something of the client.

    Cloudflare refuses one without `cf.colo.id`; with nothing else, all clients share one count and one of
    them locks out the rest: Cloudflare, "Rate limiting parameters".
    """
    for path, rule in resource.each("rules"):
        counted = at(rule, "ratelimit.characteristics")
        if resource.get("phase") != _LIMITS or not isinstance(counted, list):
            continue
        if "cf.colo.id" not in counted or len(counted) < 2:
            yield Problem(
                f"{path}.ratelimit.characteristics",
                "it does not tell clients apart",
                shown(texts(counted)),
                "cf.colo.id and one more",
                "characteristics=['cf.colo.id', 'ip.src']",
            )


@of_resource("cloudflare-limit-challenge", Severity.HIGH, RULESET)
def challenge_has_no_timeout(resource: Declared) -> Iterator[Problem]:
    """A limit that challenges has no time of its own.

    Cloudflare refuses a `mitigation_timeout` other than 0 with a challenge.
    """
    for path, rule in resource.each("rules"):
        if resource.get("phase") == _LIMITS and at(rule, "action") in _CHALLENGES:
            yield from must_in(
                rule,
                "ratelimit.mitigationTimeout",
                f"{path}.ratelimit.mitigationTimeout",
                lambda seconds: seconds == 0,
                "Cloudflare refuses it",
                "0",
                "mitigation_timeout=0",
                default=0,
            )


@of_resource("cloudflare-worker-secret", Severity.HIGH, SCRIPT, _VERSION)
def secret_of_a_worker_is_secret(resource: Declared) -> Iterator[Problem]:
    """A Worker's secrets are bindings of type `secret_text`, with secret values.

    Anything else shows them at the dashboard; the SDK does not mark the value of a binding, so it would
    stand in the state as it is.
    """
    for path, binding in resource.each("bindings"):
        name, kind, text = (at(binding, key) for key in ("name", "type", "text"))
        sounds = isinstance(name, str) and _SOUNDS_SECRET.search(name) is not None
        if (kind == "plain_text" and sounds and is_there(text)) or (
            kind == "json" and sounds and isinstance(at(binding, "json"), str)
        ):
            wrong = "a secret as plain text"
        elif kind == "secret_text" and isinstance(text, str) and can_be_judged(text):
            wrong = "its value is no secret to the program"
        else:
            continue
        yield Problem(
            f"{path}.text",
            wrong,
            "a hidden value" if text is not HIDDEN else "a secret",
            "secret_text with a secret Output",
            "config.require_secret(...) in a binding of type 'secret_text'",
        )


@of_resource("cloudflare-worker-date", Severity.MEDIUM, SCRIPT, _VERSION)
def worker_names_its_runtime(resource: Declared) -> Iterator[Problem]:
    """A Worker names the date of the runtime that it was tested with.

    Without it, it runs on the oldest behaviour: Cloudflare, "Compatibility dates".
    """
    yield from must(
        resource, "compatibilityDate", is_there, "not named", "a date", "compatibility_date='2026-01-01'"
    )


@of_resource("cloudflare-worker-logs", Severity.LOW, SCRIPT, _WORKER)
def worker_is_observed(resource: Declared) -> Iterator[Problem]:
    """A Worker's runs are observed.

    An error at the edge is seen nowhere else.
    """
    yield from must(
        resource,
        "observability.enabled",
        truth,
        "nobody sees its errors",
        "true",
        "observability with enabled=True",
        default=False,
    )


@of_resource("cloudflare-worker-side-door", Severity.MEDIUM, _WORKER, _SUBDOMAIN)
def worker_has_no_side_door(resource: Declared) -> Iterator[Problem]:
    """A Worker answers under its own route alone.

    Under `workers.dev` it answers without the zone's rules, limits and firewall.
    """
    way = "" if resource.type == _SUBDOMAIN else "subdomain."
    for path in (f"{way}enabled", f"{way}previewsEnabled"):
        yield from must(
            resource, path, is_off, "a way around the zone's rules", "false", "subdomain with enabled=False"
        )


@of_resource("cloudflare-route-narrow", Severity.MEDIUM, _ROUTE)
def route_is_of_one_name(resource: Declared) -> Iterator[Problem]:
    """A Worker's route names its host.

    `*/*` and `*.example.com/*` take the traffic of names that nobody thought of.
    """
    yield from must(
        resource,
        "pattern",
        lambda pattern: not str(pattern).rpartition("://")[2].startswith("*"),
        "every name's traffic",
        "a host, then a path",
        "pattern='api.example.com/pins/*'",
    )
