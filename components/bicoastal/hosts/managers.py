"""A Swarm's managers as AWS knows them: who published itself, and whose agent is online."""

import json
import subprocess
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from .programs import ask

CALL_LIMIT_S = 30
"""Seconds that one call of AWS may take."""


class NotReached(Exception):
    """A manager, or every one, cannot be reached; the text says what was tried and what to do."""


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

    def __str__(self) -> str:
        return f"manager {self.number} ({self.instance})"


def published_managers(region: str, parameters: str) -> list[Manager]:
    """All managers that have published themselves, by number. Raises `NotReached` where there is none."""
    answer = aws("ssm", "get-parameters-by-path", "--path", f"{parameters}/hosts", region=region)
    found = [Manager.published(entry["Name"], entry["Value"]) for entry in answer.get("Parameters", [])]
    if not found:
        raise NotReached(
            f"no manager has published itself under {parameters}/hosts in {region}: a new host takes some "
            "minutes. Are stack, place and region the right ones, and is this the right account?"
        )
    return sorted(found, key=lambda manager: manager.number)


def agents(region: str, managers: Sequence[Manager]) -> Mapping[str, str]:
    """What AWS says of each instance's SSM agent. It says `Online` for minutes after a host has stopped."""
    filters = f"Key=InstanceIds,Values={','.join(manager.instance for manager in managers)}"
    answer = aws("ssm", "describe-instance-information", "--filters", filters, region=region)
    return {entry["InstanceId"]: entry["PingStatus"] for entry in answer.get("InstanceInformationList", [])}


def write_known_hosts(path: Path, swarm: str, managers: Sequence[Manager]) -> None:
    """The host keys of all managers under the Swarm's name, and each under its own."""
    lines = [f"{swarm},{manager.number}.{swarm} {key}\n" for manager in managers for key in manager.host_keys]
    replace(path, "".join(lines))


def replace(path: Path, text: str) -> None:
    """Give the file this text in one step: other connections read it."""
    with tempfile.NamedTemporaryFile("w", dir=path.parent, delete=False) as draft:
        draft.write(text)
    Path(draft.name).replace(path)


def aws(*words: str, region: str) -> Any:
    """What AWS' command answers. Raises `NotReached`."""
    return json.loads(run(["aws", *words, "--region", region, "--output", "json"]) or "{}")


def run(words: Sequence[str]) -> str:
    """What the program prints. Raises `NotReached`."""
    shown = " ".join(words[:3])
    try:
        # It reads nothing: standard input is the connection's.
        done = ask(words, CALL_LIMIT_S)
    except FileNotFoundError as error:
        raise NotReached(f"{words[0]} is not on PATH; see: bicoastal preflight") from error
    except subprocess.TimeoutExpired as error:
        raise NotReached(f"{shown}: no answer after {CALL_LIMIT_S} s") from error
    if done.returncode:
        raise NotReached(f"{shown}: {done.stderr.strip() or f'exit code {done.returncode}'}")
    return done.stdout
