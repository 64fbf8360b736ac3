"""Applying by the real Pulumi engine: the same services as by stack files, nothing changed for nothing."""

import base64
import json
import os
import random
import signal
import subprocess
import sys
import time
from contextlib import closing

import pytest
from docker.errors import DockerException

from bicoastal.twin.apply import Way
from tests.engine.reported import reported
from tests.twin.conftest import PROJECT

pytestmark = [pytest.mark.engine, pytest.mark.twin, pytest.mark.timeout(1500)]

BY_STACK_FILES = {}
TRACKED = (PROJECT / "Pulumi.yaml", PROJECT / "Pulumi.local.yaml")


def everything(applied):
    with applied.twin.engines() as engines:
        return {place: reported(engine) for place, engine in engines.items()}


def tasks_of_the_api(applied, place):
    with applied.twin.engines([place]) as engines:
        found = [s for s in engines[place].api.services() if "_api" in s["Spec"]["Name"]]
        return {service["Spec"]["Mode"]["Replicated"]["Replicas"] for service in found}


def differences(one, other, path=""):
    """Where two reports differ, and how."""
    if isinstance(one, dict) and isinstance(other, dict):
        for key in sorted(one.keys() | other.keys()):
            yield from differences(one.get(key), other.get(key), f"{path}/{key}")
    elif one != other:
        yield f"{path}: {one!r} by stack files, {other!r} by pulumi"


def locks(applied):
    return list((applied.twin.layout.folder / "pulumi" / "state" / ".pulumi" / "locks").rglob("*.json"))


def test_the_same_is_there_either_way(applied):
    if applied.way is Way.STACK_FILES:
        BY_STACK_FILES.update(everything(applied))
        assert all(report["services"] for report in BY_STACK_FILES.values())
    elif not BY_STACK_FILES:
        pytest.skip("was not applied by stack files before: there is nothing to compare with")
    else:
        found = list(differences(BY_STACK_FILES, everything(applied)))
        assert not found, "\n".join(found)


def test_up_again_changes_nothing(applied):
    assert "0 changes" in applied.bicoastal("up")


def test_a_changed_setting_touches_only_its_services(applied):
    before = everything(applied)
    said = applied.bicoastal("up", "--set", "api.replicas=3")
    after = everything(applied)
    touched = {
        f"{place}/{name}"
        for place, report in after.items()
        for name, spec in report["services"].items()
        if spec != before[place]["services"][name]
    }
    assert touched
    assert all("_api" in name for name in touched)
    assert f"0 created, {len(touched)} updated, 0 removed" in said
    if applied.way is Way.PULUMI:
        assert f"(Pulumi: {len(touched)} update)" in said


def test_a_change_reaches_one_region_while_the_other_is_lost(applied):
    applied.bicoastal("kill", "east")
    said = applied.bicoastal("up", "--only", "west", "--only", "witness", "--set", "api.replicas=1")
    assert tasks_of_the_api(applied, "west") == {1}
    assert " 0 removed" in said
    applied.bicoastal("revive", "east")
    assert tasks_of_the_api(applied, "east") == {3}
    applied.bicoastal("up")
    assert tasks_of_the_api(applied, "east") == {1}
    assert "0 changes" in applied.bicoastal("up")


def test_a_lost_region_that_is_not_left_out_is_named(by_pulumi):
    """A plain `up` starts a lost place again, so the way is asked itself."""
    twin = by_pulumi.twin
    by_pulumi.bicoastal("kill", "east")
    try:
        with pytest.raises(DockerException, match="east: its engine does not answer"):
            twin.apply(lambda *_: None)
    finally:
        by_pulumi.bicoastal("revive", "east")
        by_pulumi.bicoastal("up")


@pytest.mark.parametrize("fault", ["interrupted", "killed"])
def test_a_run_that_did_not_come_to_its_end_is_taken_up(by_pulumi, fault):
    with by_pulumi.twin.engines(["west"]) as engines:
        engines["west"].secrets.create(name="local_made-and-not-known", data=b"it")
    command = [sys.executable, "-m", "bicoastal.cli", "up", by_pulumi.name]
    timing = "fast" if fault == "killed" else "wan"
    running = subprocess.Popen(
        [*command, "--set", f"database.timing={timing}"],
        cwd=PROJECT,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.default_int_handler),
    )
    deadline = time.monotonic() + 120
    while not locks(by_pulumi) and time.monotonic() < deadline:
        time.sleep(0.1)
    (lock,) = locks(by_pulumi)
    engine = json.loads(lock.read_text())["pid"]
    time.sleep(random.uniform(3, 20))  # noqa: S311 a moment, no secret
    if fault == "killed":
        os.killpg(engine, signal.SIGKILL)
    else:
        running.send_signal(signal.SIGINT)
    assert running.wait(timeout=60) != 0
    by_pulumi.bicoastal("up")
    assert "0 changes" in by_pulumi.bicoastal("up")
    with by_pulumi.twin.engines(["west"]) as engines:
        left = [secret.name for secret in engines["west"].secrets.list()]
        if "local_made-and-not-known" in left:  # the run ended by itself: nothing was to be taken up
            assert fault == "interrupted"
            engines["west"].secrets.list(filters={"name": "local_made-and-not-known"})[0].remove()


def test_no_credential_is_in_plain_text_in_what_pulumi_keeps_or_says(by_pulumi):
    twin = by_pulumi.twin
    credentials = twin.environment.credentials
    passphrase = (twin.layout.folder / "credentials" / "pulumi-passphrase").read_text()
    hidden = [*credentials.passwords.values(), credentials.rotation_key, passphrase]
    hidden += [pair.key_pem for pair in credentials.certificates.values()]
    forms = [form for secret in hidden for form in (secret, base64.b64encode(secret.encode()).decode())]
    forms += [line for secret in hidden for line in secret.splitlines() if not line.startswith("-----")]
    files = [path for path in (twin.layout.folder / "pulumi").rglob("*") if path.is_file()]
    texts = [path.read_bytes().decode(errors="replace") for path in files] + by_pulumi.said
    assert any("local_postgres-1" in text for text in texts), "the state is among them"
    assert [form[:8] for form in forms if any(form in text for text in texts)] == []


def test_the_projects_own_files_stay_as_they_are(by_pulumi):
    told = subprocess.run(
        ["git", "status", "--porcelain", "--", *TRACKED], cwd=PROJECT, capture_output=True, text=True
    )
    assert "encryptionsalt" not in TRACKED[1].read_text()
    assert told.stdout == ""


def test_another_way_is_refused_and_nothing_changes(applied):
    other = Way.PULUMI if applied.way is Way.STACK_FILES else Way.STACK_FILES
    before = everything(applied)
    result = applied.run("up", applied.name, "--by", other.value)
    assert result.exit_code == 2
    assert f"applied by {applied.way.value}" in result.stderr
    assert everything(applied) == before


def test_an_unknown_place_is_refused(applied):
    result = applied.run("up", applied.name, "--only", "north")
    assert result.exit_code == 2
    assert "the places are: east, west, witness" in result.stderr


def test_all_is_gone_after_down(by_pulumi):
    with closing(by_pulumi.twin.client):
        folder = by_pulumi.twin.layout.folder
    by_pulumi.bicoastal("down")
    assert not folder.exists()
