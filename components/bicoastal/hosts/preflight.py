"""What a runner needs before it can apply a program and reach the hosts: looked for, with the fix for what is
missing or too old."""

import re
import shutil
import subprocess
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from .programs import ask
from .ssh import FOLDER

CALL_LIMIT_S = 30
LEAST_PULUMI = (3, 270)
"""As old as the SDK may be."""
LEAST_AWS = (2, 0)
_LONGEST_SOCKET = 104
"""Characters of a socket's path that every system takes, its end included."""
_SOCKET_NAME = 40 + 1 + 16
"""Of these, what ssh adds: a digest and, while the socket is made, a random suffix."""


@dataclass(frozen=True)
class Finding:
    """One thing that was looked for."""

    what: str
    good: bool
    told: str
    """What was found."""
    fix: str = ""
    """What to do when it is not good."""
    wrong: str = "missing"
    """What is wrong with it when it is not good."""


def preflight(region: str | None = None) -> Iterator[Finding]:
    """Look for each thing in turn. With `region`, AWS is asked there who we are; else nothing is sent."""
    yield _versioned(
        "pulumi", ["pulumi", "version"], LEAST_PULUMI, "install Pulumi's: https://www.pulumi.com/docs/install"
    )
    yield _program("ssh", ["ssh", "-V"], "install OpenSSH's client (Debian: openssh-client)")
    yield _program("ssh-keygen", None, "install OpenSSH's client (Debian: openssh-client)")
    yield _program("bicoastal", None, "ssh starts it as its ProxyCommand: put the environment's bin on PATH")
    yield _versioned(
        "aws", ["aws", "--version"], LEAST_AWS, "install version 2 of the AWS CLI (Debian 13: awscli)"
    )
    yield _program(
        "session-manager-plugin",
        ["session-manager-plugin", "--version"],
        "install AWS' Session Manager plugin: the AWS CLI opens no session without it",
    )
    yield _credentials()
    yield _room_for_sockets()
    if region is not None:
        yield _reachable(region)


def _program(name: str, ask: Sequence[str] | None, fix: str) -> Finding:
    path = shutil.which(name)
    if path is None:
        return Finding(name, False, "not on PATH", fix)
    code, told = _ask(ask) if ask else (0, "")
    return Finding(name, code == 0, f"{path} {told}".strip(), fix)


def _versioned(name: str, ask: Sequence[str], least: tuple[int, int], fix: str) -> Finding:
    found = _program(name, ask, fix)
    version = re.search(r"\d+\.\d+", found.told.removeprefix(shutil.which(name) or ""))
    if not found.good or version is None or _numbers(version[0]) >= least:
        return found
    told = f"{found.told}, needed: {least[0]}.{least[1]} or newer"
    return Finding(name, False, told, fix, "too old")


def _numbers(version: str) -> tuple[int, ...]:
    return tuple(int(part) for part in version.split("."))


def _credentials() -> Finding:
    """Whether the AWS CLI finds some. It names where they are from and hides them; nothing is sent."""
    code, told = _ask(["aws", "configure", "list"], first_line=False)
    line = next((line for line in told.splitlines() if line.strip().startswith("access_key")), "")
    good = code == 0 and bool(line) and "<not set>" not in line
    fix = "log in (aws sso login), or set AWS_PROFILE, or AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY"
    return Finding("credentials", good, "found" if good else "none found", fix)


def _room_for_sockets() -> Finding:
    longest = len(str(Path.home() / FOLDER)) + 1 + _SOCKET_NAME + 1
    return Finding(
        "room for ssh's sockets",
        longest <= _LONGEST_SOCKET,
        f"{longest} of {_LONGEST_SOCKET} characters",
        f"a path below ~/{FOLDER} would be too long for a socket: set HOME to a shorter path",
    )


def _reachable(region: str) -> Finding:
    code, told = _ask(["aws", "sts", "get-caller-identity", "--region", region, "--output", "text"])
    fix = f"look at the network and the proxy, and at whether the credentials are valid in {region}"
    return Finding(f"region {region}", code == 0, "reached" if code == 0 else told, fix)


def _ask(words: Sequence[str], *, first_line: bool = True) -> tuple[int, str]:
    try:
        done = ask(words, CALL_LIMIT_S)
    except FileNotFoundError:
        return 127, "not on PATH"
    except subprocess.TimeoutExpired:
        return 124, f"no answer after {CALL_LIMIT_S} s"
    told = (done.stdout.strip() or done.stderr.strip()) if done.returncode == 0 else done.stderr.strip()
    return done.returncode, told.partition("\n")[0] if first_line else told
