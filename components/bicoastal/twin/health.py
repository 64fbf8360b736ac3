"""Whether every service of a twin runs as declared, by what the places' engines report."""

import time
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

import docker
from docker.errors import DockerException
from requests.exceptions import RequestException


class NotHealthy(Exception):
    """Services did not become healthy in time; the text says which and why."""


@dataclass(frozen=True)
class ServiceHealth:
    """One service: how many tasks run healthily, how many should, and what the newest failure said."""

    place: str
    name: str
    running: int
    wanted: int
    updating: bool
    last_error: str

    @property
    def healthy(self) -> bool:
        """Whether all tasks run, healthy by their own check, with no update under way."""
        return self.running >= self.wanted and not self.updating


def services(place: str, engine: docker.DockerClient) -> list[ServiceHealth]:
    """The services of one place. A task counts as running only after its health check has passed."""
    return sorted(_services(place, engine), key=lambda service: service.name)


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
            wanted=spec["Mode"]["Replicated"]["Replicas"],
            updating=service.get("UpdateStatus", {}).get("State") in ("updating", "rollback_started"),
            last_error=next((task["Status"]["Err"] for task in mine if task["Status"].get("Err")), ""),
        )


def wait_until_healthy(
    engines: Mapping[str, docker.DockerClient],
    report: Callable[[list[ServiceHealth]], None],
    limit_s: float = 240,
) -> None:
    """Wait until every service in every place is healthy. `report` is called with each look.

    Raises `NotHealthy` after `limit_s` seconds.
    """
    deadline = time.monotonic() + limit_s
    with ThreadPoolExecutor(len(engines)) as pool:
        while True:
            looks = [service for part in pool.map(_look, engines.items()) for service in part]
            report(looks)
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


def _look(place_and_engine: tuple[str, docker.DockerClient]) -> list[ServiceHealth]:
    place, engine = place_and_engine
    try:
        return services(place, engine)
    except (DockerException, RequestException) as error:
        return [ServiceHealth(place, "(engine)", 0, 1, False, str(error))]
