"""The whole stack: two regions and a witness."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import NotRequired

import pulumi
import pulumi_docker as docker

from ..cache import RedisCluster, RedisClusterArgs
from ..checks.problem import Problem
from ..checks.rules import SECRET, STACK_NAME, between
from ..component import Component, ComponentArgs
from ..database import PostgresCluster, PostgresClusterArgs, primary_route
from ..edge import EdgeMonitor, EdgeMonitorArgs
from ..failover import FailoverBudget, Term, by_hand
from ..failover.promotion import MANUAL_PROMOTION_MINUTES
from ..ingress.routes import HealthCheck
from ..monitoring.watchers import Monitoring, MonitoringArgs
from ..settings import setting
from ..topology import Topology, TopologyArgs
from .parts import (
    ApiOptions,
    ApiOptionsArgs,
    Credentials,
    CredentialsArgs,
    Images,
    ImagesArgs,
    IngressOptions,
    IngressOptionsArgs,
    every_member_is_certified,
    watchers_have_what_they_need,
)
from .region import RegionStack
from .rollout import Rollout


class TwoRegionStackArgs(ComponentArgs):
    """What the whole stack is made of."""

    topology: TopologyArgs
    """The places. Where each names its `docker_host`, the stack makes a Docker provider for each."""
    images: ImagesArgs
    """The images."""
    credentials: CredentialsArgs
    """Everything secret, made outside the program."""
    database: NotRequired[PostgresClusterArgs]
    """The Postgres cluster. Default: two members per region, `sync`, the `wan` profile."""
    cache: NotRequired[RedisClusterArgs]
    """Redis as a whole. Default: 128 MiB of data, a dead master is noticed after 5 s."""
    api: NotRequired[ApiOptionsArgs]
    """How the API runs in each region. Default: two tasks of each colour."""
    ingress: NotRequired[IngressOptionsArgs]
    """How requests come into each region. Default: two tasks of Nginx, no proxy is trusted."""
    monitoring: NotRequired[MonitoringArgs]
    """How the stack is watched: by Prometheus and Alertmanager in each region and exporters in every place.
    Default: it is not."""
    rollout: NotRequired[Rollout]
    """In which order a change reaches places and members. Default: `in_turn`."""
    monitor: NotRequired[EdgeMonitorArgs]
    """The edge's probes. Default: every 15 s, three failures, 3 s timeout."""
    failover_limit_s: NotRequired[float]
    """The most seconds that the loss of a region may cost, 10 to 3600. Default: 120. A plan whose worst
    case is over it fails and says which term to change."""
    stack: NotRequired[str]
    """The first part of every Swarm name, 1 to 20 lower-case letters, digits and hyphens. Default: the Pulumi
    stack's name."""


@dataclass(frozen=True, kw_only=True)
class TwoRegionStackSettings:
    """What the whole stack is made of, checked."""

    topology: Topology
    images: Images
    credentials: Credentials = setting(SECRET)
    database: PostgresCluster = setting(factory=PostgresCluster)
    cache: RedisCluster = setting(factory=RedisCluster)
    api: ApiOptions = setting(factory=ApiOptions)
    ingress: IngressOptions = setting(factory=IngressOptions)
    monitoring: Monitoring | None = None
    rollout: Rollout = setting(default=Rollout.IN_TURN)
    monitor: EdgeMonitor = setting(factory=EdgeMonitor)
    failover_limit_s: float = setting(between(10, 3600, "seconds"), default=120.0)
    stack: str = setting(STACK_NAME, factory=pulumi.get_stack)

    @property
    def budget(self) -> FailoverBudget:
        """The failover budget of exactly these settings."""
        check = HealthCheck(**primary_route(self.database, self.topology)["health"])
        return FailoverBudget.of(
            interval_s=self.monitor.interval_s,
            consecutive_down=self.monitor.consecutive_down,
            consecutive_up=self.monitor.consecutive_up,
            timeout_s=self.monitor.timeout_s,
            retries=self.monitor.retries,
            promotion=self.promotion(check),
            limit_s=self.failover_limit_s,
            dns_ttl_s=self.monitor.dns_ttl_s,
        )

    def promotion(self, check: HealthCheck) -> Term:
        """How the other region is promoted, seen through the balancer's `check`."""
        if self.topology.automatic_promotion:
            return self.database.clocks.promotion(check)
        return by_hand(
            MANUAL_PROMOTION_MINUTES,
            "without a majority of voters",
            "an assumption: a page that is answered and carried out",
            "add a witness, so that the loss of either region leaves a majority of voters",
        )

    def problems(self) -> Iterator[Problem]:
        """What is wrong between the fields."""
        yield from every_member_is_certified(
            self.topology,
            self.database,
            list(self.credentials.certificates),
            self.monitoring,
        )
        if self.monitoring is not None:
            yield from watchers_have_what_they_need(self.images, self.credentials, self.monitoring)
            yield from self.monitoring.problems_of_places(self.topology)
        yield from self.api.problems_of_workers(self.topology.regions)
        yield from self.budget.problems()


class TwoRegionStack(Component[TwoRegionStackSettings]):
    """The production stack on two coasts: a part per place, one Postgres cluster over both regions, and a
    failover budget that holds for exactly what is declared.

    Raises `pulumi.InputPropertiesError` for any argument that breaks its rule, and for a failover budget
    over the limit.
    """

    http_addresses: pulumi.Output[dict[str, list[str]]]
    """Each region's balancers, `host:port`, by the region's name, in the edge's order."""
    failover_budget: pulumi.Output[dict[str, float]]
    """The budget's terms and totals, in seconds: at worst, and on average."""
    failover_terms: pulumi.Output[dict[str, str]]
    """Each term of the budget in words: its seconds, its formula, and the inputs that it comes from."""
    promotion: pulumi.Output[str]
    """`automatic`, or `manual` where the loss of a region leaves no majority of voters."""

    def __init__(
        self, name: str, args: TwoRegionStackArgs, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        super().__init__(name, args, opts, TwoRegionStackSettings)
        settings = self.settings
        if settings.rollout is Rollout.AT_ONCE:
            pulumi.log.warn(
                f"{name}: rollout at_once takes all members together; take it out of the settings once the"
                " stack has users"
            )
        parts = self._add_parts()
        self.http_addresses = pulumi.Output.all(
            **{region.name: parts[region.name].http_addresses for region in settings.topology.regions}
        )
        self.failover_budget = pulumi.Output.from_input(settings.budget.as_output())
        self.failover_terms = pulumi.Output.from_input(settings.budget.explained())
        self.promotion = pulumi.Output.from_input(
            "automatic" if settings.topology.automatic_promotion else "manual"
        )
        self.register_outputs(
            {
                "http_addresses": self.http_addresses,
                "failover_budget": self.failover_budget,
                "failover_terms": self.failover_terms,
                "promotion": self.promotion,
            }
        )

    @classmethod
    def children_of(cls, settings: TwoRegionStackSettings) -> Sequence[str]:
        places = settings.topology.places
        providers = [f"docker-{place.name}" for place in places if place.docker_host]
        return [*providers, *(place.name for place in places)]

    def _add_parts(self) -> dict[str, RegionStack]:
        """In turn, the primary's region comes last, when the others have converged: a change that every
        member takes then reaches one region while the other serves. The others come together, since two
        voters are needed before any answers."""
        topology = self.settings.topology
        last = topology.primary_region.name
        parts = {
            place.name: self._add_part(place.name, ()) for place in topology.places if place.name != last
        }
        return {**parts, last: self._add_part(last, self.settings.rollout.after(parts.values()))}

    def _add_part(self, place: str, after: Sequence[RegionStack]) -> RegionStack:
        settings = self.settings
        return RegionStack(
            self.child_name(place),
            self.child_args(
                place,
                {
                    "site": {
                        "topology": settings.topology,
                        "place": place,
                        "rotation_key": settings.credentials.rotation_key,
                        "stack": settings.stack,
                    },
                    "images": settings.images,
                    "credentials": settings.credentials,
                    "database": settings.database,
                    "cache": settings.cache,
                    "api": settings.api,
                    "ingress": settings.ingress,
                    "monitoring": settings.monitoring,
                    "rollout": settings.rollout,
                },
            ),
            opts=self.child_opts(place, providers=self._docker_provider(place), depends_on=after),
        )

    def _docker_provider(self, place: str) -> list[pulumi.ProviderResource]:
        """One provider per place: a provider given by `opts` could only be the same for all."""
        here = self.settings.topology.place(place)
        if here.docker_host is None:
            return []
        key = f"docker-{place}"
        properties = {"host": here.docker_host, "ssh_opts": here.ssh_options or None}
        return [
            docker.Provider(
                self.child_name(key), **self.customized(key, properties), opts=self.child_opts(key)
            )
        ]
