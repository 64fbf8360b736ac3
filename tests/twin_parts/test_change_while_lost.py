"""A setting is changed while a region is lost: what is applied where, and runs that must not pass."""

from types import SimpleNamespace

import pytest

from bicoastal.twin.apply import Changes
from bicoastal.twin.choices import load, merged, parse, save, without_nothing
from bicoastal.twin.drills.catalogue import change_while_lost
from bicoastal.twin.twin import Brought
from tests.twin_parts.stages import FakeStage, answers

KEPT = {"monitor": {"interval_s": 5}}
PLACES = ("east", "west", "witness")


class Declared:
    """A twin with some choices."""

    def __init__(self, choices):
        self.choices = choices

    @property
    def replicas(self):
        return self.choices.get("api", {}).get("replicas", 2)


@pytest.fixture
def stage(tmp_path, monkeypatch):
    """A stage whose regions run what was applied in them last."""
    stage = FakeStage(tmp_path)
    stage.ups, stage.runs, stage.second_did = [], {"east": 2, "west": 2}, Changes()
    twin = stage.twin
    twin.layout.places, twin.layout.name = PLACES, "shop"
    twin.client, twin.environment.project = None, None
    twin.places = SimpleNamespace(
        kill=lambda place: stage.ups.append(f"kill {place}"), revive=stage.ups.append
    )
    save(tmp_path, KEPT)

    def asking(project, name, asked):
        return without_nothing(merged(load(tmp_path), parse(asked)))

    def bring_up(declared, progress, report, *, only=()):
        stage.ups.append((declared.replicas, tuple(only)))
        save(tmp_path, declared.choices)
        changed = [region for region in stage.runs if region in (only or PLACES)]
        stage.runs |= dict.fromkeys(changed, declared.replicas)
        is_second = stage.ups[-2:] == [(3, ())] * 2
        return Brought(stage.second_did if is_second else Changes(updated=("west/local_api-blue",)), False)

    monkeypatch.setattr(change_while_lost, "bring_up", bring_up)
    monkeypatch.setattr(change_while_lost, "Environment", SimpleNamespace(of=asking))
    monkeypatch.setattr(change_while_lost, "Twin", lambda _, choices: Declared(choices))
    monkeypatch.setattr(change_while_lost, "_tasks", lambda _, region: {stage.runs[region]})
    stage.random_phase = lambda: 0.0
    stage.recovered = lambda since=None: 140.0
    stage.fault_at = None
    stage.strike = lambda text, fault, repair: (stage._repairs.callback(repair), fault(), 100.0)[-1]
    monkeypatch.setattr(stage.load, "_begin", lambda: None)
    monkeypatch.setattr(stage.load, "wait_for_acknowledgements", lambda *_, **__: None)
    monkeypatch.setattr(stage.load, "wait_for_reads", lambda *_, **__: None)
    stage._began = 100.0
    stage.load.writes, stage.load.reads = answers(99, 130), answers(99, 130)
    return stage


def failed(outcome):
    return [measure.name for measure in outcome.measures if not measure.passed]


def test_the_change_goes_where_it_can_then_everywhere_and_is_taken_back(stage, tmp_path):
    outcome = change_while_lost.play(stage)
    assert failed(outcome) == []
    others = ("west", "witness")
    assert stage.ups == ["kill east", (3, others), "east", (3, ()), (3, ()), (2, ())]
    stage.restore()
    assert stage.ups[-1] == (2, ())
    assert len(stage.ups) == 6
    assert load(tmp_path) == KEPT
    assert stage.runs == {"east": 2, "west": 2}


def test_a_second_up_that_changes_something_fails_the_run(stage):
    stage.second_did = Changes(updated=("east/local_api-blue",))
    assert failed(change_while_lost.play(stage)) == ["what a second up did"]


def test_a_region_that_the_change_does_not_reach_or_that_keeps_it_fails_the_run(stage, monkeypatch):
    monkeypatch.setattr(
        change_while_lost, "_tasks", lambda _, region: {2 if region == "east" else stage.runs["west"]}
    )
    assert failed(change_while_lost.play(stage)) == ["regions without the change"]
    monkeypatch.setattr(change_while_lost, "_tasks", lambda *_: {2 if not stage.ups else 3})
    stage.ups.clear()
    assert failed(change_while_lost.play(stage)) == ["regions left changed"]


def test_users_who_wait_longer_than_the_budget_fail_the_run(stage):
    stage.load.writes = answers(99)
    stage.recovered = lambda since=None: 160.0
    assert failed(change_while_lost.play(stage)) == ["write gap"]


def test_a_run_that_breaks_after_the_change_leaves_the_settings_as_they_were(stage, tmp_path):
    stage.heal = lambda text: pytest.fail("it broke")
    with pytest.raises(pytest.fail.Exception):
        change_while_lost.play(stage)
    assert load(tmp_path) != KEPT
    stage.restore()
    assert stage.ups[-2:] == ["east", (2, ())]
    assert load(tmp_path) == KEPT
