"""Programs that are asked for something, and are given up with all that they have started."""

import os
import signal
import subprocess
from collections.abc import Sequence
from contextlib import suppress


def ask(words: Sequence[str], limit_s: float) -> "subprocess.CompletedProcess[str]":
    """Run the program and hear it to its end; it reads nothing. Raises `OSError` where there is no such
    program, and `subprocess.TimeoutExpired` after `limit_s` seconds."""
    quiet, heard = subprocess.DEVNULL, subprocess.PIPE
    with subprocess.Popen(
        words, stdin=quiet, stdout=heard, stderr=heard, text=True, start_new_session=True
    ) as process:
        try:
            out, errors = process.communicate(timeout=limit_s)
        except BaseException:
            # A ProxyCommand would outlive its ssh.
            with suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
            raise
    return subprocess.CompletedProcess(words, process.returncode, out, errors)


def complaint(done: "subprocess.CompletedProcess[str]") -> str:
    """Why it failed, in one line: ssh's own last line alone says little of what its ProxyCommand said."""
    said = [line.strip() for line in done.stderr.splitlines() if line.strip()]
    return "; ".join(said[-3:]) or f"exit code {done.returncode}"
