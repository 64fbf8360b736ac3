"""Whether every service of a twin runs as declared, by what the places' engines report."""

import hashlib
import json
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

import docker
from docker.errors import DockerException
from requests.exceptions import RequestException

from ..containers.every_host import wanted_tasks

SILENT_ENGINE = "(engine)"
"""What stands for the services of an engine that does not answer."""


class NotHealthy(Exception):
    """Services did not become healthy in time; the text says which and why."""


@dataclass(frozen=True)
class ServiceHealth:
    """One service: how many tasks run healthily, how many should, and what the newest failure said. What runs
    on every host should have as many as there are hosts for it."""

    place: str
    name: str
    running: int
    wanted: int
    updating: bool
    last_error: str
    spec: str = ""
    """A digest of what is declared: it changes by itself only when an update is rolled back."""
    update_message: str = ""
    """What the engine said of the last update."""

    @property
    def healthy(self) -> bool:
        """Whether all tasks run, healthy by their own check, with no update under way. A service that
        somebody scaled to nothing is not healthy: none is declared so."""
        return 0 < self.wanted <= self.running and not self.updating


def _services(place: str, engine: docker.DockerClient) -> Iterator[ServiceHealth]:
    tasks: list[dict[str, Any]] = engine.api.tasks()
    for service in engine.api.services():
        spec = service["Spec"]
        declared = spec["TaskTemplate"]["ContainerSpec"]
        mine = [task for task in tasks if task["ServiceID"] == service["ID"]]
        current = [task for task in mine if task["Spec"]["ContainerSpec"] == declared]
        yield ServiceHealth(
            place=place,
            name=spec["Name"],
            running=sum(task["DesiredState"] == task["Status"]["State"] == "running" for task in current),
            wanted=wanted_tasks(service, engine.api.nodes),
            updating=service.get("UpdateStatus", {}).get("State") in ("updating", "rollback_started"),
            last_error=next((task["Status"]["Err"] for task in mine if task["Status"].get("Err")), ""),
            spec=hashlib.sha256(json.dumps(spec, sort_keys=True).encode()).hexdigest(),
            update_message=service.get("UpdateStatus", {}).get("Message", ""),
        )


def services(place: str, engine: docker.DockerClient) -> list[ServiceHealth]:
    """The services of one place, by name. A task counts as running only after its health check has passed;
    an engine that does not answer stands among them as one that is not healthy."""
    try:
        return sorted(_services(place, engine), key=lambda service: service.name)
    except (DockerException, RequestException) as error:
        return [ServiceHealth(place, SILENT_ENGINE, 0, 1, False, str(error))]


def wait_until_healthy(
    engines: Mapping[str, docker.DockerClient],
    report: Callable[[list[ServiceHealth]], None],
    limit_s: float = 240,
) -> None:
    """Wait until every service in every place is healthy. `report` is called with each look.

    Raises `NotHealthy` after `limit_s` seconds, and at once when an update is rolled back.
    """
    deadline = time.monotonic() + limit_s
    declared: dict[tuple[str, str], str] = {}
    with ThreadPoolExecutor(len(engines)) as pool:
        while True:
            looks = [
                service for part in pool.map(services, engines.keys(), engines.values()) for service in part
            ]
            report(looks)
            _refuse_rollback(declared, looks)
            sick = [service for service in looks if not service.healthy]
            if looks and not sick:
                return
            if time.monotonic() > deadline:
                raise NotHealthy(
                    f"not healthy after {limit_s:.0f} s:\n"
                    + "\n".join(
                        f"  {s.place}/{s.name}: {s.running} of {s.wanted} run; {s.last_error or 'starting'}"
                        for s in sick
                    )
                    + "\nLook at one with: docker -H <the place's engine> service logs <service>"
                )
            time.sleep(0.5)


def wait_for(
    holds: Callable[[], bool],
    what: str,
    state: str,
    progress: Callable[[str, str], None],
    limit_s: float = 180,
) -> None:
    """Wait until `holds`, and say so as `what`: `state`. Raises `NotHealthy` after `limit_s` seconds."""
    deadline = time.monotonic() + limit_s
    progress(what, "waiting")
    while not holds():
        if time.monotonic() > deadline:
            raise NotHealthy(f"{what}: not so after {limit_s:.0f} s: {state}. The status shows more")
        time.sleep(0.5)
    progress(what, state)


def _refuse_rollback(declared: dict[tuple[str, str], str], looks: Sequence[ServiceHealth]) -> None:
    """Raise when a service is no longer what it was declared to be at the first look at it."""
    for seen in looks:
        if seen.spec and declared.setdefault((seen.place, seen.name), seen.spec) != seen.spec:
            raise NotHealthy(
                f"{seen.place}/{seen.name} was rolled back to what ran before: {seen.update_message}; "
                f"its task said: {seen.last_error or 'nothing'}"
            )
