"""The way from a runner to a manager, among stand-ins for AWS' programs."""

import stat
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
import typer
from typer.testing import CliRunner

from bicoastal.cli import runner as commands
from tests.library.runners import PARAMETERS, SWARM, WAY, aws, connect, engines, forget, published, states


def test_the_proxy_lends_a_key_to_a_manager_and_becomes_a_session_with_it(runner):
    done = runner.run(sys.executable, "-m", "bicoastal.cli", "ssh-proxy", SWARM, *WAY)
    assert done.returncode == 0, done.stderr
    assert done.stdout == "SSH-2.0-host\n"
    lent, probe, session = runner.calls[-3:]
    assert probe.endswith(f" deploy@0.{SWARM} docker node ls --quiet")
    assert lent.startswith("aws ec2-instance-connect send-ssh-public-key --instance-id i-0")
    assert "--instance-os-user deploy" in lent
    assert f"--ssh-public-key file://{runner.home}/.ssh/bicoastal/id_ed25519.pub" in lent
    assert session == (
        "aws ssm start-session --region us-east-1 --target i-0"
        " --document-name AWS-StartSSHSession --parameters portNumber=22"
    )


def test_every_call_of_aws_names_the_region(runner):
    connect(runner)
    calls = [call for call in runner.calls if call.startswith("aws ")]
    assert len(calls) == 4
    assert all("--region us-east-1" in call for call in calls)


def test_join_tokens_are_not_read(runner):
    connect(runner)
    assert (
        f"aws ssm get-parameters-by-path --path {PARAMETERS}/hosts --region us-east-1 --output json"
        in runner.calls
    )


@pytest.mark.parametrize(
    ("break_it", "why"),
    [
        (lambda r: aws(r, online=states(i_0="ConnectionLost", i_1="Online")), "not online: ConnectionLost"),
        (lambda r: aws(r, online=states(i_1="Online")), "not online: unknown"),
        (lambda r: aws(r, refused="i-0"), "AccessDenied"),
        (lambda r: engines(r, _0='echo "Connection closed by UNKNOWN" >&2; exit 255'), "Connection closed"),
        (
            lambda r: engines(r, _0='echo "Cannot connect to the Docker daemon" >&2; exit 1'),
            "Cannot connect to the Docker daemon",
        ),
        (
            lambda r: engines(r, _0='echo "This node is not a swarm manager" >&2; exit 1'),
            "does not answer as a manager: This node is not a swarm manager",
        ),
    ],
    ids=["agent lost", "agent unknown", "key refused", "no sshd", "no dockerd", "no manager"],
)
def test_a_manager_that_is_not_healthy_is_left_out_and_told_of(runner, break_it, why):
    break_it(runner)
    done = connect(runner)
    assert "--target i-1 " in runner.calls[-1]
    assert done.stdout == "SSH-2.0-host\n"
    assert done.stderr.startswith(f"{SWARM}: left out manager 0 (i-0): ")
    assert why in done.stderr


def has_ended(process):
    """Whether it ends within some seconds."""
    for _ in range(50):
        try:
            state = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0]
        except (FileNotFoundError, ProcessLookupError):
            return True
        if state == "Z":
            return True
        time.sleep(0.1)
    return False


def test_a_manager_that_hangs_is_left_out_after_some_seconds(runner):
    session = runner.home / "session"
    engines(runner, _0=f"/bin/sleep 50 & echo $! > {session}; /bin/sleep 50")
    begin = time.monotonic()
    done = connect(runner, limit_s=1)
    assert time.monotonic() - begin < 30
    assert "--target i-1 " in runner.calls[-1]
    assert "manager 0 (i-0): its engine has not answered within 1 s" in done.stderr
    assert has_ended(int(session.read_text())), "what ssh had started went with it"


def test_a_look_trusts_published_keys_alone_and_shares_no_connection(runner):
    connect(runner)
    (look,) = [call for call in runner.calls if call.startswith("ssh ")]
    assert "-o ProxyCommand=aws ssm start-session --region us-east-1 --target i-0 " in look
    for option in ("StrictHostKeyChecking=yes", "IdentitiesOnly=yes", "ControlPath=none", "BatchMode=yes"):
        assert f"-o {option}" in look
    assert f"known_hosts-{SWARM} " in look


def test_connections_that_begin_together_look_once(runner):
    engines(runner, _0="/bin/sleep 1; exit 1")
    with ThreadPoolExecutor() as pool:
        done = [attempt.result() for attempt in [pool.submit(connect, runner) for _ in range(4)]]
    assert [attempt.stdout for attempt in done] == ["SSH-2.0-host\n"] * 4
    assert len([call for call in runner.calls if call.startswith("ssh ")]) == 2
    sessions = [call for call in runner.calls if "start-session --region" in call and call.startswith("aws")]
    assert len(sessions) == 4
    assert all("--target i-1 " in call for call in sessions)


def test_that_nobody_is_healthy_is_remembered_too(runner):
    engines(runner, _0="exit 7", _1="exit 8", _2="exit 9")
    first, second = connect(runner), connect(runner)
    for done in (first, second):
        assert "no manager is healthy" in done.stderr
        assert "manager 2 (i-2): its engine does not answer as a manager: exit code 9" in done.stderr
    assert len([call for call in runner.calls if call.startswith("ssh ")]) == 3


def test_after_some_seconds_a_healthy_manager_is_looked_for_again(runner):
    connect(runner)
    engines(runner, _0="exit 1")
    forget(runner)
    connect(runner)
    assert "--target i-1 " in runner.calls[-1]


def test_a_remembered_manager_that_is_gone_is_looked_for_again(runner):
    connect(runner)
    aws(runner, refused="i-0")
    connect(runner)
    assert "--target i-1 " in runner.calls[-1]


def test_one_manager_is_reached_by_its_number_healthy_or_not(runner):
    engines(runner, _2="exit 1")
    connect(runner, f"2.{SWARM}")
    assert "--target i-2 " in runner.calls[-1]
    assert not [call for call in runner.calls if call.startswith("ssh ")]


def test_what_ssh_does_not_show_is_kept_in_a_file(runner):
    proxy = (sys.executable, "-m", "bicoastal.cli", "ssh-proxy", SWARM, *WAY)
    said = runner.home / ".ssh" / "bicoastal" / f"said-{SWARM}"
    runner.run(*proxy)
    assert not said.exists(), "there was nothing to say"
    forget(runner)
    engines(runner, _0="exit 1", _1="exit 2")
    assert f"{SWARM}: left out manager 0 (i-0)" in runner.run(*proxy).stderr
    assert f"{SWARM}: left out manager 1 (i-1)" in said.read_text()
    runner.remove("aws")
    forget(runner)
    assert runner.run(*proxy).returncode == 1
    assert "aws is not on PATH" in said.read_text()
    assert "left out" not in said.read_text()


def test_a_named_manager_that_cannot_be_reached_is_replaced_by_no_other(runner):
    aws(runner, online=states(i_0="Online"))
    assert f"{SWARM}: manager 2 (i-2): its SSM agent is not online" in connect(runner, f"2.{SWARM}").stderr
    assert f"{SWARM} has no manager 7: none but 0, 1, 2" in connect(runner, f"7.{SWARM}").stderr
    assert not [call for call in runner.calls if "start-session" in call]


def test_the_host_keys_that_hosts_published_are_the_known_ones(runner):
    connect(runner)
    known = runner.home / ".ssh" / "bicoastal" / f"known_hosts-{SWARM}"
    assert known.read_text().splitlines() == [
        f"{SWARM},{number}.{SWARM} {kind}{number}"
        for number in range(3)
        for kind in ("ssh-ed25519 KEY", "ssh-rsa RSA")
    ]


def test_a_replaced_host_is_known_by_its_new_key_alone(runner):
    connect(runner)
    forget(runner)
    aws(runner, managers=published(1), online=states(i_1="Online"))
    connect(runner)
    known = runner.home / ".ssh" / "bicoastal" / f"known_hosts-{SWARM}"
    assert "KEY0" not in known.read_text()
    assert "KEY1" in known.read_text()


def test_the_runners_key_is_made_once_and_its_folder_is_closed_to_others(runner):
    connect(runner)
    connect(runner)
    assert len([call for call in runner.calls if call.startswith("ssh-keygen")]) == 1
    folder = runner.home / ".ssh" / "bicoastal"
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert (folder / "id_ed25519").read_text() == "PRIVATE\n"


def test_connections_that_begin_together_have_one_key(runner):
    making = '/bin/sleep 1; echo $$ > "${@: -1}"; echo "ssh-ed25519 $$" > "${@: -1}.pub"'
    runner.answer("ssh-keygen", making)
    with ThreadPoolExecutor() as pool:
        done = [attempt.result() for attempt in [pool.submit(connect, runner) for _ in range(4)]]
    assert [attempt.returncode for attempt in done] == [0] * 4
    assert len([call for call in runner.calls if call.startswith("ssh-keygen")]) == 1


@pytest.mark.parametrize(
    ("break_it", "says"),
    [
        (lambda r: aws(r, managers='{"Parameters": []}'), "no manager has published itself"),
        (
            lambda r: aws(r, online=states(i_1="ConnectionLost")),
            "manager 1 (i-1): its SSM agent is not online: ConnectionLost",
        ),
        (lambda r: r.remove("ssh"), "ssh is not on PATH; see: bicoastal preflight"),
        (lambda r: r.remove("aws"), "aws is not on PATH; see: bicoastal preflight"),
        (lambda r: r.answer("aws", 'echo "Unable to locate credentials" >&2; exit 253'), "Unable to locate"),
    ],
    ids=["nobody", "offline", "no ssh", "no CLI", "no credentials"],
)
def test_a_swarm_that_cannot_be_reached_is_one_message_on_standard_error(runner, break_it, says):
    break_it(runner)
    app = typer.Typer()
    commands.register(app)
    done = CliRunner().invoke(app, ["ssh-proxy", SWARM, *WAY])
    assert done.exit_code == 1
    assert done.stdout == ""
    assert says in " ".join(done.stderr.split())
    assert isinstance(done.exception, SystemExit)
