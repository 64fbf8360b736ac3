"""The program behind ssh's ProxyCommand: from a Swarm's name to an SSM session with one of its managers.

It runs while ssh waits for the first line from the host, so what it writes before that (the runner's key, the
hosts' keys) is there when ssh reads it. Standard output is the session's alone.
"""

import fcntl
import json
import os
import subprocess
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NoReturn

from .ssh import KEY, folder

DOCUMENT = "AWS-StartSSHSession"
CALL_LIMIT_S = 30
"""Seconds that one call of AWS may take."""


class NotReached(Exception):
    """No manager can be reached; the text says what was tried and what to do."""


@dataclass(frozen=True)
class Manager:
    """One manager, as it published itself."""

    number: int
    instance: str
    host_keys: tuple[str, ...]

    @classmethod
    def published(cls, parameter: str, value: str) -> "Manager":
        """From the parameter's name and its lines: the instance's id, then a key on each."""
        instance, *keys = value.split("\n")
        return cls(int(parameter.rpartition("/")[2]), instance.strip(), tuple(k for k in keys if k.strip()))


def open_session(target: str, region: str, parameters: str, user: str) -> NoReturn:
    """Become an SSM session with the manager that `target` names, or with the first that is online: this
    process goes on as `aws`. Raises `NotReached`."""
    managers = _managers(region, parameters)
    number, _, swarm = target.partition(".")
    swarm = swarm if number.isdigit() else target
    write_known_hosts(folder() / f"known_hosts-{swarm}", swarm, managers)
    wanted = [m for m in managers if not number.isdigit() or m.number == int(number)]
    key = _key()
    refusals = []
    for manager in _online(region, wanted, target):
        try:
            _lend(key, manager, region, user)
        except NotReached as refusal:
            refusals.append(str(refusal))
            continue
        session = ("aws", "ssm", "start-session", "--region", region, "--target", manager.instance)
        words = [*session, "--document-name", DOCUMENT, "--parameters", "portNumber=22"]
        os.execvp("aws", words)  # noqa: S606 no shell is meant
    raise NotReached(f"{target}: no manager took the key:\n" + "\n".join(refusals))


def write_known_hosts(path: Path, swarm: str, managers: Sequence[Manager]) -> None:
    """The host keys of all managers under the Swarm's name, and each under its own; in one step, since other
    connections read the file."""
    lines = [f"{swarm},{manager.number}.{swarm} {key}\n" for manager in managers for key in manager.host_keys]
    with tempfile.NamedTemporaryFile("w", dir=path.parent, delete=False) as draft:
        draft.writelines(lines)
    Path(draft.name).replace(path)


def _managers(region: str, parameters: str) -> list[Manager]:
    answer = _aws("ssm", "get-parameters-by-path", "--path", f"{parameters}/hosts", region=region)
    found = [Manager.published(entry["Name"], entry["Value"]) for entry in answer.get("Parameters", [])]
    if not found:
        raise NotReached(
            f"no manager has published itself under {parameters}/hosts in {region}: a new host takes some "
            "minutes. Are stack, place and region the right ones, and is this the right account?"
        )
    return sorted(found, key=lambda manager: manager.number)


def _online(region: str, managers: Sequence[Manager], target: str) -> list[Manager]:
    ids = ",".join(manager.instance for manager in managers)
    states: dict[str, str] = {}
    if ids:
        filters = f"Key=InstanceIds,Values={ids}"
        answer = _aws("ssm", "describe-instance-information", "--filters", filters, region=region)
        states = {e["InstanceId"]: e["PingStatus"] for e in answer.get("InstanceInformationList", [])}
    online = [manager for manager in managers if states.get(manager.instance) == "Online"]
    if not online:
        seen = ", ".join(f"{m.number} ({m.instance}): {states.get(m.instance, 'unknown')}" for m in managers)
        raise NotReached(
            f"{target}: no manager's SSM agent is online ({seen or 'there is none of this number'})"
        )
    return online


def _lend(key: Path, manager: Manager, region: str, user: str) -> None:
    """Let the host know the runner's public key for 60 s."""
    public = f"file://{key}.pub"
    who = ("--instance-id", manager.instance, "--instance-os-user", user)
    _aws("ec2-instance-connect", "send-ssh-public-key", *who, "--ssh-public-key", public, region=region)


def _key() -> Path:
    """The runner's own key, made at the first time, by one of the connections that begin together. It opens
    nothing by itself: a host must be told of it by somebody whom AWS lets."""
    path = folder() / KEY
    with path.with_suffix(".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        _make(path)
    return path


def _make(path: Path) -> None:
    if not (path.exists() and path.with_suffix(".pub").exists()):
        with tempfile.TemporaryDirectory(dir=path.parent) as made:
            draft = Path(made) / KEY
            words = ["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-C", "bicoastal", "-f", str(draft)]
            _run(words)
            draft.replace(path)
            draft.with_suffix(".pub").replace(path.with_suffix(".pub"))


def _aws(*words: str, region: str) -> Any:
    said = _run(["aws", *words, "--region", region, "--output", "json"])
    return json.loads(said or "{}")


def _run(words: Sequence[str]) -> str:
    shown = " ".join(words[:3])
    try:
        done = subprocess.run(words, capture_output=True, text=True, check=False, timeout=CALL_LIMIT_S)
    except FileNotFoundError as error:
        raise NotReached(f"{words[0]} is not on PATH; see: bicoastal preflight") from error
    except subprocess.TimeoutExpired as error:
        raise NotReached(f"{shown}: no answer after {CALL_LIMIT_S} s") from error
    if done.returncode:
        raise NotReached(f"{shown}: {done.stderr.strip() or f'exit code {done.returncode}'}")
    return done.stdout
