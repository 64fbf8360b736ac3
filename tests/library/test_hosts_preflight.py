"""What a runner is looked over for before it reaches hosts."""

import pytest
import typer
from typer.testing import CliRunner

from bicoastal.cli import runner as commands


def preflight(*words):
    """The command's exit code and what it printed."""
    app = typer.Typer()
    commands.register(app)
    done = CliRunner().invoke(app, ["preflight", *words])
    return done.exit_code, done.stdout


@pytest.fixture
def complete(runner):
    """A runner that lacks nothing."""
    runner.answer("ssh", 'echo "OpenSSH_9.9p1" >&2')
    runner.answer("bicoastal")
    runner.answer("pulumi", "echo v3.270.0")
    runner.answer("session-manager-plugin", "echo 1.2.7")
    runner.answer(
        "aws",
        """case "$*" in
          --version) echo "aws-cli/2.23.6 Python/3.13 Linux/6.12";;
          "configure list") echo "access_key     ****************ABCD shared-credentials-file";;
          *get-caller-identity*) exit 0;;
        esac""",
    )
    return runner


def test_a_complete_runner_passes_and_nothing_is_sent(complete):
    code, told = preflight()
    assert code == 0, told
    assert "missing" not in told
    assert [call for call in complete.calls if "sts" in call] == []


@pytest.mark.parametrize(
    ("break_it", "named", "fix"),
    [
        (lambda r: r.remove("ssh"), "ssh", "openssh-client"),
        (lambda r: r.remove("ssh-keygen"), "ssh-keygen", "openssh-client"),
        (lambda r: r.remove("bicoastal"), "bicoastal", "on PATH"),
        (lambda r: r.remove("session-manager-plugin"), "session-manager-plugin", "Session Manager plugin"),
        (lambda r: r.remove("pulumi"), "pulumi", "https://www.pulumi.com/docs/install"),
        (
            lambda r: r.answer("aws", 'echo "aws-cli/2.23.6"; echo "access_key <not set> None"'),
            "credentials",
            "aws sso login",
        ),
    ],
    ids=["ssh", "ssh-keygen", "bicoastal", "plugin", "pulumi", "credentials"],
)
def test_what_is_missing_is_named_with_its_fix(complete, break_it, named, fix):
    break_it(complete)
    code, told = preflight()
    assert code == 1
    lines = told.splitlines()
    (at,) = [number for number, line in enumerate(lines) if line.startswith("missing")]
    assert lines[at].startswith(f"missing {named}: ")
    assert fix in lines[at + 1]


@pytest.mark.parametrize(
    ("name", "says", "told", "fix"),
    [
        ("pulumi", "echo v3.99.0", "v3.99.0, needed: 3.270 or newer", "https://www.pulumi.com/docs/install"),
        (
            "aws",
            'echo "aws-cli/1.45.11 Python/3.13"; echo "access_key ****ABCD env"',
            "aws-cli/1.45.11 Python/3.13, needed: 2.0 or newer",
            "version 2 of the AWS CLI",
        ),
    ],
)
def test_what_is_too_old_is_not_called_missing(complete, name, says, told, fix):
    complete.answer(name, says)
    code, lines = preflight()
    assert code == 1
    assert f"too old {name}: {complete.folder / name} {told}\n        fix: install" in lines
    assert fix in lines
    assert "missing" not in lines


def test_a_home_too_deep_for_a_socket_is_found_before_ssh_fails(complete, monkeypatch):
    monkeypatch.setenv("HOME", str(complete.home / ("d" * 60)))
    code, told = preflight()
    assert code == 1
    assert "missing room for ssh's sockets" in told


def test_a_region_is_asked_when_it_is_named(complete):
    assert preflight("--region", "us-west-2")[0] == 0
    assert "aws sts get-caller-identity --region us-west-2 --output text" in complete.calls
    refused = 'echo "Could not connect" >&2; exit 255'
    complete.answer("aws", f'case "$*" in *sts*) {refused};; esac; echo "aws-cli/2.1"')
    assert "missing region us-west-2: Could not connect" in preflight("--region", "us-west-2")[1]
