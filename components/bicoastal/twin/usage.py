"""What a twin takes of the machine: everything in its places, by what the engines count."""

import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import docker

from .layout import TWIN_LABEL
from .twin import Twin


@dataclass(frozen=True)
class Usage:
    """A twin's share of the machine over some seconds."""

    seconds: float
    cores: float
    """CPU cores in use, on average: 0.4 is 40 % of one."""
    memory_bytes: int
    """Memory in use at the end, without what the kernel only caches."""


def usage(twin: Twin, seconds: float) -> Usage:
    """Watch the twin for `seconds`: the places' own engines, all their containers, and the edge."""
    before, _ = _totals(twin)
    began = time.monotonic()
    time.sleep(seconds)
    after, memory = _totals(twin)
    elapsed = time.monotonic() - began
    return Usage(round(elapsed, 1), round((after - before) / 1e9 / elapsed, 3), memory)


def _totals(twin: Twin) -> tuple[int, int]:
    """Nanoseconds of CPU used so far, and bytes of memory."""
    label = f"{TWIN_LABEL}={twin.layout.name}"
    with twin.engines() as engines, ThreadPoolExecutor(16) as pool:
        counted = [
            pool.submit(_of_container, twin.client, str(c.id))
            for c in twin.client.containers.list(filters={"label": label})
        ]
        counted += [
            pool.submit(_of_container, engine, str(container.id))
            for engine in engines.values()
            for container in engine.containers.list()
        ]
        parts = [part.result() for part in counted]
    return sum(cpu for cpu, _ in parts), sum(memory for _, memory in parts)


def _of_container(engine: docker.DockerClient, container: str) -> tuple[int, int]:
    told = engine.api.stats(container, stream=False, one_shot=True)
    memory = told["memory_stats"]
    cached = memory.get("stats", {})
    inactive = cached.get("total_inactive_file", cached.get("inactive_file", 0))
    return told["cpu_stats"]["cpu_usage"]["total_usage"], memory.get("usage", 0) - inactive
