"""The colours of an environment that runs, by its engines and in its balancers."""

import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from typing import Any

import docker
from docker.errors import NotFound
from docker.models.containers import Container

from ..application.route import PORT
from ..containers.every_host import wanted_tasks
from ..ingress.configuration import LOCAL_PORT
from .colours import TROUBLE, Failure, Tasks, Traffic
from .environment import RunningEnvironment
from .listening import ask
from .refusal import OperationFailed

SERVICE_LABEL = "com.docker.swarm.service.name"
COLOUR_HEADER = "x-colour"
_BALANCER = re.compile(r"haproxy-\d+")
_SHOWN_LINES = 5
_ENDED = ("failed", "rejected", "complete", "orphaned")
_TAKEN_BACK = ("rollback_started", "rollback_completed", "rollback_paused", "paused")
_SAMPLE = re.compile(r'(haproxy_backend_\w+)\{proxy="([^"]*)"(?:,(?:code|state)="([^"]*)")?\} (\d+)')


@contextmanager
def running_colours(environment: RunningEnvironment, only: Sequence[str] = ()) -> Iterator["RunningColours"]:
    """The colours of the environment in all regions, or in those of `only` these places, for a `with`
    block."""
    with closing(environment.cluster()) as cluster:
        leader = cluster.state().leader
    last = leader.place if leader else environment.topology.primary_region.name
    names = [region.name for region in environment.topology.regions if region.name in only or not only]
    with environment.engines(names) as engines:
        yield RunningColours(environment.stack, engines, sorted(names, key=lambda name: name == last))


class RunningColours:
    """As `colours.Colours` describes them."""

    def __init__(
        self, stack: str, engines: Mapping[str, docker.DockerClient], regions: Sequence[str]
    ) -> None:
        self._stack, self._engines, self._regions = stack, engines, regions
        self._told: dict[tuple[str, str], dict[str, Failure]] = {}

    @property
    def regions(self) -> Sequence[str]:
        return self._regions

    def live(self, *regions: str) -> Mapping[str, str]:
        live: dict[str, str] = {}
        for region in regions or self._regions:
            self._require_all_balancers(region)
            live |= self.told(region)
        return live

    def told(self, region: str) -> Mapping[str, str]:
        """As `live`, by those balancers of the region that run."""
        return {
            f"{region}/{name}": _run(f"{region}/{name}", container, "live-colour")
            for name, container in self._balancers(region).items()
        }

    def show(self, region: str, colour: str) -> None:
        troubles = []
        for name, container in self._balancers(region).items():
            try:
                _run(f"{region}/{name}", container, "live-colour", colour)
            except TROUBLE as trouble:  # the others have users too
                troubles.append(str(trouble))
        if troubles:
            raise OperationFailed("; ".join(troubles))
        self._require_all_balancers(region)

    def tasks(self, region: str, colour: str) -> Tasks:
        api = self._engines[region].api
        service = api.inspect_service(self._service(colour))
        declared = service["Spec"]["TaskTemplate"]["ContainerSpec"]
        tasks: list[dict[str, Any]] = api.tasks(filters={"service": service["Spec"]["Name"]})
        update = service.get("UpdateStatus") or {}
        return Tasks(
            image=declared["Image"],
            wanted=wanted_tasks(service, api.nodes),
            healthy=frozenset(
                task["ID"]
                for task in tasks
                if task["Spec"]["ContainerSpec"] == declared
                and task["DesiredState"] == task["Status"]["State"] == "running"
            ),
            failures=self._failures(region, colour, tasks),
            taken_back=update.get("Message", "") if update.get("State") in _TAKEN_BACK else "",
            updating=update.get("State") in ("updating", "rollback_started"),
        )

    def unready(self, region: str, colour: str) -> str:
        containers = self._containers(region, self._service(colour))
        for container in containers:
            wrong = _unready(container, colour)
            if wrong:
                return wrong
        for name, balancer in self._balancers(region).items():
            up = _counted(f"{region}/{name}", balancer).get(("active_servers", f"api-{colour}", ""), 0)
            if up < len(containers):
                return f"{name} takes {up} of {len(containers)} tasks to be ready"
        missing = self._missing_balancers(region)
        if missing:
            return f"{' and '.join(missing)} does not run"
        return "" if containers else "no task runs"

    def traffic(self, region: str, colour: str) -> Traffic:
        backend = f"api-{colour}"
        traffic = Traffic()
        for name, balancer in self._balancers(region).items():
            counted = _counted(f"{region}/{name}", balancer)
            by_code = {key[2]: value for key, value in counted.items() if key[:2] == ("responses", backend)}
            traffic = Traffic(
                traffic.requests + sum(by_code.values()),
                traffic.errors + by_code.get("5xx", 0),
                traffic.open + counted.get(("current_sessions", backend, ""), 0),
            )
        return traffic

    def _service(self, colour: str) -> str:
        return f"{self._stack}_api-{colour}"

    def _containers(self, region: str, service: str) -> list[Container]:
        found = self._engines[region].containers.list(
            filters={"label": f"{SERVICE_LABEL}={service}"}, ignore_removed=True
        )
        return list(found)

    def _balancers(self, region: str) -> dict[str, Container]:
        """The region's balancers that run."""
        prefix = f"{self._stack}_"
        found = {
            container.labels[SERVICE_LABEL].removeprefix(prefix): container
            for container in self._engines[region].containers.list(
                filters={"label": SERVICE_LABEL}, ignore_removed=True
            )
        }
        balancers = {name: each for name, each in sorted(found.items()) if _BALANCER.fullmatch(name)}
        if not balancers:
            raise OperationFailed(f"{region}: no balancer runs, so nobody can say which colour is live")
        return balancers

    def _missing_balancers(self, region: str) -> list[str]:
        """Those that are declared and do not run: one that comes back has the colour of its volume."""
        prefix = f"{self._stack}_"
        services = self._engines[region].services.list(filters={"name": f"{prefix}haproxy-"})
        names = {str(service.name).removeprefix(prefix) for service in services}
        declared = {name for name in names if _BALANCER.fullmatch(name)}
        return sorted(declared - self._balancers(region).keys())

    def _require_all_balancers(self, region: str) -> None:
        missing = self._missing_balancers(region)
        if missing:
            raise OperationFailed(
                f"{region}: {' and '.join(missing)} does not run, so nobody can say which colour it will show"
            )

    def _failures(self, region: str, colour: str, tasks: Sequence[dict[str, Any]]) -> tuple[Failure, ...]:
        """Every failure that was ever seen: Swarm forgets a task, and the engine its log, with the next
        failure or the end of a rollback."""
        told = self._told.setdefault((region, colour), {})
        for task in tasks:
            status = task["Status"]
            if status["State"] in _ENDED and task["ID"] not in told:
                log = self._last_lines(region, status.get("ContainerStatus", {}).get("ContainerID", ""))
                why = "\n".join([status.get("Err") or f"task {status['State']}", *log])
                told[task["ID"]] = Failure(task["ID"], task["Spec"]["ContainerSpec"]["Image"], why)
        return tuple(told.values())

    def _last_lines(self, region: str, container: str) -> list[str]:
        if not container:
            return []
        try:
            log = self._engines[region].containers.get(container).logs(tail=_SHOWN_LINES)
        except NotFound:
            return []
        return [f"  {line}" for line in log.decode(errors="replace").splitlines()]


def _counted(where: str, balancer: Container) -> dict[tuple[str, str, str], int]:
    """The balancer's counters of its backends, by measure, backend and code."""
    url = f"http://127.0.0.1:{LOCAL_PORT}/metrics?scope=backend"
    text = _run(where, balancer, "curl", "--silent", "--fail", "--max-time", "4", url)
    short = {
        "haproxy_backend_http_responses_total": "responses",
        "haproxy_backend_current_sessions": "current_sessions",
        "haproxy_backend_active_servers": "active_servers",
    }
    return {
        (short[measure], backend, code): int(value)
        for measure, backend, code, value in _SAMPLE.findall(text)
        if measure in short
    }


def _unready(container: Container, colour: str) -> str:
    """Why the task does not take users yet, by its own word; empty when it does."""
    curl = ["curl", "--silent", "--max-time", "4", "--output", "/dev/null", "--dump-header", "-"]
    head = ask(container, [*curl, f"http://127.0.0.1:{PORT}/ready"]).said.splitlines()
    status = head[0].split()[1] if head and len(head[0].split()) > 1 else "nothing"
    if status != "200":
        return f"{container.name} answers {status} at /ready"
    headers = {name.strip().lower(): value.strip() for name, _, value in (h.partition(":") for h in head)}
    told = headers.get(COLOUR_HEADER, "")
    if told != colour:
        return f"{container.name} says that its colour is {told or 'none'}, not {colour}"
    return ""


def _run(where: str, container: Container, *command: str) -> str:
    """What the command says on its standard output. Raises `OperationFailed` with what it says beside."""
    answer = ask(container, command)
    said, beside = answer.said.strip(), answer.beside.strip()
    if answer.code != 0:
        raise OperationFailed(f"{where}: {' '.join(command)} failed: {beside or said or answer.code}")
    return said
