"""A twin as a running environment: what operations need of one, from the twin's parts."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from ..database import PostgresCluster
from ..operations.cluster import Cluster
from ..operations.environment import Say, Settings
from ..topology import Topology
from .choices import merged
from .engine import refusal
from .environment import Environment
from .health import ServiceHealth, wait_until_healthy
from .twin import Engines, Twin


class RunningTwin:
    """A twin that has been brought up, as `operations.environment.RunningEnvironment` describes one."""

    def __init__(self, twin: Twin) -> None:
        self._twin = twin

    @property
    def name(self) -> str:
        return self._twin.layout.name

    @property
    def folder(self) -> Path:
        return self._twin.layout.folder

    @property
    def topology(self) -> Topology:
        return self._twin.environment.topology

    @property
    def database(self) -> PostgresCluster:
        return self._twin.environment.database

    @property
    def settings(self) -> Settings:
        return self._twin.environment.settings

    def unreachable(self, place: str) -> str | None:
        if not self._twin.places.running(place):
            return "its container does not run"
        return refusal(self._twin.layout.place(place).socket) or None

    def cluster(self) -> Cluster:
        return self._twin.cluster()

    def engines(self, places: Sequence[str]) -> Engines:
        return self._twin.engines(places)

    def check(self, settings: Settings) -> None:
        self._with(settings).check()

    def apply(self, settings: Settings, say: Say) -> Sequence[str]:
        twin = Twin(self._twin.client, self._with(settings))
        changes = twin.apply(lambda what, state: say(f"{what}: {state}"))
        self._twin = twin
        return (*changes.created, *changes.updated, *changes.removed)

    def wait_until_healthy(self, say: Say) -> None:
        said: set[str] = set()

        def report(looks: Sequence[ServiceHealth]) -> None:
            for look in looks:
                line = f"{look.place}/{look.name}: {look.running} of {look.wanted} tasks"
                if not look.healthy and line not in said:
                    said.add(line)
                    say(line)

        with self._twin.engines() as engines:
            wait_until_healthy(engines, report)

    def _with(self, settings: Settings) -> Environment:
        declared = self._twin.environment
        return replace(declared, choices=merged(declared.choices, settings))
