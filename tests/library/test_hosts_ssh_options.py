"""What ssh is told of the way to a Swarm."""

import os
import shutil
import subprocess

import pytest

from bicoastal.hosts import swarm_docker_host, swarm_ssh_options
from tests.library.runners import SWARM, WAY


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
