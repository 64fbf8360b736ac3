"""Cloudflare, with the rules that its API has and no plan shows."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from .store import Cloud, Object, Refused

SHORTEST_INTERVAL_S = {"free": 60, "pro": 60, "business": 15, "enterprise": 10}
AUTOMATIC = 1
ROUTE = re.compile(r"(https?://)?(?P<host>\*?[^*/?:]+)(/[^*?]*\*?)?")
"""What the edge takes for a route: one `*` before the host, one behind the path, and no query string."""
NAMED = ("A", "AAAA", "CNAME")
"""Records of which a name has either one CNAME, or addresses."""


def _type(name: str) -> str:
    return f"cloudflare:index/{name[0].lower()}{name[1:]}:{name}"


REFERENCES = {
    _type("LoadBalancerPool"): {"monitor": "LoadBalancerMonitor"},
    _type("LoadBalancer"): {"defaultPools": "LoadBalancerPool", "fallbackPool": "LoadBalancerPool"},
    _type("WorkerVersion"): {"workerId": "Worker"},
}
"""A type to its properties that name another thing, by id."""


@dataclass
class Cloudflare(Cloud):
    """An account whose zones have one plan."""

    plan: str = "business"
    known_zones: set[str] = field(default_factory=set)
    """Zones that were there before."""

    def make(self, token: str, inputs: Mapping[str, Any]) -> tuple[str, dict[str, Any]]:
        self._judge(token, inputs, None)
        return self.described(token, inputs)

    def change(self, it: Object, inputs: Mapping[str, Any], changed: set[str]) -> dict[str, Any]:
        self._judge(it.type, inputs, it)
        return {}

    def remove(self, it: Object) -> None:
        for token, properties in REFERENCES.items():
            for other in self.of(token):
                for name, kind in properties.items():
                    if _type(kind) == it.type and it.id in _listed(other.properties.get(name)):
                        raise Refused(f"{kind} {it.id} is in use by {other.id}")

    def _judge(self, token: str, inputs: Mapping[str, Any], before: Object | None) -> None:
        self._has_its_references(token, inputs)
        others = [other for other in self.of(token) if other is not before]
        kind = token.rpartition(":")[2]
        if kind == "DnsRecord":
            _record(inputs, [other.properties for other in others])
        elif kind == "Ruleset":
            for other in others:
                if all(other.properties.get(name) == inputs.get(name) for name in ("zoneId", "phase")):
                    raise Refused(
                        f"20217: exceeded maximum number of zone rulesets for phase {inputs['phase']}"
                    )
        elif kind == "LoadBalancerMonitor":
            self._monitor(inputs)
        elif kind == "LoadBalancer" and inputs.get("proxied") and "ttl" in inputs:
            raise Refused("ttl cannot be set when the load balancer is proxied")
        elif kind == "WorkersDeployment":
            self._deployment(inputs)
        elif kind == "WorkersRoute":
            self._route(inputs, [other.properties for other in others])

    def _has_its_references(self, token: str, inputs: Mapping[str, Any]) -> None:
        zone = inputs.get("zoneId")
        if zone is not None and zone not in self.known_zones and (_type("Zone"), zone) not in self.objects:
            raise Refused(f"7003: could not route to /zones/{zone}: no such zone")
        for name, kind in REFERENCES.get(token, {}).items():
            for identifier in _listed(inputs.get(name)):
                if (_type(kind), identifier) not in self.objects:
                    raise Refused(f"{name}: there is no {kind} {identifier}")
        script = inputs.get("script", inputs.get("scriptName"))
        names = [worker.properties["name"] for worker in self.of(_type("Worker"))]
        if script is not None and script not in names:
            raise Refused(f"10007: there is no worker {script}")
        if token == _type("WorkersRoute") and not any(
            deployment.properties["scriptName"] == script
            for deployment in self.of(_type("WorkersDeployment"))
        ):
            raise Refused(f"worker {script} has no deployment to route to")

    def _monitor(self, inputs: Mapping[str, Any]) -> None:
        shortest = SHORTEST_INTERVAL_S[self.plan]
        if not shortest <= inputs["interval"] <= 3600:
            raise Refused(f"interval is not in range [{shortest}, 3600]")
        if inputs["timeout"] >= inputs["interval"]:
            raise Refused("timeout must be shorter than interval")

    def _route(self, inputs: Mapping[str, Any], others: list[dict[str, Any]]) -> None:
        pattern, zone = inputs["pattern"], self.objects.get((_type("Zone"), inputs["zoneId"]))
        found = ROUTE.fullmatch(pattern)
        if found is None:
            raise Refused(f"invalid route pattern {pattern}")
        host = found["host"].removeprefix("*").removeprefix(".")
        if zone is not None and not f".{host}".endswith(f".{zone.properties['name']}"):
            raise Refused(f"invalid route pattern {pattern}: it must include the zone")
        if any(other["pattern"] == pattern and other["zoneId"] == inputs["zoneId"] for other in others):
            raise Refused(f"10020: a route with the same pattern already exists: {pattern}")

    def _deployment(self, inputs: Mapping[str, Any]) -> None:
        shares = inputs["versions"]
        for share in shares:
            if (_type("WorkerVersion"), share["versionId"]) not in self.objects:
                raise Refused(f"there is no version {share['versionId']}")
        if sum(share["percentage"] for share in shares) != 100:
            raise Refused("percentages must sum to 100")


def _record(inputs: Mapping[str, Any], others: list[dict[str, Any]]) -> None:
    proxied, ttl_s = inputs.get("proxied", False), inputs["ttl"]
    if proxied and ttl_s != AUTOMATIC:
        raise Refused("9021: ttl must be set to 1 when proxied is true")
    if not proxied and ttl_s != AUTOMATIC and not 60 <= ttl_s <= 86400:
        raise Refused(f"9021: invalid ttl {ttl_s}: must be between 60 and 86400 seconds, or 1 for automatic")
    for other in others:
        if other["name"] != inputs["name"] or other["zoneId"] != inputs["zoneId"]:
            continue
        if all(other.get(key) == inputs.get(key) for key in ("type", "content", "data")):
            raise Refused("81058: an identical record already exists")
        types = (other["type"], inputs["type"])
        if "CNAME" in types and all(kind in NAMED for kind in types):
            raise Refused("81053: an A, AAAA, or CNAME record with that host already exists")


def _listed(value: Any) -> list[str]:
    return value if isinstance(value, list) else [] if value is None else [value]
