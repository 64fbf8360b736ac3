"""What a new machine is told, and what it does then: the scripts themselves, among stand-ins for programs."""

import json
import shutil
import subprocess

import pytest
import yaml

from bicoastal.checks.hosts import USER_DATA_LIMIT
from bicoastal.hosts.user_data import VOLUME_STAND_IN
from bicoastal.twin.twin import DAEMON_JSON
from tests.library.first_boot import MANAGERS, files, told
from tests.library.programs import Programs

TOKEN = "SWMTKN-1-of-managers"
LIVING = "docker node ls"

VARIANTS = {
    "first manager": told(),
    "manager with a volume": told(1, volume=VOLUME_STAND_IN, key="arn:aws:kms:us-east-1:1:key/1"),
    "worker": told(None),
    "with a setup": told(2, setup="#!/bin/bash\n\n\tif true; then\n\techo 'a: \"b\" #c'\nfi\n"),
}


@pytest.mark.parametrize("variant", VARIANTS)
def test_cloud_init_reads_it(variant):
    text = VARIANTS[variant]
    assert text.startswith("#cloud-config\n")
    assert isinstance(yaml.safe_load(text), dict)
    assert len(text.encode()) < USER_DATA_LIMIT


@pytest.mark.parametrize("variant", VARIANTS)
def test_bash_reads_every_script(variant):
    scripts = [f["content"] for f in files(VARIANTS[variant]).values() if f.get("permissions") == "0755"]
    assert len(scripts) >= 2
    for script in scripts:
        assert script.startswith("#!")
        subprocess.run(["bash", "-n"], input=script, text=True, check=True, capture_output=True)


@pytest.mark.skipif(shutil.which("shellcheck") is None, reason="no shellcheck on this machine")
@pytest.mark.parametrize("script", ["host", "keys", "prune"])
def test_shellcheck_warns_of_nothing(script):
    text = files(told())[f"/usr/libexec/bicoastal/{script}"]["content"]
    words = ["shellcheck", "--severity=warning", "-"]
    done = subprocess.run(words, input=text, text=True, capture_output=True, check=False)
    assert done.returncode == 0, done.stdout


def test_a_setup_comes_out_as_it_went_in():
    setup = files(VARIANTS["with a setup"])["/usr/libexec/bicoastal/setup"]["content"]
    assert setup == "#!/bin/bash\n\n\tif true; then\n\techo 'a: \"b\" #c'\nfi\n"


def test_the_engine_is_set_as_in_the_twin_and_labelled_with_the_hosts_number():
    engine = json.loads(files(told(2))["/etc/docker/daemon.json"]["content"])
    assert engine == {**json.loads(DAEMON_JSON.read_text()), "labels": ["host=2"]}
    assert engine["no-new-privileges"] is True


def test_a_worker_has_no_number_and_is_found_as_a_worker():
    engine = json.loads(files(told(None))["/etc/docker/daemon.json"]["content"])
    assert engine == {**json.loads(DAEMON_JSON.read_text()), "labels": ["role=worker"]}


def test_docker_does_not_start_without_its_data_volume():
    drop_in = files(told(0, volume=VOLUME_STAND_IN))["/etc/systemd/system/docker.service.d/bicoastal.conf"]
    assert "AssertPathIsMountPoint=/var/lib/docker/volumes" in drop_in["content"]
    assert not [path for path in files(told()) if "docker.service.d" in path]


def test_sshd_listens_to_the_host_itself_and_takes_many_connections():
    sshd = files(told())["/etc/ssh/sshd_config.d/bicoastal.conf"]["content"]
    assert [line for line in sshd.splitlines() if line.startswith("ListenAddress")] == [
        "ListenAddress 127.0.0.1",
        "ListenAddress ::1",
    ]
    for line in ("MaxStartups 100:30:200", "MaxSessions 100", "AuthorizedKeysFile none"):
        assert line in sshd.splitlines()


def test_security_upgrades_come_by_themselves_and_restart_neither_host_nor_engine():
    apt = files(told())["/etc/apt/apt.conf.d/60bicoastal"]["content"]
    assert 'APT::Periodic::Unattended-Upgrade "1";' in apt
    assert 'Unattended-Upgrade::Automatic-Reboot "false";' in apt
    assert '"docker.io"' in apt


def test_a_worker_leaves_the_swarm_when_it_is_taken_away_and_a_manager_never():
    unit = "/etc/systemd/system/bicoastal-host.service"
    assert "ExecStop=/usr/bin/docker swarm leave" in files(told(None))[unit]["content"]
    assert "ExecStop" not in files(told())[unit]["content"]


def test_managers_alone_look_every_hour_for_workers_that_are_gone():
    manager, worker = told(), told(None)
    units = ("service", "timer")
    assert {f"/etc/systemd/system/bicoastal-prune.{unit}" for unit in units} <= set(files(manager))
    assert "systemctl enable --now bicoastal-prune.timer" in yaml.safe_load(manager)["runcmd"]
    assert "prune" not in worker


class Machine:
    """A new machine: its disk is a folder, its programs are stand-ins."""

    def __init__(self, folder):
        self.folder = folder
        self.programs = Programs(folder)
        self.device = folder / "disk" / VOLUME_STAND_IN.replace("-", "")
        (folder / "disk").mkdir()
        (folder / "ssh").mkdir()
        (folder / "ssh" / "ssh_host_ed25519_key.pub").write_text("ssh-ed25519 HOSTKEY root@new\n")
        (folder / "fstab").touch()
        (folder / "parameters").mkdir()
        answer = self.programs.answer
        for name in ("apt-get", "systemctl", "dpkg-query", "mkfs.ext4", "mount", "resize2fs", "sleep"):
            answer(name)
        answer("hostname", "echo production-east-0")
        answer("cloud-init", "echo i-0abc")
        answer("mountpoint", "exit 1")
        self.swarm("inactive")
        answer("aws", self._parameter_store())

    def _parameter_store(self):
        store = self.folder / "parameters"
        return f"""
            while [ $# -gt 0 ]; do
              case $1 in --name) name=${{2//\\//_}};; --value) value=${{2#file://}};; esac
              verb="$verb $1"; shift
            done
            case $verb in
              *get-parameter*) cat "{store}/$name" 2> /dev/null && exit
                echo "An error occurred (ParameterNotFound)" >&2; exit 254;;
              *put-parameter*) cat "$value" > "{store}/$name";;
            esac"""

    def swarm(self, state, *, joins=0, nodes=""):
        self.programs.answer(
            "docker",
            f"""case "$*" in
              info*) echo {state};;
              "swarm join-token --quiet"*) echo "SWMTKN-1-of-$4s";;
              "swarm join"*) exit {joins};;
              "node ls"*) printf '{nodes}';;
            esac""",
        )

    def parameter(self, name, value=None):
        path = self.folder / "parameters" / f"/bicoastal/production/east/{name}".replace("/", "_")
        if value is not None:
            path.write_text(value)
        return path.read_text() if path.exists() else None

    def boot(self, **own):
        """Run the script as cloud-init writes it, with this machine's folders for the system's."""
        written = files(told(**own))
        facts = self.folder / "facts"
        facts.write_text(written["/etc/bicoastal/host"]["content"])
        script = written["/usr/libexec/bicoastal/host"]["content"]
        places = {
            "/etc/bicoastal/host": facts,
            "/run/bicoastal": self.folder / "run",
            "/dev/disk/by-id/nvme-Amazon_Elastic_Block_Store_": f"{self.folder}/disk/",
            "/var/lib/docker": self.folder / "docker",
            "/etc/fstab": self.folder / "fstab",
            "/etc/ssh": self.folder / "ssh",
            "/usr/libexec/bicoastal/setup": self.folder / "setup",
            "/var/lib/bicoastal-setup": self.folder / "setup-done",
            "[ -b ": "[ -e ",  # a file stands for the block device
        }
        for theirs, ours in places.items():
            assert theirs in script
            script = script.replace(theirs, str(ours))
        path = self.folder / "host.sh"
        path.write_text(script)
        return self.programs.run("bash", str(path))

    def called(self, begin):
        return [call for call in self.programs.calls if call.startswith(begin)]


@pytest.fixture
def machine(tmp_path):
    return Machine(tmp_path)


def test_the_first_manager_begins_the_swarm_and_publishes_the_tokens(machine):
    done = machine.boot()
    assert done.returncode == 0, done.stderr
    (begun,) = machine.called("docker swarm init")
    assert "--advertise-addr 10.1.0.10" in begun
    assert "--default-addr-pool 10.0.0.0/16" in begun, "the range that no place may be in"
    assert machine.parameter("join/manager") == "SWMTKN-1-of-managers"
    assert machine.parameter("join/worker") == "SWMTKN-1-of-workers"
    tokens = [call for call in machine.called("aws ssm put-parameter") if "join/" in call]
    assert len(tokens) == 2
    assert all("--type SecureString" in call for call in tokens)


def test_no_token_is_ever_on_a_command_line_that_publishes_it(machine):
    machine.boot()
    assert not [call for call in machine.called("aws") if "SWMTKN" in call]


def test_a_manager_publishes_who_it_is_once_it_is_in_the_swarm(machine):
    machine.boot()
    assert machine.parameter("hosts/0").split("\n")[:2] == ["i-0abc", "ssh-ed25519 HOSTKEY"]
    assert not (machine.folder / "run" / "value").exists()


def test_the_others_wait_until_there_is_a_token(machine):
    done = machine.boot(number=1)
    assert done.returncode != 0
    assert "published no token yet" in done.stderr
    assert machine.called("docker swarm") == []
    assert machine.parameter("hosts/1") is None


def test_the_others_join_the_first_manager_that_takes_them(machine):
    machine.parameter("join/manager", TOKEN)
    assert machine.boot(number=1).returncode == 0
    assert machine.called("docker swarm") == [
        f"docker swarm join --token {TOKEN} --advertise-addr 10.1.0.11 10.1.0.10:2377"
    ]


def test_a_worker_joins_with_its_own_token_and_publishes_nothing(machine):
    machine.parameter("join/worker", "SWMTKN-1-of-workers")
    assert machine.boot(number=None).returncode == 0
    assert machine.called("docker swarm") == ["docker swarm join --token SWMTKN-1-of-workers 10.1.0.10:2377"]
    assert machine.called("aws ssm put-parameter") == []


def test_a_new_first_manager_joins_the_swarm_that_there_is(machine):
    machine.parameter("join/manager", TOKEN)
    assert machine.boot().returncode == 0
    assert machine.called("docker swarm init") == []
    assert f"docker swarm join --token {TOKEN} --advertise-addr 10.1.0.10 10.1.0.11:2377" in machine.called(
        "docker swarm join"
    )


def test_a_new_first_manager_begins_no_second_swarm_when_none_answers(machine):
    machine.parameter("join/manager", TOKEN)
    machine.swarm("inactive", joins=1)
    done = machine.boot()
    assert done.returncode != 0
    assert "/bicoastal/production/east/join/manager" in done.stderr
    assert machine.called("docker swarm init") == []
    assert machine.parameter("join/manager") == TOKEN


def test_a_parameter_store_that_does_not_answer_is_not_taken_for_an_empty_one(machine):
    machine.programs.answer("aws", 'echo "Could not connect to the endpoint URL" >&2; exit 255')
    done = machine.boot()
    assert done.returncode != 0
    assert "Could not connect" in done.stderr
    assert machine.called("docker swarm init") == []


def test_the_only_manager_begins_anew_when_it_was_replaced(machine):
    machine.parameter("join/manager", TOKEN)
    assert machine.boot(managers=MANAGERS[:1]).returncode == 0
    assert len(machine.called("docker swarm init")) == 1


@pytest.mark.parametrize("state", ["pending", "locked", "error"])
def test_a_host_that_waits_for_its_swarm_does_not_leave_it(machine, state):
    machine.swarm(state)
    done = machine.boot()
    assert done.returncode != 0
    assert machine.called("docker swarm") == []


def test_a_host_that_is_in_its_swarm_stays_as_it_is(machine):
    machine.swarm("active")
    assert machine.boot().returncode == 0
    assert [c for c in machine.called("docker swarm") if "join-token" not in c] == []


def test_a_replaced_manager_no_longer_counts_in_the_quorum(machine):
    machine.parameter("join/manager", TOKEN)
    nodes = r"old production-east-0 Down\nnew production-east-0 Ready\nother production-east-1 Down\n"
    machine.swarm("inactive", nodes=nodes)
    assert machine.boot().returncode == 0
    assert machine.called("docker node demote") == ["docker node demote old"]
    assert machine.called("docker node rm") == ["docker node rm --force old"]


def test_a_blank_volume_is_formatted_and_mounted_before_docker_is_installed(machine):
    machine.device.write_bytes(bytes(2 << 20))
    probed = machine.folder / "probed"
    machine.programs.answer(
        "blkid",
        f'case "$*" in *UUID*) echo 1-2-3; exit;; esac; [ -e {probed} ] || {{ touch {probed}; exit 2; }}',
    )
    done = machine.boot(volume=VOLUME_STAND_IN)
    assert done.returncode == 0, done.stderr
    calls = machine.programs.calls
    assert machine.called("mkfs.ext4") == [f"mkfs.ext4 -q {machine.device}"]
    assert "UUID=1-2-3" in (machine.folder / "fstab").read_text()
    mounted = calls.index(f"mount {machine.folder}/docker/volumes")
    assert mounted < next(i for i, call in enumerate(calls) if "docker.io" in call)


def test_a_volume_that_holds_a_filesystem_is_mounted_as_it_is(machine):
    machine.device.write_bytes(bytes(2 << 20))
    machine.programs.answer("blkid", 'case "$*" in *UUID*) echo 1-2-3;; esac')
    assert machine.boot(volume=VOLUME_STAND_IN).returncode == 0
    assert machine.called("mkfs.ext4") == []
    assert len(machine.called("mount ")) == 1


def test_a_volume_that_is_not_blank_is_never_formatted(machine):
    machine.device.write_bytes(bytes(4096) + b"data" + bytes(2 << 20))
    machine.programs.answer("blkid", "exit 2")
    done = machine.boot(volume=VOLUME_STAND_IN)
    assert done.returncode != 0
    assert "no filesystem" in done.stderr
    assert machine.called("mkfs.ext4") == []


def test_a_volume_of_which_nothing_is_certain_is_never_formatted(machine):
    machine.device.write_bytes(bytes(2 << 20))
    machine.programs.answer("blkid", "exit 8")
    assert machine.boot(volume=VOLUME_STAND_IN).returncode != 0
    assert machine.called("mkfs.ext4") == []


def test_docker_waits_for_a_volume_that_is_not_attached(machine):
    done = machine.boot(volume=VOLUME_STAND_IN)
    assert "is not attached" in done.stderr
    assert machine.called("systemctl enable --now docker") == []


def test_a_setup_runs_once(machine):
    ran = machine.folder / "ran"
    setup = machine.folder / "setup"
    setup.write_text(f"#!/bin/bash\necho x >> {ran}\n")
    setup.chmod(0o755)
    machine.boot()
    machine.boot()
    assert ran.read_text() == "x\n"
