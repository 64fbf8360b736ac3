"""The load balancer at the edge: traffic goes to the region that says it may have it."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import Enum
from typing import Any, NotRequired, TypedDict

import pulumi

from ..checks import edge as checks
from ..checks import topology as places
from ..checks.problem import Problem
from ..checks.rules import NAME, PORT
from ..component import Component, ComponentArgs
from ..settings import setting
from .cloudflare import cloudflare
from .monitor import EdgeMonitor, EdgeMonitorArgs
from .zone_reference import ZoneReference, ZoneReferenceArgs


class ProbeRegion(Enum):
    """Where the edge probes from: three data centres in each, of which the majority decides."""

    EAST_NORTH_AMERICA = "ENAM"
    """Eastern North America."""
    WEST_NORTH_AMERICA = "WNAM"
    """Western North America."""
    WEST_EUROPE = "WEU"
    """Western Europe."""
    EAST_EUROPE = "EEU"
    """Eastern Europe."""
    OCEANIA = "OC"
    """Oceania."""
    NORTH_EAST_ASIA = "NEAS"
    """North-eastern Asia."""
    SOUTH_EAST_ASIA = "SEAS"
    """South-eastern Asia."""
    SOUTH_ASIA = "SAS"
    """Southern Asia."""


class RegionPoolArgs(TypedDict):
    """One region, as the edge reaches it."""

    name: str
    """The region's name, such as `east`. A change replaces its pool."""
    addresses: list[pulumi.Input[str]]
    """The public addresses, or names, of its balancers; none of them is in another region too."""


class NotificationArgs(TypedDict):
    """Who is told that a region is taken for down or up again. At least one."""

    emails: NotRequired[list[str]]
    """Addresses for mail. Default: none."""
    webhooks: NotRequired[list[pulumi.Input[str]]]
    """Ids of webhooks that the account has. Default: none."""
    pagers: NotRequired[list[pulumi.Input[str]]]
    """Ids of PagerDuty services that the account has. Default: none."""


class FailoverLoadBalancerArgs(ComponentArgs):
    """What the load balancer is made of."""

    zone: ZoneReferenceArgs
    """The zone that the hostname is in. Its plan says how often may be probed."""
    hostname: str
    """The full name that it answers for. It wins over a record of that name."""
    regions: list[RegionPoolArgs]
    """The two regions: the one that is preferred, then the other, which gets the traffic when neither says
    that it may have it."""
    monitor: NotRequired[EdgeMonitorArgs]
    """The probes, the very ones that the failover budget is made from, and whether requests are proxied.
    Default: proxied, every 15 s, which needs the plan `business`."""
    origin_port: NotRequired[int]
    """The balancers' port for HTTPS. Default: 443."""
    probe_regions: NotRequired[list[ProbeRegion]]
    """Where the probes come from, such as `ENAM`. Default: eastern North America; more are a paid option, and
    more probes."""
    retry_in_other_region: NotRequired[bool]
    """Whether a request that found no connection in one region is tried in the other at once. Default: false;
    safe where both regions lead writes to the one primary."""
    notify: NotRequired[NotificationArgs]
    """Who is told of a change. Default: nobody."""


@dataclass(frozen=True, kw_only=True)
class RegionPool:
    """One region, checked."""

    name: str = setting(NAME)
    addresses: list[pulumi.Input[str]] = setting(checks.ORIGIN)

    def problems(self) -> Iterator[Problem]:
        """What is wrong between the fields."""
        if not self.addresses:
            yield Problem(
                "addresses", "empty", "[]", "at least one address", "give a public address of the region"
            )


@dataclass(frozen=True, kw_only=True)
class Notification:
    """Who is told, checked."""

    emails: list[str] = setting(factory=list)
    webhooks: list[pulumi.Input[str]] = setting(factory=list)
    pagers: list[pulumi.Input[str]] = setting(factory=list)

    def problems(self) -> Iterator[Problem]:
        """What is wrong between the fields."""
        if not (self.emails or self.webhooks or self.pagers):
            yield Problem(
                "emails", "nobody is told", "no address at all", "mail, a webhook or a pager", "name one"
            )

    def mechanisms(self) -> cloudflare.NotificationPolicyMechanismsArgs:
        """As the provider takes them; an empty list would be a change at every run."""
        emails = [cloudflare.NotificationPolicyMechanismsEmailArgs(id=to) for to in self.emails]
        webhooks = [cloudflare.NotificationPolicyMechanismsWebhookArgs(id=to) for to in self.webhooks]
        pagers = [cloudflare.NotificationPolicyMechanismsPagerdutyArgs(id=to) for to in self.pagers]
        return cloudflare.NotificationPolicyMechanismsArgs(
            emails=emails or None, webhooks=webhooks or None, pagerduties=pagers or None
        )


@dataclass(frozen=True, kw_only=True)
class FailoverLoadBalancerSettings:
    """What the load balancer is made of, checked."""

    zone: ZoneReference
    hostname: str = setting(checks.DOMAIN)
    regions: list[RegionPool]
    monitor: EdgeMonitor = setting(factory=EdgeMonitor)
    origin_port: int = setting(PORT, default=443)
    probe_regions: list[ProbeRegion] = setting(factory=lambda: [ProbeRegion.EAST_NORTH_AMERICA])
    retry_in_other_region: bool = False
    notify: Notification | None = None

    def problems(self) -> Iterator[Problem]:
        """What is wrong between the fields."""
        plan = self.zone.plan
        yield from checks.within_the_zone("hostname", self.hostname, self.zone.domain)
        yield from places.two_regions(len(self.regions))
        yield from places.no_name_twice([region.name for region in self.regions])
        yield from checks.regions_share_no_address({region.name: region.addresses for region in self.regions})
        yield from checks.interval_of_the_plan(
            "monitor.interval_s", self.monitor.interval_s, plan.limits.probe_interval_s, plan.value
        )
        yield from checks.ttl_of_the_plan(
            "monitor.ttl_s", self.monitor.dns_ttl_s, plan.limits.record_ttl_s, plan.value
        )
        if not self.probe_regions:
            # The provider takes none for all of its data centres.
            yield Problem("probe_regions", "empty", "[]", "at least one", "name one, or leave it out")


class FailoverLoadBalancer(Component[FailoverLoadBalancerSettings]):
    """Sends all traffic to the first region while it answers its probes with 200, else to the second, which
    is also the fallback: it gets the traffic even while it still says that it may not.

    Nothing is called in a failover: the regions' own answers decide. Pools are in the order of preference, so
    a region that comes back must answer 503 until the primary is there again.

    Raises `pulumi.InputPropertiesError` for any argument that breaks its rule, such as an interval that the
    zone's plan does not have, or an address that is both regions'.
    """

    hostname: pulumi.Output[str]
    """The name that clients use."""
    pool_ids: pulumi.Output[dict[str, str]]
    """Each region's name and its pool's id."""

    def __init__(
        self, name: str, args: FailoverLoadBalancerArgs, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        super().__init__(name, args, opts, FailoverLoadBalancerSettings)
        settings = self.settings
        monitor = self._monitor()
        pools = {region.name: self._pool(region, monitor) for region in settings.regions}
        balancer = self._balancer([pool.id for pool in pools.values()])
        if settings.notify is not None:
            self._notification(settings.notify, [pool.id for pool in pools.values()])
        self.hostname = balancer.name
        self.pool_ids = pulumi.Output.all(**{region: pool.id for region, pool in pools.items()})
        self.register_outputs({"hostname": self.hostname, "pool_ids": self.pool_ids})

    @classmethod
    def children_of(cls, settings: FailoverLoadBalancerSettings) -> Sequence[str]:
        pools = [_pool_key(region) for region in settings.regions]
        return ["monitor", *pools, "balancer", *(["notification"] if settings.notify else [])]

    def _monitor(self) -> cloudflare.LoadBalancerMonitor:
        settings, probes = self.settings, self.settings.monitor
        return cloudflare.LoadBalancerMonitor(
            self.child_name("monitor"),
            **self.customized(
                "monitor",
                {
                    "account_id": settings.zone.account_id,
                    "description": f"Which region of {settings.hostname} may have traffic",
                    "type": "https",
                    "method": "GET",
                    "path": probes.path,
                    "port": settings.origin_port,
                    "header": {"Host": [settings.hostname]},
                    # Probed as the zone's requests come: with the certificate that balancers ask for.
                    "probe_zone": settings.zone.domain,
                    "expected_codes": "200",
                    "interval": probes.interval_s,
                    "timeout": probes.timeout_s,
                    "retries": probes.retries,
                    "consecutive_down": probes.consecutive_down,
                    "consecutive_up": probes.consecutive_up,
                    "follow_redirects": False,
                    "allow_insecure": False,
                },
            ),
            opts=self.child_opts("monitor"),
        )

    def _pool(
        self, region: RegionPool, monitor: cloudflare.LoadBalancerMonitor
    ) -> cloudflare.LoadBalancerPool:
        settings, key = self.settings, _pool_key(region)
        # The edge answers with origins in the order of their names, and without a port where it is 443: any
        # other way is a change at every run.
        port: dict[str, Any] = {} if settings.origin_port == 443 else {"port": settings.origin_port}
        origins = {f"{region.name}-{i}": address for i, address in enumerate(region.addresses, start=1)}
        return cloudflare.LoadBalancerPool(
            self.child_name(key),
            **self.customized(
                key,
                {
                    "account_id": settings.zone.account_id,
                    "name": f"{self._logical_name}-{region.name}",
                    "origins": [
                        cloudflare.LoadBalancerPoolOriginArgs(
                            name=origin, address=origins[origin], enabled=True, **port
                        )
                        for origin in sorted(origins)
                    ],
                    "monitor": monitor.id,
                    "minimum_origins": 1,
                    "check_regions": [where.value for where in settings.probe_regions],
                    "enabled": True,
                },
            ),
            opts=self.child_opts(key),
        )

    def _balancer(self, pools: Sequence[pulumi.Output[str]]) -> cloudflare.LoadBalancer:
        settings, ttl_s = self.settings, self.settings.monitor.dns_ttl_s
        # What is not needed is left out: the edge's own defaults would be a change at every run.
        optional: dict[str, Any] = {} if ttl_s is None else {"ttl": ttl_s}
        if settings.retry_in_other_region:
            optional["adaptive_routing"] = cloudflare.LoadBalancerAdaptiveRoutingArgs(
                failover_across_pools=True
            )
        return cloudflare.LoadBalancer(
            self.child_name("balancer"),
            **self.customized(
                "balancer",
                {
                    "zone_id": settings.zone.zone_id,
                    "name": settings.hostname,
                    "default_pools": list(pools),
                    "fallback_pool": pools[-1],
                    "steering_policy": "off",
                    "proxied": ttl_s is None,
                    **optional,
                },
            ),
            opts=self.child_opts("balancer"),
        )

    def _notification(self, notify: Notification, pools: Sequence[pulumi.Output[str]]) -> None:
        cloudflare.NotificationPolicy(
            self.child_name("notification"),
            **self.customized(
                "notification",
                {
                    "account_id": self.settings.zone.account_id,
                    "name": f"{self._logical_name}: a region went down or came up",
                    "alert_type": "load_balancing_health_alert",
                    "enabled": True,
                    "filters": cloudflare.NotificationPolicyFiltersArgs(
                        pool_ids=list(pools), new_healths=["Unhealthy", "Healthy"], event_sources=["pool"]
                    ),
                    "mechanisms": notify.mechanisms(),
                },
            ),
            opts=self.child_opts("notification"),
        )


def _pool_key(region: RegionPool) -> str:
    return f"pool-{region.name}"
