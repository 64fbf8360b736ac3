"""Whatever breaks a run of a drill is its reason to fail, and all that was shown is reported."""

import json
import subprocess
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from types import SimpleNamespace

import pytest
from docker.errors import DockerException
from typer.testing import CliRunner

from bicoastal.cli import common, drills
from bicoastal.cli.app import app
from bicoastal.operations.lock import exclusively
from bicoastal.operations.refusal import Refused
from bicoastal.twin.drills import play as playing
from bicoastal.twin.drills.outcome import Measure
from bicoastal.twin.drills.play import play
from bicoastal.twin.drills.registry import Drill
from bicoastal.twin.drills.stage import DrillImpossible
from bicoastal.twin.place import PlaceFailed
from bicoastal.twin.refusals import REFUSALS
from bicoastal.twin.wan import CutFailed
from tests.twin_parts.stages import FakeStage, Twin

PROJECT = Path(__file__).parents[2]
BREAKS = (PlaceFailed("east: no engine"), DockerException("gone"), CutFailed("no rule"), KeyError("east"))


@pytest.fixture
def twin(tmp_path, monkeypatch):
    monkeypatch.setattr(playing, "Stage", lambda twin, *_: FakeStage(twin.layout.folder))
    return Twin(tmp_path)


def good(stage):
    return stage.outcome([Measure("write gap", 3, 58)])


def raising(error):
    def broken(*_):
        raise error

    return broken


def errors(series):
    return [outcome.error for one in series for outcome in one.outcomes]


@pytest.mark.parametrize("error", BREAKS)
def test_a_run_whose_repair_fails_keeps_its_figures_and_fails_with_the_reason(twin, error):
    def play_it(stage):
        stage.strike("east cut off", lambda: None, repair=raising(error))
        return good(stage)

    (series,) = play(twin, [Drill("cut", "Cut.", play_it)], 2, print)
    assert errors([series]) == [f"{type(error).__name__}: {error}"] * 2
    assert not series.passed
    first = series.outcomes[0]
    assert first.measure("write gap").passed
    assert first.verdict() == f"write gap 3.0 s of at most 58 s; 0 acknowledged; afterwards: {first.error}"


@pytest.mark.parametrize("error", BREAKS)
def test_a_twin_that_cannot_be_prepared_ends_the_drills_and_what_was_shown_stays(twin, monkeypatch, error):
    def last(stage):
        monkeypatch.setattr(FakeStage, "prepare", raising(error))
        return good(stage)

    series = play(twin, [Drill("first", "First.", last), Drill("second", "Second.", good)], 1, print)
    assert errors(series) == ["", f"{type(error).__name__}: {error}"]
    assert [one.passed for one in series] == [True, False]


def test_a_run_that_breaks_and_whose_repair_fails_tells_both(twin):
    def play_it(stage):
        stage.strike("east cut off", lambda: None, repair=raising(CutFailed("no rule")))
        raise ValueError("it broke")

    assert errors(play(twin, [Drill("cut", "Cut.", play_it)], 1, print)) == [
        "ValueError: it broke; CutFailed: no rule"
    ]


def test_who_stops_the_drills_finds_what_was_shown_so_far_and_the_fault_repaired(twin):
    repaired, series = [], []

    def stopped(stage):
        stage.strike("east cut off", lambda: None, repair=lambda: repaired.append("east"))
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        play(twin, [Drill("good", "Good.", good), Drill("cut", "Cut.", stopped)], 1, print, series)
    assert errors(series) == ["", "stopped"]
    assert [event.text for event in series[1].outcomes[0].events] == ["east cut off"]
    assert repaired == ["east"]


def test_drills_are_stopped_though_the_repair_fails_then(twin):
    def stopped(stage):
        stage.strike("east cut off", lambda: None, repair=raising(CutFailed("no rule")))
        raise KeyboardInterrupt

    series = []
    with pytest.raises(KeyboardInterrupt):
        play(twin, [Drill("cut", "Cut.", stopped)], 2, print, series)
    assert errors(series) == ["stopped; CutFailed: no rule"]


@pytest.mark.parametrize(
    ("drill", "code", "told"),
    [
        (good, 0, ""),
        (raising(ValueError("it broke")), 1, "ValueError: it broke"),
        (raising(KeyboardInterrupt()), 130, "stopped"),
    ],
)
def test_the_command_writes_a_report_of_every_end(tmp_path, monkeypatch, twin, drill, code, told):
    twin.exists, twin.environment.project = True, SimpleNamespace(folder=tmp_path)
    twin.environment.layout = twin.layout

    monkeypatch.setattr(common.Environment, "of", lambda *_: twin.environment)
    monkeypatch.setattr(common.engine, "connect", lambda *_: SimpleNamespace(close=lambda: None))
    monkeypatch.setattr(common, "check_owner", lambda *_: None)
    monkeypatch.setattr(common, "Twin", lambda *_: twin)
    monkeypatch.setattr(drills, "catalogue", lambda: {"one": Drill("one", "One.", drill)})
    result = CliRunner().invoke(app, ["drill", "all", "--json"])
    assert result.exit_code == code, result.output
    (file,) = tmp_path.glob("reports/*/report.json")
    (run,) = json.loads(file.read_text())["drills"][0]["runs"]
    assert run["error"] == told


def test_a_twin_that_is_not_fit_to_be_drilled_says_why(twin, monkeypatch):
    monkeypatch.setattr(FakeStage, "prepare", raising(DrillImpossible("bring the twin up first")))
    assert errors(play(twin, [Drill("good", "Good.", good)], 3, print)) == ["bring the twin up first"]


def test_while_drills_are_played_they_alone_operate(twin):
    folder, passed = twin.layout.folder, []

    def operates(stage):
        with exclusively(folder, "deploy"):
            passed.append("deploy")
        with ThreadPoolExecutor(1) as somebody_else:
            with pytest.raises(Refused, match="given: drill one, two of process"):
                somebody_else.submit(play, twin, [Drill("three", "Three.", good)], 1, print).result()
            with pytest.raises(Refused, match="given: drill one, two of process"):
                somebody_else.submit(exclusively(folder, "up").__enter__).result()
        return good(stage)

    series = play(twin, [Drill("one", "One.", operates), Drill("two", "Two.", operates)], 1, print)
    assert errors(series) == ["", ""]
    assert passed == ["deploy"] * 2


def test_drills_are_refused_while_another_operation_is_under_way(twin):
    series = []
    with exclusively(twin.layout.folder, "up"), pytest.raises(Refused, match="given: up of process"):
        play(twin, [Drill("good", "Good.", good)], 1, print, series)
    assert series == []


def test_a_packet_filter_that_refuses_is_told_in_one_message():
    assert CutFailed in REFUSALS


@pytest.mark.parametrize(
    ("drills", "faults", "properties", "code"),
    [(0, 0, 0, 0), (1, 0, 0, 1), (0, 1, 0, 1), (0, 0, 1, 1), (2, 1, 0, 2), (1, 0, 2, 2)],
)
def test_make_drill_does_every_line_and_ends_with_the_worst_code(tmp_path, drills, faults, properties, code):
    of_pytest = f"case $* in *tests/properties*) exit {properties};; *) exit {faults};; esac"
    for name, ending in (("bicoastal", f"exit {drills}"), ("pytest", of_pytest)):
        (tmp_path / name).write_text(f"#!/bin/sh\necho did {name}\n{ending}\n")
        (tmp_path / name).chmod(0o755)
    stamp = tmp_path / "installed"
    stamp.touch()
    done = subprocess.run(
        ["make", "drill", f"BIN={tmp_path}", f"STAMP={stamp}"], cwd=PROJECT, capture_output=True, text=True
    )
    assert "did bicoastal\ndid pytest\ndid pytest\n" in done.stdout
    assert f"Error {code}" in done.stderr if code else done.returncode == 0
