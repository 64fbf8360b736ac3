"""What the status shows of a twin that is not whole."""

from contextlib import nullcontext
from types import SimpleNamespace

import pytest
from docker.errors import DockerException
from requests.exceptions import ReadTimeout
from rich.console import Console

from bicoastal.operations.journal import FILE, Journal
from bicoastal.twin.layout import TwinLayout
from bicoastal.twin.status import look, status_table
from tests.operations.environments import FakeEnvironment, Redis, state

BUDGET = {
    "total_s": 60,
    "detection_s": 30,
    "propagation_s": 1,
    "promotion_s": 20,
    "reconnection_s": 5,
    "limit_s": 120,
}


class FakeTwin:
    """A twin whose engines have no services."""

    def __init__(self, folder):
        self.layout = TwinLayout.named("shop", folder)
        self.layout.folder.mkdir(parents=True)
        exports = {"failover_budget": BUDGET, "promotion": "automatic"}
        topology = FakeEnvironment(folder).topology
        self.environment = SimpleNamespace(exports=exports, topology=topology, settings={}, parts_left_out={})
        self.grafanas: dict[str, str] = {}
        self.edge = SimpleNamespace(url="http://edge", view_url="http://view", pools=lambda: {"east": True})
        self.places = SimpleNamespace(running=lambda place: place not in self.gone)
        self.gone: set[str] = set()
        self.silent: set[str] = set()
        self.hangs = False

    def redis(self):
        return Redis()

    def engines(self, places, timeout_s):
        for place in self.silent.intersection(places):
            raise DockerException(f"{place}: its engine does not answer (Connection refused)")
        api = SimpleNamespace(tasks=self.tasks, services=list)
        return nullcontext(dict.fromkeys(places, SimpleNamespace(api=api)))

    def tasks(self):
        if self.hangs:
            raise ReadTimeout("no answer within 15 s")
        return []


@pytest.fixture
def twin(tmp_path, monkeypatch):
    monkeypatch.setattr("bicoastal.twin.status._live", lambda stack, place, engines: "blue")
    monkeypatch.setattr("bicoastal.twin.status.RunningTwin", lambda twin: SimpleNamespace(stack="local"))
    return FakeTwin(tmp_path)


def shown(twin):
    """The status as a person reads it, in one line."""
    seen = look(twin, SimpleNamespace(state=lambda: state("east-postgres-1", "west-postgres-1")))
    console = Console(width=200)
    with console.capture() as captured:
        console.print(status_table(seen))
    return " ".join(captured.get().split())


def test_a_deploy_that_was_not_ended_is_told_with_the_way_out(twin):
    journal = Journal("shop/api:2", "blue", "green", None, "green is given shop/api:2")
    journal.save(twin.layout.folder)
    told = shown(twin)
    assert "a deploy of shop/api:2 is at step 'green is given shop/api:2'" in told
    assert "take it back with: bicoastal up shop" in told
    journal.done("green").save(twin.layout.folder)
    assert "deploy" not in shown(twin)


def test_a_place_that_runs_and_does_not_answer_is_shown_with_the_reason(twin):
    twin.silent, twin.gone = {"west"}, {"witness"}
    told = shown(twin)
    assert "does not answer: west: its engine does not answer (Connection refused)" in told
    assert "gone" in told
    assert "east-postgres-1" in told


def test_an_engine_that_hangs_is_shown_with_the_reason(twin):
    twin.hangs = True
    assert "does not answer: no answer within 15 s" in shown(twin)


def test_a_broken_journal_is_told_beside_all_else(twin):
    (twin.layout.folder / FILE).write_text("")
    told = shown(twin)
    assert "the deploy's journal: it cannot be read" in told
    assert "east-postgres-1" in told


def test_a_part_that_was_left_out_is_told_with_the_reason(twin):
    assert "left out" not in shown(twin)
    twin.environment.parts_left_out = {"grafana": "no image grafana: no registry answered in time"}
    assert "left out: grafana: no image grafana: no registry answered in time" in shown(twin)


def test_grafana_is_told_with_the_way_in_where_there_is_one(twin):
    twin.grafanas = {"east": "https://10.200.0.10:3000", "west": "https://10.200.0.74:3000"}
    told = shown(twin)
    assert "Grafana: https://10.200.0.10:3000, https://10.200.0.74:3000 (user admin, its password:" in told
    assert "credentials/password-grafana_admin)" in told.replace(" ", "")
