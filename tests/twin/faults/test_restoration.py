"""Whatever ends a drill, the twin is left as it was found."""

import secrets
import signal
import subprocess
import sys
import threading
import time

import pytest

from bicoastal.twin.drills.play import play
from bicoastal.twin.drills.registry import Drill
from bicoastal.twin.drills.services import Held
from bicoastal.twin.drills.stage import staged
from tests.twin.conftest import PROJECT, interruptible

pytestmark = [pytest.mark.twin, pytest.mark.drill, pytest.mark.timeout(600)]


def as_it_was(twin):
    """Whether the twin is healthy with the primary at home: what a stage asks for before it begins."""
    with staged(twin, "look", f"look-{secrets.token_hex(3)}", print) as stage:
        return stage.leader.place == stage.home


def test_ctrl_c_in_the_middle_of_a_drill_repairs_the_fault(twin):
    command = [sys.executable, "-m", "bicoastal.cli", "drill", "region-loss", twin.layout.name]
    said = []
    with subprocess.Popen(
        command, cwd=PROJECT, stderr=subprocess.PIPE, text=True, preexec_fn=interruptible
    ) as process:
        for line in process.stderr:
            said.append(line)
            if "killed" in line:
                threading.Timer(3, process.send_signal, [signal.SIGINT]).start()
    assert process.wait(timeout=300) == 130, "".join(said)
    assert any("restoring the twin" in line for line in said)
    assert all(twin.places.running(place) for place in twin.layout.places)
    assert as_it_was(twin)


def test_a_drill_that_breaks_is_a_failed_run_and_its_fault_is_repaired(twin):
    def breaks(stage):
        held = Held(stage.twin, stage.other, "api")
        stage.strike("no api", held.hold, repair=held.let_up)
        raise ValueError("it broke")

    (series,) = play(twin, [Drill("breaks", "Breaks.", breaks)], 2, print)
    assert [outcome.error for outcome in series.outcomes] == ["ValueError: it broke"] * 2
    assert not series.passed
    assert as_it_was(twin)


def test_a_twin_that_is_not_healthy_is_not_drilled(twin):
    held = Held(twin, "west", "api")
    held.hold()
    began = time.monotonic()
    try:
        (series,) = play(twin, [Drill("never", "Never.", lambda stage: pytest.fail("it was"))], 2, print)
    finally:
        held.let_up()
    (outcome,) = series.outcomes
    assert "bring the twin up first" in outcome.error
    assert time.monotonic() - began < 90
    assert as_it_was(twin)
