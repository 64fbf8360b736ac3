"""Taking up a run of the Pulumi engine that did not come to its end.

Such a run leaves a lock, operations that the state calls pending, and perhaps objects that Docker made and
the state has not heard of: the next run would make them again and be refused, for their names are taken.
"""

import json
import os
import time
from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Any

import docker
from docker.errors import APIError, NotFound

from ...checks.problem import Problem
from ..places import Progress
from .changes import ApplyFailed
from .pulumi_program import PulumiProgram

WAIT_S = 60.0
"""How long a run that still goes on, such as one whose terminal was closed, is waited for."""
_TRIES = 40
_START_TIME = 19
"""Its place among the words behind the name in /proc/<pid>/stat."""


def take_up(
    pulumi: PulumiProgram, engines: Mapping[str, docker.DockerClient], stack: str, progress: Progress
) -> bool:
    """Make the next run possible; whether there was one to take up, so that the state is to be read anew.

    Objects of the stack (their names begin with `<stack>_`) in the places of `engines` that the state does
    not know are removed: a run that ended by itself leaves none. Raises `ApplyFailed` while a run goes on.
    """
    locked = list(pulumi.locks.glob("*.json"))
    if locked:
        _await_end([json.loads(lock.read_text()) for lock in locked], progress)
    state = pulumi.state()
    if not locked and not state.get("pending_operations"):
        return False
    progress("pulumi", "takes up a run that did not come to its end")
    known = {str(resource["id"]) for resource in state.get("resources") or [] if resource.get("id")}
    for engine in engines.values():
        _remove_unknown(engine.api, f"{stack}_", known)
    if list(pulumi.locks.glob("*.json")):
        pulumi.unlock()
    return True


def _await_end(owners: list[dict[str, Any]], progress: Progress) -> None:
    deadline = time.monotonic() + WAIT_S
    for owner in owners:
        while _is_at_work(owner):
            if time.monotonic() > deadline:
                problem = Problem(
                    "pulumi",
                    "another run is at work on this twin",
                    f"process {owner['pid']} since {owner['timestamp']}",
                    "one run at a time",
                    f"wait for it, or end it: kill -INT {owner['pid']}",
                )
                raise ApplyFailed(str(problem))
            progress("pulumi", f"waits for process {owner['pid']}, which is at work on this twin")
            time.sleep(1)


def _is_at_work(owner: Mapping[str, Any]) -> bool:
    """Whether the process that took the lock lives: one of its number that began later is another one."""
    began = _began(int(owner["pid"]))
    return began is not None and began <= datetime.fromisoformat(owner["timestamp"]).timestamp() + 1


def _began(process: int) -> float | None:
    """When a process began, in seconds of the epoch; None when there is none of that number."""
    try:
        told = Path(f"/proc/{process}/stat").read_text()
    except FileNotFoundError:
        return None
    ticks = int(told.rpartition(")")[2].split()[_START_TIME])
    since_boot = ticks / os.sysconf("SC_CLK_TCK")
    return time.time() - time.clock_gettime(time.CLOCK_BOOTTIME) + since_boot


def _remove_unknown(api: docker.APIClient, prefix: str, known: set[str]) -> None:
    """Services first, since they use the rest."""
    kinds: list[tuple[Iterable[Mapping[str, Any]], Callable[[str], object]]] = [
        (api.services(), api.remove_service),
        (api.configs(), api.remove_config),
        (api.secrets(), api.remove_secret),
        (api.networks(filters={"driver": "overlay"}), api.remove_network),
    ]
    for found, remove in kinds:
        for item in found:
            identifier = str(item.get("ID") or item.get("Id"))
            name = str(item.get("Name") or item.get("Spec", {}).get("Name"))
            if name.startswith(prefix) and identifier not in known:
                _remove(partial(remove, identifier))


def _remove(remove: Callable[[], object]) -> None:
    """A service's tasks hold its config, secrets and network a little longer than the service is there."""
    for left in reversed(range(_TRIES)):
        try:
            remove()
        except NotFound:
            return
        except APIError:
            if not left:
                raise
            time.sleep(0.5)
        else:
            return
