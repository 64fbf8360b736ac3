"""Ctrl-C at a random moment of `up` and `deploy`: the next `up` always reaches the healthy state."""

import logging
import random
import secrets
import signal
import subprocess
import sys
import threading

import pytest

from bicoastal.operations.running_colours import running_colours
from bicoastal.twin.drills.requests import Requests
from bicoastal.twin.drills.trial_images import GOOD, build_trial, remove_trials
from bicoastal.twin.running import RunningTwin
from tests.twin.conftest import PROJECT, QUICK_PROBES, free_name, fresh, interruptible

pytestmark = [pytest.mark.twin, pytest.mark.drill, pytest.mark.timeout(900)]

LOG = logging.getLogger(__name__)
FIRST, CHANGES, DEPLOYS = 4, 8, 8
STOPPED, ENDED = 130, 0
NOT_BEGUN = -signal.SIGINT
"""Stopped while Python itself started."""
SETTINGS = ("database.timing=fast", "api.replicas=3", "ingress.requests.burst=300", "database.timing=wan")


def stopped_at_random(longest_s, *command):
    """Run the command and stop it at a random moment; it may have come to its end before."""
    after_s = random.uniform(0.5, longest_s)  # noqa: S311 a moment, no secret
    process = subprocess.Popen(
        [sys.executable, "-m", "bicoastal.cli", *command],
        cwd=PROJECT,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
        preexec_fn=interruptible,
    )
    stop = threading.Timer(after_s, process.send_signal, [signal.SIGINT])
    stop.start()
    _, said = process.communicate(timeout=300)
    stop.cancel()
    last = said.strip().splitlines()[-2:]
    LOG.info("%s stopped after %.1f s: exit code %d; %s", command[0], after_s, process.returncode, last)
    assert process.returncode in (STOPPED, ENDED, NOT_BEGUN), said
    assert "Traceback" not in said


def reaches_the_healthy_state(bicoastal, name, *choices):
    result = bicoastal("up", name, *choices)  # ends when every member streams and the edge answers
    assert result.exit_code == 0, result.output
    assert "0 changes" in bicoastal("up", name).output


@pytest.mark.parametrize("number", range(1, FIRST + 1))
def test_a_first_up_that_is_stopped_is_taken_up(client, bicoastal, number):
    name = free_name(client)
    try:
        stopped_at_random(70, "up", name, *QUICK_PROBES)
        reaches_the_healthy_state(bicoastal, name, *QUICK_PROBES)
    finally:
        bicoastal("down", name)


@pytest.mark.parametrize("number", range(1, CHANGES + 1))
def test_a_change_that_is_stopped_is_taken_up(twin, bicoastal, number):
    name = twin.layout.name
    stopped_at_random(40, "up", name, "--set", SETTINGS[number % len(SETTINGS)])
    reaches_the_healthy_state(bicoastal, name)


@pytest.mark.parametrize("number", range(1, DEPLOYS + 1))
def test_a_deploy_that_is_stopped_is_taken_back_and_users_notice_nothing(twin, bicoastal, number):
    name, run = twin.layout.name, secrets.token_hex(3)
    try:
        image = build_trial(twin, GOOD, run)
        with Requests(twin.edge.url, run, rate=20) as requests:
            stopped_at_random(60, "deploy", image, name, "--soak", "10")
            reaches_the_healthy_state(bicoastal, name)
        assert requests.failures == []
        with running_colours(RunningTwin(fresh(twin))) as colours:
            assert len(set(colours.live().values())) == 1, "both regions serve the same colour"
    finally:
        remove_trials(twin, run)
