"""The way from a runner to a manager, among stand-ins for AWS' programs."""

import json
import os
import shutil
import stat
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
import typer
from typer.testing import CliRunner

from bicoastal.cli import runner as commands
from bicoastal.hosts import EnginesSilent, await_engines, swarm_docker_host, swarm_ssh_options
from bicoastal.hosts.verdict import REMEMBERED_S
from tests.library.programs import Programs

PARAMETERS = "/bicoastal/production/east"
PROXY = (
    "import sys; from bicoastal.hosts import ssh_proxy; ssh_proxy.PROBE_LIMIT_S = {limit_s}; "
    "ssh_proxy.open_session(*sys.argv[1:], lambda text: print(text, file=sys.stderr))"
)
WAY = ("--region", "us-east-1", "--parameters", PARAMETERS, "--user", "deploy")
SWARM = "east.production"


def published(*managers):
    entries = [
        {
            "Name": f"{PARAMETERS}/hosts/{number}",
            "Value": f"i-{number}\nssh-ed25519 KEY{number}\nssh-rsa RSA{number}\n",
        }
        for number in managers
    ]
    return json.dumps({"Parameters": entries})


def states(**by_instance):
    entries = [
        {"InstanceId": key.replace("_", "-"), "PingStatus": state} for key, state in by_instance.items()
    ]
    return json.dumps({"InstanceInformationList": entries})


ALL_ONLINE = states(i_0="Online", i_1="Online", i_2="Online")


@pytest.fixture
def runner(monkeypatch):
    """A runner of its own, with a home whose path is as short as a user's."""
    with TemporaryDirectory(dir="/tmp") as folder:
        programs = Programs(Path(folder))
        monkeypatch.setenv("PATH", str(programs.folder))
        monkeypatch.setenv("HOME", str(programs.home))
        equip(programs)
        yield programs


def equip(programs):
    programs.answer("ssh-keygen", 'echo PRIVATE > "${@: -1}"; echo "ssh-ed25519 OURS" > "${@: -1}.pub"')
    aws(programs)
    engines(programs)
    return programs


def engines(programs, **broken):
    """What ssh finds: all engines answer as managers, but for those of these numbers (`_0="exit 1"`)."""
    cases = "".join(f"*{number[1:]}.{SWARM}*) {body};; " for number, body in broken.items())
    programs.answer("ssh", f'case "$*" in {cases} *) echo id-of-a-node;; esac')


def aws(programs, managers=None, online=ALL_ONLINE, refused=""):
    """AWS' command: these managers have published themselves, these are online, one refuses the key."""
    programs.answer(
        "aws",
        f"""case "$*" in
          *get-parameters-by-path*) echo '{managers or published(0, 1, 2)}';;
          *describe-instance-information*) echo '{online}';;
          *send-ssh-public-key*--instance-id\\ {refused or "none"}*) echo "AccessDenied" >&2; exit 254;;
          *send-ssh-public-key*) echo '{{"Success": true}}';;
          *start-session*) echo "SSH-2.0-host";;
        esac""",
    )


def connect(runner, target=SWARM, limit_s=30):
    """What ssh starts, without the command's own start: this process would become the session."""
    return runner.run(
        sys.executable, "-c", PROXY.format(limit_s=limit_s), target, "us-east-1", PARAMETERS, "deploy"
    )


def forget(runner):
    """Let the time pass in which a look is remembered."""
    past = time.time() - REMEMBERED_S
    os.utime(runner.home / ".ssh" / "bicoastal" / f"healthy-{SWARM}", (past, past))


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


def options(**own):
    words = swarm_ssh_options("production", "east", "us-east-1", **own)
    assert words[::2] == ["-o"] * (len(words) // 2)
    return dict(word.split("=", 1) for word in words[1::2])


def test_the_options_share_connections_and_trust_published_keys_alone():
    given = options()
    assert given["ProxyCommand"] == f"bicoastal ssh-proxy {SWARM} " + " ".join(WAY)
    assert (given["ControlMaster"], given["ControlPersist"]) == ("auto", "60s")
    assert given["StrictHostKeyChecking"] == "yes"
    assert given["UserKnownHostsFile"] == f"${{HOME}}/.ssh/bicoastal/known_hosts-{SWARM}"
    assert given["GlobalKnownHostsFile"] == "/dev/null"
    assert swarm_docker_host("production", "east") == f"ssh://deploy@{SWARM}"


def test_the_options_can_reach_one_manager():
    assert options(host=1)["ProxyCommand"].startswith(f"bicoastal ssh-proxy 1.{SWARM} ")


def test_the_options_are_the_same_on_every_runner(monkeypatch, tmp_path):
    before = options()
    monkeypatch.setenv("HOME", str(tmp_path))
    assert options() == before


@pytest.mark.skipif(shutil.which("ssh") is None, reason="no ssh on this machine")
def test_ssh_takes_the_options(tmp_path):
    words = ["ssh", *swarm_ssh_options("production", "east", "us-east-1"), "-G", f"deploy@{SWARM}"]
    environment = {**os.environ, "HOME": str(tmp_path)}
    told = subprocess.run(words, env=environment, capture_output=True, text=True, check=True).stdout
    assert "controlmaster auto" in told
    assert "stricthostkeychecking true" in told
    assert f"userknownhostsfile {tmp_path}/.ssh/bicoastal/known_hosts-{SWARM}" in told
    assert f"proxycommand bicoastal ssh-proxy {SWARM}" in told


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
