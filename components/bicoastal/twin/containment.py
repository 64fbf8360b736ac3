"""How much a place's container is allowed: what Docker in Docker needs, and no more than the machine has."""

from collections.abc import Mapping
from pathlib import Path

import docker
from docker.errors import APIError

HostConfig = dict[str, object]
"""A part of the engine API's HostConfig."""

PRIVILEGED: HostConfig = {"Privileged": True}

_CAPABILITIES = [
    "CHOWN",
    "DAC_OVERRIDE",
    "DAC_READ_SEARCH",
    "FOWNER",
    "FSETID",
    "KILL",
    "SETGID",
    "SETUID",
    "SETPCAP",
    "LINUX_IMMUTABLE",
    "NET_BIND_SERVICE",
    "NET_BROADCAST",
    "NET_ADMIN",
    "NET_RAW",
    "IPC_LOCK",
    "IPC_OWNER",
    "SYS_MODULE",
    "SYS_RAWIO",
    "SYS_CHROOT",
    "SYS_PTRACE",
    "SYS_PACCT",
    "SYS_ADMIN",
    "SYS_BOOT",
    "SYS_NICE",
    "SYS_RESOURCE",
    "SYS_TIME",
    "SYS_TTY_CONFIG",
    "MKNOD",
    "LEASE",
    "AUDIT_WRITE",
    "AUDIT_CONTROL",
    "SETFCAP",
    "MAC_OVERRIDE",
    "MAC_ADMIN",
    "SYSLOG",
    "WAKE_ALARM",
    "BLOCK_SUSPEND",
    "AUDIT_READ",
]
"""In the order of the kernel's bits, as far as every engine knows them: an older one neither adds nor takes
away those that came later."""


def containment(
    client: docker.DockerClient,
    image: str,
    labels: Mapping[str, str],
    status: Path = Path("/proc/self/status"),
) -> HostConfig:
    """What a place may do on this engine: `--privileged`, or where the engine cannot give that, its parts.

    Finds out by starting `image` once; `status` is where the machine's capabilities are read.
    """
    trial = client.containers.create(image, entrypoint="true", privileged=True, labels=dict(labels))
    try:
        trial.start()
    except APIError as error:
        if "unable to apply caps" not in str(error):
            raise
        return unprivileged(missing_capabilities(status.read_text()))
    finally:
        trial.remove(v=True, force=True)
    return PRIVILEGED


def unprivileged(missing: list[str]) -> HostConfig:
    """The parts of `--privileged` that Docker in Docker needs, without the capabilities `missing`."""
    return {
        "CapAdd": ["ALL"],
        "CapDrop": missing,
        "SecurityOpt": ["seccomp=unconfined", "apparmor=unconfined", "label=disable"],
        "MaskedPaths": [],
        "ReadonlyPaths": [],
        "DeviceCgroupRules": ["a *:* rwm"],
    }


def missing_capabilities(status: str) -> list[str]:
    """The capabilities outside the bounding set that a `/proc/<pid>/status` text shows."""
    bounding = next(int(line.split()[1], 16) for line in status.splitlines() if line.startswith("CapBnd:"))
    return [name for bit, name in enumerate(_CAPABILITIES) if not bounding >> bit & 1]
