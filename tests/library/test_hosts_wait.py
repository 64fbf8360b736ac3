"""The wait until a place's engines answer: a run's own, and a person's."""

import pytest
import typer
from typer.testing import CliRunner

from bicoastal.cli import runner as commands
from bicoastal.hosts import EnginesSilent, await_engines
from tests.library.runners import SWARM, WAY


class Clock:
    """Time that passes only while somebody sleeps."""

    def __init__(self):
        self.now = 0.0

    def sleep(self, seconds):
        self.now += seconds


@pytest.fixture
def wait(runner):
    """Wait for three managers on a PATH of stand-ins: what was said, and the seconds that it took."""

    def waits(limit_s, ssh):
        runner.answer("ssh", ssh)
        clock, said = Clock(), []
        try:
            await_engines(
                SWARM, ["-o", "A=b"], 3, limit_s, said.append, clock=lambda: clock.now, sleep=clock.sleep
            )
        finally:
            waits.said = said
        return clock.now

    return waits


def test_the_wait_ends_when_all_managers_are_reached(runner, wait):
    counter = runner.home / "count"
    all_of_them = "echo Leader; echo Reachable; echo Reachable"
    ssh = (
        f'echo >> {counter}; wc=$(grep -c "" {counter}); [ $wc -lt 3 ] && echo Leader || {{ {all_of_them}; }}'
    )
    assert wait(900, ssh) == 20
    assert runner.calls[0] == (
        f"ssh -o ControlMaster=no -o ControlPath=none -o A=b deploy@{SWARM}"
        " docker node ls --filter role=manager --format '{{.ManagerStatus}}'"
    )


def test_a_manager_that_is_counted_and_not_reached_is_waited_for(wait):
    with pytest.raises(EnginesSilent, match="3 managers and 1 that it does not reach after 30 s"):
        wait(30, "echo Leader; echo Unreachable; echo Reachable; echo Reachable")


def test_the_wait_says_what_it_waits_for(wait):
    with pytest.raises(EnginesSilent):
        wait(65, 'echo "kex: Connection closed" >&2; exit 255')
    assert [line.partition("(")[0] for line in wait.said] == [
        f"{SWARM}: waits for the engines, 0 of at most 65 s ",
        f"{SWARM}: waits for the engines, 30 of at most 65 s ",
        f"{SWARM}: waits for the engines, 60 of at most 65 s ",
    ]
    assert "Connection closed" in wait.said[0]


def test_the_wait_has_a_limit_and_ends_with_what_to_do(wait):
    with pytest.raises(EnginesSilent, match=r"1 managers after 60 s.*journalctl -u bicoastal-host"):
        wait(60, "echo Leader")


def await_engines_of(swarm, *words):
    """The command's exit code and all that it said."""
    app = typer.Typer()
    commands.register(app)
    done = CliRunner().invoke(app, ["await-engines", swarm, "--region", "us-east-1", *words])
    return done.exit_code, done.output


def test_a_person_can_wait_for_the_engines_after_a_reboot(runner):
    runner.answer("ssh", "echo Leader; echo Reachable; echo Reachable")
    assert await_engines_of(SWARM) == (0, f"{SWARM} reaches all its 3 managers\n")
    (call,) = [call for call in runner.calls if call.startswith("ssh ")]
    assert f"bicoastal ssh-proxy {SWARM} {' '.join(WAY)} " in call
    runner.answer("ssh", "echo Leader")
    assert await_engines_of(SWARM, "--managers", "1")[0] == 0


def test_a_wait_of_a_person_ends_with_what_is_missing(runner):
    runner.answer("ssh", "echo Leader; echo Unreachable; echo Reachable")
    code, said = await_engines_of(SWARM, "--limit", "0")
    assert code == 1
    assert "2 managers and 1 that it does not reach after 0 s" in said
    assert await_engines_of("east")[0] == 2
