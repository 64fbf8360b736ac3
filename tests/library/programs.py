"""Stand-ins for programs, on a PATH of their own: each writes down how it was called and answers as told."""

import os
import subprocess
import sys
from pathlib import Path

_REAL = (
    "awk",
    "base64",
    "basename",
    "bash",
    "cat",
    "chmod",
    "cmp",
    "cut",
    "date",
    "grep",
    "install",
    "mkdir",
)
_REAL_TOO = ("mktemp", "openssl", "printf", "rm", "sed", "seq", "sh", "tail", "timeout", "touch", "tr")


class Programs:
    """A folder of stand-ins, and the programs of every system that they and scripts use."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder / "bin"
        self.log = folder / "calls"
        self.home = folder / "home"
        self.folder.mkdir()
        self.home.mkdir()
        self.log.touch()
        for name in (*_REAL, *_REAL_TOO):
            self.real(name)

    def real(self, name: str) -> None:
        """Let the real program be found, if this machine has it."""
        for place in os.environ["PATH"].split(os.pathsep):
            found = Path(place) / name
            if found.exists():
                (self.folder / name).unlink(missing_ok=True)
                (self.folder / name).symlink_to(found)
                return

    def answer(self, name: str, body: str = "") -> None:
        """A stand-in that does this, in bash, when it is called."""
        program = self.folder / name
        program.unlink(missing_ok=True)
        program.write_text(f'#!/bin/bash\necho "{name} $*" >> "{self.log}"\n{body}\n')
        program.chmod(0o755)

    def remove(self, name: str) -> None:
        """No such program."""
        (self.folder / name).unlink(missing_ok=True)

    @property
    def environment(self) -> dict[str, str]:
        """What a program sees: nothing of the user's."""
        library = os.pathsep.join(path for path in sys.path if path)
        return {"PATH": str(self.folder), "HOME": str(self.home), "PYTHONPATH": library}

    def run(self, *words: str, **environment: str) -> subprocess.CompletedProcess[str]:
        """Run a program among the stand-ins."""
        own = {**self.environment, **environment}
        return subprocess.run(words, env=own, capture_output=True, text=True, check=False, timeout=60)

    @property
    def calls(self) -> list[str]:
        """How stand-ins were called, in order."""
        return self.log.read_text().splitlines()
