"""Applying by the Pulumi engine, with a stand-in for the program `pulumi`."""

import json
import os
import shutil
import subprocess
import sys
import time
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import yaml

from bicoastal.twin.apply import ApplyFailed, find_pulumi
from bicoastal.twin.apply.by_pulumi import pulumi_up
from bicoastal.twin.apply.pulumi_program import PulumiProgram
from bicoastal.twin.environment import Environment
from bicoastal.twin.layout import TwinLayout
from bicoastal.twin.project import Project

ROOT = Path(__file__).parents[2]
LOCKS = "pulumi/state/.pulumi/locks/organization/smellpin/local"


class Pulumi:
    """The stand-in, and how it was called."""

    def __init__(self, folder):
        self._folder = folder
        source = Path(__file__).with_name("pulumi_stand_in.py").read_text()
        self.program = folder / "pulumi"
        self.program.write_text(source.replace("/usr/bin/env python3", sys.executable, 1))
        self.program.chmod(0o755)
        self.answer()

    def answer(self, **answers):
        (self._folder / "answers.json").write_text(json.dumps(answers))

    @property
    def calls(self):
        return [json.loads(line) for line in (self._folder / "calls").read_text().splitlines()]

    @property
    def up(self):
        return next(call for call in self.calls if call["words"][0] == "up")


class Engine:
    """A place's engine that has these objects."""

    def __init__(self, services=(), configs=(), secrets=(), networks=()):
        self.removed = []
        self._found = {"service": services, "config": configs, "secret": secrets, "network": networks}

    @property
    def api(self):
        return self

    def __getattr__(self, name):
        kind = name.removeprefix("remove_").removesuffix("s")
        if name.startswith("remove_"):
            return self.removed.append
        return lambda filters=None: self._found[kind]


@pytest.fixture
def pulumi(tmp_path, monkeypatch):
    stand_in = Pulumi(tmp_path)
    monkeypatch.setenv("PULUMI_BIN", str(stand_in.program))
    monkeypatch.setenv("PULUMI_CONFIG_PASSPHRASE", "a passphrase of somebody's own")
    return stand_in


@pytest.fixture(scope="module")
def twins(tmp_path_factory):
    """A twin's declaration and credentials, which are made once."""
    layout = TwinLayout.named("local", tmp_path_factory.mktemp("project"))
    return Environment(Project.find(ROOT), layout, {})


@pytest.fixture
def environment(twins, monkeypatch):
    monkeypatch.setattr("bicoastal.twin.apply.stack_config.ITERATIONS", 1)
    yield twins
    shutil.rmtree(twins.layout.folder / "pulumi", ignore_errors=True)


ENGINES = {"east": Engine(), "west": Engine(), "witness": Engine()}


def apply(environment, engines=ENGINES, told=None):
    said = [] if told is None else told
    return pulumi_up(find_pulumi(), environment, engines, lambda what, state: said.append((what, state)))


def lock(environment, process, at=None):
    """As the engine writes it: nanoseconds, in UTC."""
    at = at or datetime.now(UTC)
    folder = environment.layout.folder / LOCKS
    folder.mkdir(parents=True)
    (folder / "a.json").write_text(
        json.dumps({"pid": process, "timestamp": f"{at:%Y-%m-%dT%H:%M:%S.%f}123Z"})
    )


def test_no_secret_is_among_the_arguments_or_in_the_environment(pulumi, environment):
    apply(environment)
    credentials = environment.credentials
    hidden = [*credentials.passwords.values(), credentials.rotation_key]
    hidden += [pair.key_pem.splitlines()[1] for pair in credentials.certificates.values()]
    hidden += [(environment.layout.folder / "credentials" / "pulumi-passphrase").read_text()]
    everything = json.dumps(pulumi.calls)
    assert [secret for secret in hidden if secret in everything] == []


def test_the_engine_runs_the_project_with_a_backend_a_home_and_a_configuration_in_the_twins_folder(
    pulumi, environment
):
    before = (ROOT / "Pulumi.local.yaml").read_bytes()
    apply(environment)
    ours = environment.layout.folder / "pulumi"
    called = pulumi.up
    assert called["folder"] == str(ROOT)
    assert called["environment"]["PULUMI_BACKEND_URL"] == f"file://{ours}/state"
    assert called["environment"]["PULUMI_HOME"] == f"{ours}/home"
    assert "PULUMI_CONFIG_PASSPHRASE" not in called["environment"]
    passphrase = Path(called["environment"]["PULUMI_CONFIG_PASSPHRASE_FILE"])
    assert passphrase.stat().st_mode & 0o777 == 0o600
    words = called["words"]
    assert words[words.index("--config-file") + 1] == f"{ours}/Pulumi.local.yaml"
    assert (ROOT / "Pulumi.local.yaml").read_bytes() == before


def test_the_stack_is_made_once_and_away_from_the_projects_files(pulumi, environment):
    apply(environment)
    apply(environment)
    made = [call for call in pulumi.calls if call["words"][:2] == ["stack", "init"]]
    assert [call["folder"] for call in made] == [str(environment.layout.folder / "pulumi")]


def test_a_failed_run_is_told_in_the_engines_own_words(pulumi, environment):
    event = {
        "diagnosticEvent": {"severity": "error", "message": "no such image\n", "urn": "urn::it-east-api"}
    }
    pulumi.answer(code=255, events=[event])
    with pytest.raises(ApplyFailed, match="it-east-api: no such image"):
        apply(environment)


def test_a_place_that_is_left_out_is_excluded_and_nobody_else(pulumi, environment):
    apply(environment, {"west": Engine(), "witness": Engine()})
    words = pulumi.up["words"]
    excluded = [words[at + 1] for at, word in enumerate(words) if word == "--exclude"]
    assert excluded == ["**::*-east", "**::*-east-*"]


def test_a_run_that_ended_by_itself_is_not_refreshed(pulumi, environment):
    apply(environment)
    assert "--refresh" not in pulumi.up["words"]


def test_a_run_that_was_killed_is_unlocked_refreshed_and_rid_of_what_the_state_does_not_know(
    pulumi, environment
):
    gone = subprocess.Popen([sys.executable, "-c", ""])
    gone.wait()
    lock(environment, gone.pid)
    known = {"ID": "known", "Spec": {"Name": "local_api"}}
    unknown = {"ID": "unknown", "Spec": {"Name": "local_new"}}
    strange = {"ID": "strange", "Spec": {"Name": "somebodys"}}
    network = {"Id": "ingress", "Name": "ingress"}
    east = Engine(services=[known, unknown, strange], secrets=[unknown], networks=[network])
    pulumi.answer(deployment={"resources": [{"id": "known"}, {"urn": "a component"}]})
    said = []
    apply(environment, {**ENGINES, "east": east}, said)
    assert east.removed == ["unknown", "unknown"]
    assert "--refresh" in pulumi.up["words"]
    assert ["cancel", "--yes"] in [call["words"][:2] for call in pulumi.calls]
    assert ("pulumi", "takes up a run that did not come to its end") in said


def test_operations_that_are_still_pending_are_taken_up_without_a_lock_too(pulumi, environment):
    pulumi.answer(deployment={"pending_operations": [{"type": "creating"}]})
    apply(environment)
    assert "--refresh" in pulumi.up["words"]
    assert "cancel" not in [call["words"][0] for call in pulumi.calls]


def test_a_run_that_goes_on_is_not_disturbed(pulumi, environment, tmp_path, monkeypatch):
    monkeypatch.setattr("bicoastal.twin.apply.recovery.WAIT_S", 0.5)
    lock(environment, os.getpid())
    with pytest.raises(ApplyFailed, match=rf"another run is at work.*process {os.getpid()} since 2"):
        apply(environment)
    assert not (tmp_path / "calls").exists()


def test_another_process_that_has_the_number_of_a_dead_run_since_does_not_hold_it_up(pulumi, environment):
    lock(environment, os.getpid(), at=datetime.now(UTC) - timedelta(days=1))
    apply(environment)
    assert "--refresh" in pulumi.up["words"]


def test_ctrl_c_ends_the_engine_even_if_it_does_not_listen(pulumi, environment, tmp_path, monkeypatch):
    monkeypatch.setattr("bicoastal.twin.apply.pulumi_program.PATIENCE_S", 0.2)
    pulumi.answer(ignores_interrupts=True)
    program = PulumiProgram(str(pulumi.program), environment.project, tmp_path / "p", tmp_path / "secret")
    program.prepare()

    def interrupted(line):
        raise KeyboardInterrupt

    began = time.monotonic()
    with pytest.raises(KeyboardInterrupt):
        program.up(interrupted)
    assert time.monotonic() - began < 20


def rollout_of(environment):
    written = yaml.safe_load((environment.layout.folder / "pulumi" / "Pulumi.local.yaml").read_text())
    return written["config"]["smellpin:settings"].get("rollout")


def test_what_nobody_uses_yet_is_made_at_once_and_changed_in_turn(pulumi, environment):
    apply(environment)
    assert rollout_of(environment) == "at_once"
    pulumi.answer(deployment={"resources": [{"id": "known"}]})
    apply(environment)
    assert rollout_of(environment) is None


def test_a_rollout_that_the_settings_name_is_kept_at_the_first_time_too(pulumi, environment):
    apply(replace(environment, choices={"rollout": "in_turn"}))
    assert rollout_of(environment) == "in_turn"


def test_the_users_plugins_are_found(pulumi, environment, tmp_path, monkeypatch):
    users = tmp_path / "users"
    (users / "plugins" / "resource-docker-v5.0.0").mkdir(parents=True)
    monkeypatch.setenv("PULUMI_HOME", str(users))
    apply(environment)
    home = environment.layout.folder / "pulumi" / "home"
    assert (home / "plugins" / "resource-docker-v5.0.0").is_dir()
