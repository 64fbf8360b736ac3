"""How a place's Swarm is named by whoever reaches it over SSH, and the options that make it reachable."""

import shlex
from collections.abc import Mapping
from pathlib import Path

USER = "deploy"
"""The user on a host: in the group docker, without a password, a key of its own or sudo."""
FOLDER = ".ssh/bicoastal"
"""Below the home, where a runner keeps its key, the hosts' keys and the sockets of open connections."""
_HOME = "${HOME}"
"""Expanded by ssh, so that a provider's options are the same for everybody and show no change. Not `~`, which
ssh takes from the system's users: in a CI's container HOME is often another folder."""


def swarm_name(stack: str, place: str) -> str:
    """The Swarm's name, such as `east.production`: any of its managers. One of them is `0.east.production`.
    No DNS knows it; `bicoastal ssh-proxy` does."""
    return f"{place}.{stack}"


def parameters_of(stack: str, place: str) -> str:
    """The path of the Swarm's SSM parameters, the only ones that its hosts may read."""
    return f"/bicoastal/{stack}/{place}"


def swarm_docker_host(stack: str, place: str) -> str:
    """The engine of any healthy manager, as `docker_host` of a topology's place takes it."""
    return f"ssh://{USER}@{swarm_name(stack, place)}"


def swarm_ssh_options(stack: str, place: str, region: str, host: int | None = None) -> list[str]:
    """What `docker.Provider(ssh_opts=...)` needs to reach the Swarm that `SwarmHosts` made in `region`,
    without a port that is open to anybody: through an SSM session, with a key that a host knows for 60 s.

    Whichever manager is healthy is reached: its engine answers and its Swarm has a leader. Connections are
    shared and kept for a minute, since each costs some calls of AWS; one that is kept stays with its manager.
    Only a host key that the host itself published is accepted. With `host`, the options reach that manager
    alone, healthy or not.
    """
    swarm = swarm_name(stack, place)
    words = ["--region", region, "--parameters", parameters_of(stack, place), "--user", USER]
    target = swarm if host is None else f"{host}.{swarm}"
    proxy = shlex.join(["bicoastal", "ssh-proxy", target, *words])
    shared = {
        "ControlMaster": "auto",
        "ControlPath": f"{_HOME}/{FOLDER}/%C",
        "ControlPersist": "60s",
    }
    return ssh_words(swarm, proxy, shared, connect_s=60)


ALONE = {"ControlMaster": "no", "ControlPath": "none"}
"""For a connection that no other one shares, whatever the runner's own configuration says."""


def ssh_words(swarm: str, proxy: str, sharing: Mapping[str, str], connect_s: int) -> list[str]:
    """The options of a connection with a manager of the Swarm through the ProxyCommand `proxy`: with the
    runner's own key alone, and with none but a host whose key is known."""
    options = {
        "ProxyCommand": proxy,
        **sharing,
        "StrictHostKeyChecking": "yes",
        "UserKnownHostsFile": f"{_HOME}/{FOLDER}/known_hosts-{swarm}",
        "GlobalKnownHostsFile": "/dev/null",
        "UpdateHostKeys": "no",
        "IdentityFile": f"{_HOME}/{FOLDER}/{KEY}",
        "IdentitiesOnly": "yes",
        "BatchMode": "yes",
        "ConnectTimeout": str(connect_s),
        "ServerAliveInterval": "15",
        "ServerAliveCountMax": "4",
    }
    return as_words(options)


def as_words(options: Mapping[str, str]) -> list[str]:
    """The options as ssh takes them. Of an option that is given twice, ssh takes the first."""
    return [word for name, value in options.items() for word in ("-o", f"{name}={value}")]


KEY = "id_ed25519"


def folder() -> Path:
    """The runner's folder, made when it is not there, closed to others."""
    path = Path.home() / FOLDER
    path.mkdir(mode=0o700, parents=True, exist_ok=True)
    return path
