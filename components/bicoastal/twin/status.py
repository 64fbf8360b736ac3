"""What a twin is like at this moment."""

from collections.abc import Iterator, Mapping
from contextlib import closing
from dataclasses import asdict, dataclass, field

import docker
from docker.errors import DockerException
from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from ..operations.cluster import Cluster, ClusterState
from ..operations.colours import TROUBLE
from ..operations.journal import Journal
from ..operations.redis import RedisState
from ..operations.refusal import Refused
from ..operations.running_colours import RunningColours
from .credentials import password_file
from .health import SILENT_ENGINE, ServiceHealth, services
from .running import RunningTwin
from .twin import Twin

ADMIN_PASSWORD = "grafana_admin"  # noqa: S105 a name
ANSWER_S = 15
"""Seconds for an engine's answer: one that hangs is shown as silent, and holds up no other."""


@dataclass(frozen=True)
class PlaceStatus:
    """One place: whether it is there, what runs in it, and what the edge thinks of it."""

    name: str
    address: str
    running: bool
    role: str
    """`primary`, `secondary` or `witness`."""
    edge: str
    """`up`, `down`, or empty for a place that serves no users."""
    live: str
    """The colour that the place's balancers send users to; empty where there is none or none answers."""
    services: tuple[ServiceHealth, ...]
    docker_host: str
    silent: str = ""
    """Why the place's engine does not answer, where the place runs and it does not."""


@dataclass(frozen=True)
class Status:
    """The whole twin."""

    twin: str
    url: str
    view_url: str
    places: tuple[PlaceStatus, ...]
    cluster: ClusterState
    cache: RedisState
    failover_budget: dict[str, float]
    promotion: str
    left_out: Mapping[str, str] = field(default_factory=dict)
    """Parts that are declared and not there, with the reason."""
    grafanas: Mapping[str, str] = field(default_factory=dict)
    """The address of each region's Grafana, by the region."""
    grafana_password_file: str = ""
    """The file with the password of its user `admin`; empty where there is none."""
    open_deploy: str = ""
    """A deploy that has not ended, in one line; empty when there is none."""

    def as_json(self) -> dict[str, object]:
        """For `--json`."""
        leader = self.cluster.leader
        return {**asdict(self), "primary": leader.name if leader else None}


def status_of(twin: Twin) -> Status:
    """Look at every place, the cluster and the edge; what does not answer is shown as such."""
    with closing(twin.cluster()) as cluster:
        return look(twin, cluster)


def look(twin: Twin, cluster: Cluster) -> Status:
    """As `status_of`, with a cluster's interface that the caller keeps for further looks."""
    state = cluster.state()
    with closing(twin.redis()) as redis:
        cache = redis.state()
    pools = twin.edge.pools()
    return Status(
        twin=twin.layout.name,
        url=twin.edge.url,
        view_url=twin.edge.view_url,
        places=tuple(_place(twin, name, state, pools.get(name)) for name in twin.layout.places),
        cluster=state,
        cache=cache,
        failover_budget=dict(twin.environment.exports["failover_budget"]),
        promotion=str(twin.environment.exports["promotion"]),
        left_out=dict(twin.environment.parts_left_out),
        grafanas=dict(twin.grafanas),
        grafana_password_file=str(password_file(twin.layout.folder, ADMIN_PASSWORD)) if twin.grafanas else "",
        open_deploy=_open_deploy(twin),
    )


def status_table(status: Status) -> RenderableType:
    """The status as a person reads it."""
    places = Table(title=f"twin {status.twin}: {status.url}", title_justify="left")
    for column in ("place", "address", "role", "edge", "live", "cache", "services"):
        places.add_column(column)
    for place in status.places:
        cache = status.cache.of(place.name).role
        places.add_row(place.name, place.address, place.role, place.edge, place.live, cache, _there(place))
    members = Table(title="Postgres", title_justify="left")
    for column in ("member", "role", "state", "timeline", "lag"):
        members.add_column(column)
    for member in status.cluster.members:
        lag = "" if member.lag_bytes is None else f"{member.lag_bytes} B"
        members.add_row(member.name, member.role, member.state, str(member.timeline), lag)
    copy = status.cluster.copy_elsewhere
    budget = status.failover_budget
    worst = (
        f"failover budget: at most [bold]{budget['total_s']:g} s[/bold] from loss to first good write"
        f" (detection {budget['detection_s']:g} + propagation {budget['propagation_s']:g} s, beside"
        f" promotion {budget['promotion_s']:g} s; then reconnection {budget['reconnection_s']:g} s);"
        f" limit {budget['limit_s']:g} s; promotion {status.promotion}"
    )
    elsewhere = f"synchronous copy in the other region: {'yes' if copy else 'no'}"
    view = f"the edge's view of its pools: {status.view_url}"
    deploy = [Text(status.open_deploy, "red")] if status.open_deploy else []
    return Group(places, members, *deploy, elsewhere, worst, view, *_optional(status))


def _optional(status: Status) -> Iterator[RenderableType]:
    """The watchers that a machine need not have."""
    if status.grafanas:
        where = ", ".join(status.grafanas.values())
        yield f"Grafana: {where} (user admin, its password: {status.grafana_password_file})"
    for part, reason in status.left_out.items():
        yield Text(f"left out: {part}: {reason}", "yellow")


def _there(place: PlaceStatus) -> RenderableType:
    if not place.running:
        return Text("gone", "red")
    if place.silent:
        return Text(f"does not answer: {place.silent}", "red")
    healthy = sum(service.healthy for service in place.services)
    sick = ", ".join(service.name for service in place.services if not service.healthy)
    return f"{healthy} of {len(place.services)} healthy{f' ({sick})' if sick else ''}"


def _open_deploy(twin: Twin) -> str:
    try:
        journal = Journal.load(twin.layout.folder)
    except Refused as broken:
        return str(broken)
    if journal is None or not journal.unfinished:
        return ""
    return (
        f"a deploy of {journal.image} is at step '{journal.step}';"
        f" unless one runs now, take it back with: bicoastal up {twin.layout.name}"
    )


def _place(twin: Twin, name: str, state: ClusterState, up: bool | None) -> PlaceStatus:
    running = twin.places.running(name)
    leader = state.leader
    serves = twin.environment.topology.is_region(name)
    role = ("primary" if leader and leader.place == name else "secondary") if serves else "witness"
    layout = twin.layout.place(name)
    found: list[ServiceHealth] = []
    live = silent = ""
    if running:
        try:
            with twin.engines([name], ANSWER_S) as engines:
                found = services(name, engines[name])
                silent = next((look.last_error for look in found if look.name == SILENT_ENGINE), "")
                live = _live(RunningTwin(twin).stack, name, engines) if serves and not silent else ""
        except (DockerException, OSError) as error:
            silent = str(error)
    return PlaceStatus(
        name=name,
        address=layout.address,
        running=running,
        role=role,
        edge="" if up is None else ("up" if up else "down"),
        live=live,
        services=tuple(found),
        docker_host=layout.docker_host,
        silent=silent,
    )


def _live(stack: str, place: str, engines: Mapping[str, docker.DockerClient]) -> str:
    try:
        shown = RunningColours(stack, engines, [place]).told(place)
    except TROUBLE:
        return ""
    return " and ".join(sorted(set(shown.values())))
