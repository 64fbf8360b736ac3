"""Operating a real twin: moves of the primary, scaling, deploys good and bad, and what is refused."""

import json
import secrets
import signal
import subprocess
import sys
import time
from contextlib import closing

import httpx
import pytest

from bicoastal.operations.lock import exclusively
from bicoastal.operations.running_colours import running_colours
from bicoastal.twin.drills.requests import Requests
from bicoastal.twin.drills.trial_images import BAD, GOOD, build_trial, remove_trials
from bicoastal.twin.running import RunningTwin
from tests.twin.conftest import PROJECT, fresh, interruptible

pytestmark = [pytest.mark.twin, pytest.mark.timeout(900)]


@pytest.fixture(scope="module")
def trials(twin):
    """Images on trial by kind; forgotten at the end."""
    run = f"test-{secrets.token_hex(3)}"
    yield {kind: build_trial(twin, kind, run) for kind in (GOOD, *BAD)}
    remove_trials(twin, run)


def declared(twin):
    """What every service is, to compare before and after a refusal."""
    with twin.engines() as engines:
        return {
            f"{place}/{service.name}": service.attrs["Spec"]
            for place, engine in engines.items()
            for service in engine.services.list()
        }


def live(twin):
    with running_colours(RunningTwin(fresh(twin))) as colours:
        (colour,) = set(colours.live().values())
    return colour


def refused(twin, bicoastal, told, *arguments):
    before = declared(twin)
    result = bicoastal(*arguments)
    assert result.exit_code == 2, result.output
    assert told in " ".join(result.stderr.split())
    assert declared(twin) == before


def test_the_primary_moves_as_planned_and_home_again_within_three_seconds(twin, bicoastal):
    there = bicoastal("switchover", "west", twin.layout.name, "--json")
    assert there.exit_code == 0, there.output
    told = json.loads(there.stdout)
    assert told["primary"].startswith("west-postgres-")
    back = bicoastal("failback", twin.layout.name, "--json")
    assert back.exit_code == 0, back.output
    again = json.loads(back.stdout)
    assert again["primary"].startswith("east-postgres-")
    assert max(told["write_gap_s"], again["write_gap_s"]) <= 3
    with closing(twin.cluster()) as cluster:
        assert cluster.redundant()


def test_moves_that_cannot_be_are_refused_and_nothing_changes(twin, bicoastal):
    name = twin.layout.name
    refused(twin, bicoastal, "no such region; given: 'mars'; allowed: east, west", "switchover", "mars", name)
    refused(twin, bicoastal, "is there already", "switchover", "east", name)
    refused(twin, bicoastal, "is there already", "failback", name)
    with closing(twin.cluster()) as cluster:
        members = cluster.state().members
    replica = next(m.name for m in members if m.place == "west" and m.role == "replica")
    refused(twin, bicoastal, "no synchronous standby", "switchover", "west", name, "--member", replica)


def test_a_service_is_scaled_and_only_that(twin, bicoastal):
    before = declared(twin)
    result = bicoastal("scale", "api=3", twin.layout.name)
    assert result.exit_code == 0, result.output
    after = declared(twin)
    changed = {name for name in after if after[name] != before[name]}
    assert changed == {f"{region}/local_api-{c}" for region in ("east", "west") for c in ("blue", "green")}
    assert "0 changes" in bicoastal("up", twin.layout.name).output
    assert bicoastal("scale", "api=2", twin.layout.name).exit_code == 0


@pytest.mark.parametrize("text", ["api=0", "api=11", "postgres-1=3"])
def test_a_scale_that_cannot_be_is_refused_and_nothing_changes(twin, bicoastal, text):
    refused(twin, bicoastal, "allowed:", "scale", text, twin.layout.name)


def test_a_good_image_is_deployed_without_a_failed_request(twin, bicoastal, trials):
    before = live(twin)
    with Requests(twin.edge.url, "good", rate=50) as requests:
        result = bicoastal("deploy", trials[GOOD], twin.layout.name, "--soak", "12")
    assert result.exit_code == 0, result.output
    assert requests.failures == []
    assert set(requests.answers) == {"blue", "green"}
    assert live(twin) != before
    assert httpx.get(f"{twin.edge.url}/ready", trust_env=False).headers["x-colour"] == live(twin)
    assert "0 changes" in bicoastal("up", twin.layout.name).output
    refused(
        twin, bicoastal, f"{live(twin)} is live with it already", "deploy", trials[GOOD], twin.layout.name
    )


@pytest.mark.drill
@pytest.mark.parametrize(
    ("kind", "told"),
    [
        ("exits-at-once", "no such setting: COLOR"),
        ("exits-after-40-s", "gave up"),
        ("never-ready", "answers 503 at /ready"),
    ],
)
def test_a_bad_image_is_found_out_without_a_failed_request(twin, bicoastal, trials, kind, told):
    before, was = declared(twin), live(twin)
    with Requests(twin.edge.url, kind, rate=50) as requests:
        result = bicoastal("deploy", trials[kind], twin.layout.name)
    assert result.exit_code == 1, result.output
    assert told in result.stderr
    assert requests.failures == []
    assert set(requests.answers) == {was}
    assert live(twin) == was
    assert declared(twin) == before


def test_deploys_that_cannot_be_are_refused_and_nothing_changes(twin, bicoastal, trials):
    name = twin.layout.name
    refused(twin, bicoastal, "neither here nor to be pulled", "deploy", "bicoastal/nowhere:1", name)
    with exclusively(twin.layout.folder, "deploy"):
        refused(twin, bicoastal, "another operation is under way", "deploy", trials[GOOD], name)
        refused(twin, bicoastal, "another operation is under way", "switchover", "west", name)
        refused(twin, bicoastal, "another operation is under way", "scale", "api=3", name)


@pytest.mark.drill
def test_an_interrupted_deploy_is_taken_back_by_the_next_up(twin, bicoastal, trials):
    before, was = declared(twin), live(twin)
    command = [sys.executable, "-m", "bicoastal.cli", "deploy", trials["never-ready"], twin.layout.name]
    process = subprocess.Popen(
        command, cwd=PROJECT, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, preexec_fn=interruptible
    )
    time.sleep(25)
    process.send_signal(signal.SIGINT)
    _, said = process.communicate(timeout=60)
    assert process.returncode == 130, said
    result = bicoastal("up", twin.layout.name)
    assert result.exit_code == 0, result.output
    assert live(twin) == was
    assert declared(twin) == before


@pytest.mark.drill
def test_a_region_lost_in_mid_deploy_leaves_the_other_one_on_the_proven_colour(twin, bicoastal):
    name, was, run = twin.layout.name, live(twin), secrets.token_hex(3)
    command = [sys.executable, "-m", "bicoastal.cli", "deploy", build_trial(twin, GOOD, run), name]
    try:
        process = subprocess.Popen(
            [*command, "--soak", "45"],
            cwd=PROJECT,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            text=True,
        )
        assert process.stderr is not None
        assert any("is watched for" in line for line in process.stderr)
        twin.places.kill("west")
        _, said = process.communicate(timeout=300)
        assert process.returncode == 1, said
        told = " ".join(said.split())
        assert f"east: users are on {was}" in told
        assert f"`bicoastal up --only east {name}` takes it back" in told
        result = bicoastal("up", name, "--only", "east")
        assert result.exit_code == 0, result.output
        assert httpx.get(f"{twin.edge.url}/ready", trust_env=False).headers["x-colour"] == was
    finally:
        twin.places.revive("west")
        result = bicoastal("up", name)
        remove_trials(twin, run)
    assert result.exit_code == 0, result.output
    assert live(twin) == was


def test_nothing_is_moved_deployed_or_scaled_while_a_region_is_dead(twin, bicoastal, trials):
    name = twin.layout.name
    twin.places.kill("west")
    try:
        for arguments in (
            ("switchover", "west", name),
            ("deploy", trials[GOOD], name),
            ("scale", "api=3", name),
        ):
            result = bicoastal(*arguments)
            assert result.exit_code == 2, result.output
            assert "cannot be reached; given: 'west'" in " ".join(result.stderr.split())
    finally:
        twin.places.revive("west")
    assert bicoastal("up", name).exit_code == 0
