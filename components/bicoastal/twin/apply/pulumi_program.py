"""The program `pulumi`, with a backend, a home and a stack's configuration in the twin's folder."""

import json
import os
import signal
import subprocess
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

from ..project import ENVIRONMENT, Project
from .changes import ApplyFailed

PATIENCE_S = 5.0
"""How long the engine may take to end what is under way after Ctrl-C, and again after the second one. A
service that converges would hold it for minutes; what is left half is taken up by the next run."""
AT_ONCE = 64
"""Resources that the engine makes at once, which is more than a twin has services: each of them waits half a
minute to become healthy. The engine's own limit is four for each core."""


class PulumiProgram:
    """`pulumi` for one twin: no account, nothing outside its folder, no secret among its arguments."""

    def __init__(self, program: str, project: Project, folder: Path, passphrase_file: Path) -> None:
        self._program, self._project, self._folder = program, project, folder
        self._passphrase_file = passphrase_file

    @property
    def stack_config(self) -> Path:
        """The stack's configuration; the project's own is never written."""
        return self._folder / f"Pulumi.{ENVIRONMENT}.yaml"

    @property
    def locks(self) -> Path:
        """Where the file backend keeps the stack's lock."""
        return self._state / ".pulumi" / "locks" / "organization" / self._project.name / ENVIRONMENT

    def prepare(self) -> None:
        """Make what a run needs: folders that are the owner's alone, and the user's plugins in the home."""
        for folder in (self._folder, self._state, self._home):
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        users = Path(os.environ.get("PULUMI_HOME") or Path.home() / ".pulumi") / "plugins"
        if users.is_dir() and not (self._home / "plugins").exists():
            (self._home / "plugins").symlink_to(users)

    def state(self) -> Mapping[str, Any]:
        """The stack's deployment as the backend has it, secrets encrypted; the stack is made when there is
        none. Raises `ApplyFailed`."""
        found = self._ask("stack", "export")
        if found.returncode != 0 and "no stack named" in found.stderr:
            self._make_stack()
            found = self._ask("stack", "export")
        _require_success(found)
        deployment: Mapping[str, Any] = json.loads(found.stdout)["deployment"]
        return deployment

    def unlock(self) -> None:
        """Take away the lock that a dead run left. Raises `ApplyFailed`."""
        _require_success(self._ask("cancel", "--yes"))

    def up(self, tell: Callable[[str], None], options: Sequence[str] = ()) -> bool:
        """Run the program and bring everything to what it declares; whether the engine was content.

        `tell` gets each line of the engine's stream of events. At Ctrl-C the engine is asked to stop, then
        made to.
        """
        command = [
            *(self._program, "up", "--stack", ENVIRONMENT, "--config-file", str(self.stack_config)),
            *("--yes", "--skip-preview", "--non-interactive", "--json", "--parallel", str(AT_ONCE), *options),
        ]
        with subprocess.Popen(
            command,
            cwd=self._project.folder,
            env=self._environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            errors="replace",
            start_new_session=True,  # Ctrl-C reaches it through us, once
        ) as running:
            assert running.stdout is not None
            try:
                for line in running.stdout:
                    tell(line)
            except BaseException:
                _stop(running)
                raise
            return running.wait() == 0

    @property
    def _state(self) -> Path:
        return self._folder / "state"

    @property
    def _home(self) -> Path:
        return self._folder / "home"

    @property
    def _environment(self) -> dict[str, str]:
        outer = {key: value for key, value in os.environ.items() if not key.startswith("PULUMI_")}
        return {
            **outer,
            "PULUMI_HOME": str(self._home),
            "PULUMI_BACKEND_URL": self._state.as_uri(),
            "PULUMI_CONFIG_PASSPHRASE_FILE": str(self._passphrase_file),
            "PULUMI_SKIP_UPDATE_CHECK": "true",
            "PULUMI_DIY_BACKEND_DISABLE_CHECKPOINT_BACKUPS": "true",
        }

    def _make_stack(self) -> None:
        # In a folder of our own: `pulumi stack init` writes the stack's salt beside Pulumi.yaml.
        declared = (self._project.folder / "Pulumi.yaml").read_bytes()
        (self._folder / "Pulumi.yaml").write_bytes(declared)
        _require_success(self._ask("stack", "init", "--no-select", folder=self._folder))

    def _ask(self, *words: str, folder: Path | None = None) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [self._program, *words, "--stack", ENVIRONMENT, "--non-interactive"],
            cwd=folder or self._project.folder,
            env=self._environment,
            capture_output=True,
            text=True,
            check=False,
        )


def _require_success(ended: subprocess.CompletedProcess[str]) -> None:
    if ended.returncode != 0:
        raise ApplyFailed(f"pulumi: {(ended.stderr or ended.stdout).strip()}")


def _stop(running: "subprocess.Popen[str]") -> None:
    for number in (signal.SIGINT, signal.SIGINT, signal.SIGKILL):
        with suppress(ProcessLookupError):
            if number == signal.SIGKILL:
                os.killpg(running.pid, number)  # the plugins and the language host too
            else:
                running.send_signal(number)
        with suppress(subprocess.TimeoutExpired):
            running.communicate(timeout=PATIENCE_S)
            return
