"""A service with one task on each host that its constraints match: which hosts these are, and waiting until
each has its task. The provider waits for counted tasks alone."""

import re
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from ..engine_api import EngineApi, EngineSilent
from ..waiting import Say, missing_at_limit

_UPDATING = ("updating", "rollback_started")
_TAKEN_BACK = ("rollback_completed", "rollback_paused", "paused")

Known = Mapping[str, Any]
"""A service, a task or a node, as the engine's API tells of it."""


class HostsWithoutTask(Exception):
    """Not every host has a healthy task; the text says which, and what their tasks said."""


def hosts_that_match(service: Known, nodes: Sequence[Known]) -> dict[str, str]:
    """The hosts that Swarm gives a task of the service, id to name: those that are there, take tasks, and
    meet every constraint."""
    constraints = _constraints(service)
    return {
        node["ID"]: node["Description"]["Hostname"]
        for node in nodes
        if node["Status"]["State"] == "ready"
        and node["Spec"]["Availability"] == "active"
        and all(_meets(node, constraint) for constraint in constraints)
    }


def wanted_tasks(service: Known, nodes: Callable[[], Sequence[Known]]) -> int:
    """How many tasks the service should have; the Swarm's `nodes` are asked for only where hosts count."""
    mode = service["Spec"]["Mode"]
    if "Replicated" in mode:
        return int(mode["Replicated"]["Replicas"])
    return len(hosts_that_match(service, nodes()))


def await_every_host(
    engine: EngineApi,
    service: str,
    limit_s: float,
    say: Say,
    *,
    clock: Callable[[], float] = time.monotonic,
    sleep: Callable[[float], None] = time.sleep,
) -> None:
    """Wait until each host that the service's constraints match, and one at least, runs a task of it that is
    as declared and healthy.

    Raises `HostsWithoutTask` after `limit_s` seconds, and at once when Swarm takes an update back.
    """

    def look() -> str:
        try:
            return _missing(service, engine)
        except EngineSilent as error:
            return str(error)

    what = f"{service}: waits for a healthy task on every host"
    missing = missing_at_limit(look, what, limit_s, say, clock=clock, sleep=sleep)
    if missing:
        raise HostsWithoutTask(
            f"{service}: not every host has a healthy task after {limit_s:.0f} s: {missing}. Look with: "
            f"docker service ps --no-trunc {service}. The service stays as it is, and an `up` that does not "
            "change it does not wait for it again"
        )


def _missing(name: str, engine: EngineApi) -> str:
    service = engine.ask(f"/services/{name}")
    hosts = hosts_that_match(service, engine.ask("/nodes"))
    tasks = engine.ask("/tasks", service=name)
    update = service.get("UpdateStatus") or {}
    if update.get("State") in _TAKEN_BACK:
        words = "; ".join(_last_words(hosts, tasks))
        raise HostsWithoutTask(f"{name}: Swarm took the update back: {update.get('Message', '')}. {words}")
    if not hosts:
        return f"no host takes tasks where {' and '.join(_constraints(service)) or 'the service may run'}"
    declared = service["Spec"]["TaskTemplate"]["ContainerSpec"]
    served = {
        task["NodeID"]
        for task in tasks
        if task["Spec"]["ContainerSpec"] == declared
        and task["DesiredState"] == task["Status"]["State"] == "running"
    }
    without = {node: host for node, host in hosts.items() if node not in served}
    if without:
        return "; ".join(_last_words(without, tasks))
    return "Swarm is still at work on the update" if update.get("State") in _UPDATING else ""


def _last_words(hosts: Mapping[str, str], tasks: Sequence[Known]) -> Iterator[str]:
    """What each host's newest task with an error said; without one, how far its newest task is."""
    for node, host in sorted(hosts.items(), key=lambda both: both[1]):
        own = [task for task in tasks if task.get("NodeID") == node]
        newest = sorted(own, key=lambda task: str(task["Status"]["Timestamp"]), reverse=True)
        errors = [task["Status"]["Err"] for task in newest if task["Status"].get("Err")]
        states = [f"its task is {task['Status']['State']}" for task in newest]
        yield f"{host}: {[*errors, *states, 'no task'][0]}"


def _constraints(service: Known) -> list[str]:
    placement = service["Spec"]["TaskTemplate"].get("Placement") or {}
    return list(placement.get("Constraints") or [])


def _meets(node: Known, constraint: str) -> bool:
    key, operator, value = re.split(r"\s*([!=]=)\s*", constraint.strip(), maxsplit=1)
    return (_told(node, key).lower() == value.lower()) == (operator == "==")


def _told(node: Known, key: str) -> str:
    """What the node says of itself under a constraint's key; Swarm takes a label that is not there for an
    empty one."""
    description, spec = node["Description"], node["Spec"]
    if key.startswith("node.labels."):
        return str((spec.get("Labels") or {}).get(key.removeprefix("node.labels."), ""))
    if key.startswith("engine.labels."):
        labels = description["Engine"].get("Labels") or {}
        return str(labels.get(key.removeprefix("engine.labels."), ""))
    return str(
        {
            "node.id": node["ID"],
            "node.hostname": description["Hostname"],
            "node.role": spec["Role"],
            "node.platform.os": description["Platform"]["OS"],
            "node.platform.arch": description["Platform"]["Architecture"],
        }[key]
    )
