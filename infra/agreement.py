"""What must hold between an environment's accounts, its profile and its stack.

Each part asks it of its own arguments as well, but only when its turn comes: the parts before it are
registered by then.
"""

from collections.abc import Iterable, Iterator
from dataclasses import replace

from bicoastal.aws import partition
from bicoastal.checks import network
from bicoastal.checks.cost import month_within_year, somebody_is_told, yearly_limit
from bicoastal.checks.edge import (
    RECORD_NAME,
    address_is_of_its_type,
    alias_stands_alone,
    interval_of_the_plan,
    ttl_of_the_plan,
)
from bicoastal.checks.hosts import MANAGERS
from bicoastal.checks.problem import Problem
from bicoastal.checks.storage import one_partition, topics_are_in_their_region
from bicoastal.edge.monitor import EdgeMonitor
from bicoastal.monitoring.logs.declared import Logs
from bicoastal.monitoring.windows import USUAL_WINDOW_DAYS
from bicoastal.network.zones import default_zones
from bicoastal.stack.two_regions import TwoRegionStackSettings
from bicoastal.topology import Place, Topology

from .groups import Cloud, Costs, Edge, Groups
from .objectives import SLOS
from .profiles import Profile


def disagreements(groups: Groups, stack: TwoRegionStackSettings) -> Iterator[Problem]:
    """What is wrong between them; each problem names the setting as the environment's file has it."""
    topology, monitor = stack.topology, stack.monitor
    if stack.monitoring is not None:
        yield from _windows_are_kept(stack.monitoring.retention_days)
    if groups.cloud is None:
        return
    if stack.monitoring is not None and stack.monitoring.logs is not None:
        yield from _logs_have_buckets(stack.monitoring.logs, topology)
    yield from _zones_of_no_place(groups.cloud, topology)
    for path, place in _places(topology):
        yield from _ground(path, place, groups.cloud)
    yield from _buckets(groups.cloud, topology)
    if groups.edge is not None:
        yield from _records(groups.edge)
        yield from _ways_in(topology)
        yield from _probes(groups.sizes, monitor)
    if groups.costs is not None:
        yield from _money(groups.sizes, groups.costs)


def _windows_are_kept(retention_days: int) -> Iterator[Problem]:
    for slo in SLOS:
        window_days = slo.get("window_days", USUAL_WINDOW_DAYS)
        if window_days > retention_days:
            yield Problem(
                "settings.monitoring.retention_days",
                f"shorter than the window of the objective {slo['name']!r}",
                str(retention_days),
                f"{window_days} or more",
                "keep samples for longer, or shorten the objective's window",
            )


def _logs_have_buckets(logs: Logs, topology: Topology) -> Iterator[Problem]:
    missing = [region.name for region in topology.regions if region.name not in logs.storage]
    if missing:
        yield Problem(
            "settings.monitoring.logs.storage",
            "regions whose logs have no bucket",
            ", ".join(missing),
            "a bucket for each region: a lost host would cost all of its logs",
            "name theirs, too, or leave 'storage' out, and each region gets one",
        )


def _places(topology: Topology) -> Iterator[tuple[str, Place]]:
    for number, region in enumerate(topology.regions):
        yield f"topology.regions[{number}]", region
    if topology.witness is not None:
        yield "topology.witness", topology.witness


def _zones_of_no_place(cloud: Cloud, topology: Topology) -> Iterator[Problem]:
    names = [place.name for place in topology.places]
    for place in cloud.zones:
        yield from _at(f"cloud.zones.{place}", network.place_is_there(place, names))


def _ground(path: str, place: Place, cloud: Cloud) -> Iterator[Problem]:
    """A network that AWS takes, and hosts that are a Swarm."""
    zones = cloud.zones.get(place.name, default_zones(place.region))
    wrong = list(network.zones_are_the_regions(zones, place.region))
    wrong = wrong or list(network.hosts_have_their_zones(place.zones, zones or []))
    yield from _at(f"cloud.zones.{place.name}", wrong)
    yield from _at(f"{path}.subnet", network.range_holds_its_subnets(place.subnet))
    if problem := MANAGERS.problem(f"{path}.hosts", place.hosts):
        yield problem


def _buckets(cloud: Cloud, topology: Topology) -> Iterator[Problem]:
    regions = [region.region for region in topology.regions]
    yield from _at("topology.regions", one_partition([partition(region) for region in regions]))
    for problem in topics_are_in_their_region(cloud.alarm_topics, regions):
        yield replace(problem, input=f"cloud.{problem.input}")


def _records(edge: Edge) -> Iterator[Problem]:
    for key, record in edge.records.items():
        path, name = f"edge.records.{key}", edge.name_of(record)
        if problem := RECORD_NAME.problem(f"{path}.name", name):
            yield problem
        yield from _at(f"{path}.content", address_is_of_its_type(record.type, record.content))
    names = [(record.type, edge.name_of(record)) for record in edge.records.values()]
    yield from _at("edge.records", alias_stands_alone(names))


def _ways_in(topology: Topology) -> Iterator[Problem]:
    for number, region in enumerate(topology.regions):
        if not region.public_hosts:
            yield Problem(
                f"topology.regions[{number}].public_hosts",
                "none, and there is a group 'edge'",
                str(region.public_hosts),
                f"1 to {region.hosts}",
                "let one host be public at least: the edge reaches the region's balancers there",
            )


def _probes(sizes: Profile, monitor: EdgeMonitor) -> Iterator[Problem]:
    plan = sizes.edge_plan
    path, limits = "settings.monitor", plan.limits
    yield from interval_of_the_plan(
        f"{path}.interval_s", monitor.interval_s, limits.probe_interval_s, plan.value
    )
    yield from ttl_of_the_plan(f"{path}.ttl_s", monitor.dns_ttl_s, limits.record_ttl_s, plan.value)


def _money(sizes: Profile, costs: Costs) -> Iterator[Problem]:
    yield from _at("costs.emails", somebody_is_told(len(costs.emails), topic=False))
    if costs.last_year_amount is not None:
        yearly = yearly_limit(costs.last_year_amount, sizes.growth_percent)
        yield from month_within_year("costs.last_year_amount", sizes.monthly_limit, yearly)


def _at(path: str, problems: Iterable[Problem]) -> Iterator[Problem]:
    return (replace(problem, input=path) for problem in problems)
