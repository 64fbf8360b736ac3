"""What a reviewer waits for: the plan of production, within the seconds and the memory that are promised."""

import os
import subprocess
import sys

import pytest

from tests.infra.environments import ROOT

SECONDS, MEGABYTES = 6, 350
ATTEMPTS = 3
"""What else runs on the machine makes a plan slower and never quicker, so the quickest of some counts."""

pytestmark = pytest.mark.timeout(120)


def planned_alone(out):
    """The CPU seconds and the megabytes of the command in a process of its own."""
    command = [sys.executable, "-m", "bicoastal.cli", "plan", "production", "--out", str(out)]
    process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    _, status, used = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    assert process.returncode == 0
    return used.ru_utime + used.ru_stime, used.ru_maxrss * 1024 / 1e6


def test_the_plan_of_production_stays_within_its_seconds_and_its_memory(tmp_path):
    seconds, megabytes = [], []
    for _ in range(ATTEMPTS):
        took, held = planned_alone(tmp_path / "plan")
        seconds.append(took)
        megabytes.append(held)
        if took <= SECONDS:
            break
    assert min(seconds) <= SECONDS, f"CPU seconds: {seconds}"
    assert max(megabytes) <= MEGABYTES
