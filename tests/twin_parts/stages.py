"""A stage whose twin and cluster are what a test says."""

import time
from types import SimpleNamespace

import httpx

from bicoastal.database.cluster import ReplicationMode
from bicoastal.database.timing import TimingProfile
from bicoastal.operations.cluster import Promotion
from bicoastal.twin.drills.load import Answer
from bicoastal.twin.drills.stage import Stage
from tests.operations.environments import state


class Cluster:
    """A cluster that is well, with its primary in the east."""

    def __init__(self) -> None:
        self.promotions: list[tuple[str, float]] = []
        """Who was promoted, and when on the monotonic clock."""
        self.is_silent = False
        self.is_redundant = True
        self.leader: str | None = None
        """Who is primary, where that is not the last one that was promoted."""

    def history(self) -> list[Promotion]:
        if self.is_silent:
            raise httpx.HTTPError("no member of the cluster answers")
        to_wall = time.time() - time.monotonic()
        return [Promotion(leader, at + to_wall) for leader, at in self.promotions]

    def state(self):
        leader = self.leader or (self.promotions[-1][0] if self.promotions else "east-postgres-1")
        return state(leader)

    def is_primary(self, name: str) -> bool:
        return True

    def redundant(self) -> bool:
        return self.is_redundant

    def close(self) -> None:
        pass


class Twin:
    """A twin in a folder, whose services are healthy."""

    def __init__(self, folder) -> None:
        self.told = Cluster()
        self.layout = SimpleNamespace(folder=folder)
        self.edge = SimpleNamespace(url="http://127.0.0.1:9", pools=lambda: {"east": True})
        east, west = SimpleNamespace(name="east"), SimpleNamespace(name="west")
        self.environment = SimpleNamespace(
            topology=SimpleNamespace(primary_region=east, regions=[east, west]),
            database=SimpleNamespace(mode=ReplicationMode.SYNC, timing=TimingProfile.WAN),
            monitor=SimpleNamespace(consecutive_down=3, interval_s=15),
            exports={"failover_budget": {"total_s": 58.0, "limit_s": 120.0}},
        )

    def cluster(self) -> Cluster:
        return self.told


class FakeStage(Stage):
    """A stage that waits for nothing, with a fault at moment 100."""

    def __init__(self, folder) -> None:
        twin = Twin(folder)
        super().__init__(twin, twin.told, "drill", "drill-1", lambda _: None)
        self._began, self.fault_at, self._first_primary = 90.0, 100.0, "east-postgres-1"
        self.rows: set[tuple[str, int]] = set()

    def _rows(self) -> set[tuple[str, int]]:
        return self.rows

    def _all_healthy(self) -> bool:
        return True

    def within(self, limit_s, holds) -> bool:
        return holds()


def answers(*moments: float) -> list[Answer]:
    return [Answer(moment, "west") for moment in moments]
