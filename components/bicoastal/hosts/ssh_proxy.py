"""The program behind ssh's ProxyCommand: from a Swarm's name to an SSM session with one of its managers.

It runs while ssh waits for the first line from the host, so what it writes before that (the runner's key, the
hosts' keys) is there when ssh reads it. Standard output is the session's alone.
"""

import fcntl
import os
import re
import shlex
import subprocess
import tempfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import NoReturn

from .managers import Manager, NotReached, agents, aws, published_managers, replace, run, write_known_hosts
from .programs import ask, complaint
from .ssh import ALONE, KEY, folder, ssh_words
from .verdict import Verdict

DOCUMENT = "AWS-StartSSHSession"
PROBE_LIMIT_S = 10
"""Seconds in which a manager must show that it is healthy; ssh waits 60 s for all of them."""


def open_session(
    target: str, region: str, parameters: str, user: str, say: Callable[[str], None]
) -> NoReturn:
    """Become an SSM session with the manager that `target` names by its number, or with the first that is
    healthy: this process goes on as `aws`. Who is left out, and why, is told to `say`. Raises `NotReached`.

    Healthy is who lets us in, and whose engine answers as a manager of a Swarm that has a leader. Somebody
    is healthy for some seconds, in which further connections ask nobody again.
    """
    named = re.fullmatch(r"(\d+)\.(.+)", target)
    way = _Way(named[2] if named else target, region, parameters, user, say)
    instance = way.to_number(int(named[1])) if named else way.to_healthy()
    words = way.session(instance)
    os.execvp(words[0], words)  # noqa: S606 no shell is meant


@dataclass(frozen=True)
class _Way:
    """The way to a Swarm's managers."""

    swarm: str
    region: str
    parameters: str
    user: str
    say: Callable[[str], None]

    def session(self, instance: str) -> tuple[str, ...]:
        """The command that is a session with sshd on this instance."""
        words = ("aws", "ssm", "start-session", "--region", self.region, "--target", instance)
        return (*words, "--document-name", DOCUMENT, "--parameters", "portNumber=22")

    def to_number(self, number: int) -> str:
        """The instance of one manager, healthy or not: somebody may have to look after it."""
        managers = self._published()
        named = [manager for manager in managers if manager.number == number]
        if not named:
            known = ", ".join(str(manager.number) for manager in managers)
            raise NotReached(f"{self.swarm} has no manager {number}: none but {known} published itself")
        try:
            self._enter(named[0], agents(self.region, named))
        except NotReached as reason:
            raise NotReached(f"{self.swarm}: {named[0]}: {reason}") from None
        return named[0].instance

    def to_healthy(self) -> str:
        """The instance of the first healthy manager. Of connections that begin together one looks for it."""
        path = folder() / f"healthy-{self.swarm}"
        with _locked(path):
            verdict = Verdict.remembered(path)
            if verdict is None:
                return self._look(path)
        if verdict.instance is None:
            raise self._nobody(verdict)
        try:
            self._lend(verdict.instance)
        except NotReached:
            with _locked(path):
                return self._look(path)
        return verdict.instance

    def _look(self, path: Path) -> str:
        managers = self._published()
        online = agents(self.region, managers)
        left_out: list[str] = []
        for manager in managers:
            try:
                self._enter(manager, online)
                self._probe(manager)
            except NotReached as reason:
                left_out.append(f"{manager}: {reason}")
                continue
            Verdict(manager.instance, left_out).remember(path)
            if left_out:
                self.say("\n".join(f"{self.swarm}: left out {line}" for line in left_out))
            return manager.instance
        verdict = Verdict(None, left_out)
        verdict.remember(path)
        raise self._nobody(verdict)

    def _nobody(self, verdict: Verdict) -> NotReached:
        return NotReached("\n  ".join([f"{self.swarm}: no manager is healthy:", *verdict.left_out]))

    def _published(self) -> list[Manager]:
        _make_key()
        managers = published_managers(self.region, self.parameters)
        write_known_hosts(folder() / f"known_hosts-{self.swarm}", self.swarm, managers)
        return managers

    def _enter(self, manager: Manager, online: Mapping[str, str]) -> None:
        state = online.get(manager.instance, "unknown")
        if state != "Online":
            raise NotReached(f"its SSM agent is not online: {state}")
        self._lend(manager.instance)

    def _lend(self, instance: str) -> None:
        """Let the host know the runner's public key for 60 s."""
        who = ("--instance-id", instance, "--instance-os-user", self.user)
        key = ("--ssh-public-key", f"file://{folder() / KEY}.pub")
        aws("ec2-instance-connect", "send-ssh-public-key", *who, *key, region=self.region)

    def _probe(self, manager: Manager) -> None:
        """Ask the engine for the Swarm's nodes: it needs sshd, dockerd, a manager's rights and a leader."""
        options = ssh_words(self.swarm, shlex.join(self.session(manager.instance)), ALONE, PROBE_LIMIT_S)
        host = f"{self.user}@{manager.number}.{self.swarm}"
        try:
            done = ask(["ssh", *options, host, "docker node ls --quiet"], PROBE_LIMIT_S)
        except FileNotFoundError as error:
            raise NotReached("ssh is not on PATH; see: bicoastal preflight") from error
        except subprocess.TimeoutExpired as error:
            raise NotReached(f"its engine has not answered within {PROBE_LIMIT_S} s") from error
        if done.returncode:
            raise NotReached(f"its engine does not answer as a manager: {complaint(done)}")


def keep_words(target: str, words: str) -> Path:
    """Keep what was said last on the way to `target`, with the time: while connections are shared, ssh shows
    nobody what its ProxyCommand says."""
    path = folder() / f"said-{target}"
    replace(path, f"{datetime.now(UTC):%Y-%m-%d %H:%M:%S} UTC\n{words}\n")
    return path


def _make_key() -> None:
    """The runner's own key, made at the first time, by one of the connections that begin together. It opens
    nothing by itself: a host must be told of it by somebody whom AWS lets."""
    path = folder() / KEY
    with _locked(path):
        if path.exists() and path.with_suffix(".pub").exists():
            return
        with tempfile.TemporaryDirectory(dir=path.parent) as made:
            draft = Path(made) / KEY
            run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-C", "bicoastal", "-f", str(draft)])
            draft.replace(path)
            draft.with_suffix(".pub").replace(path.with_suffix(".pub"))


@contextmanager
def _locked(path: Path) -> Iterator[None]:
    """Alone among this runner's connections. The lock is the kernel's and goes with its process."""
    # Swarms' names have dots: no suffix is replaced.
    with path.with_name(f"{path.name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield
