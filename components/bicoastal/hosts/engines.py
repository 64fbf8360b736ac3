"""Waiting for the engines of a new Swarm."""

import subprocess
import time
from collections.abc import Callable, Sequence

from .ssh import USER

TRY_LIMIT_S = 90
"""Seconds for one try."""
PAUSE_S = 10.0
SAY_EVERY_S = 30.0


class EnginesSilent(Exception):
    """The engines did not answer within the limit; the text says what the last try said."""


def await_engines(
    swarm: str,
    options: Sequence[str],
    managers: int,
    limit_s: float,
    say: Callable[[str], None],
    *,
    clock: Callable[[], float] = time.monotonic,
    sleep: Callable[[float], None] = time.sleep,
) -> None:
    """Wait until the Swarm's engine answers over ssh with these options and counts all its managers. What is
    waited for is told to `say` every half minute. Raises `EnginesSilent` after `limit_s` seconds.

    `SwarmHosts` does this by itself in a first `up`. Call it where hooks do not run, or for adopted hosts.
    """
    begin = clock()
    said = begin - SAY_EVERY_S
    while True:
        counted, told = _managers(swarm, options)
        if counted >= managers:
            return
        waited = clock() - begin
        if waited >= limit_s:
            raise EnginesSilent(
                f"{swarm}: {told} after {limit_s:.0f} s. Look at a host's console output, or open a shell: "
                "aws ssm start-session --target <instance>; then: journalctl -u bicoastal-host. "
                "The next `up` waits again"
            )
        if clock() - said >= SAY_EVERY_S:
            said = clock()
            say(f"{swarm}: waits for the engines, {waited:.0f} of at most {limit_s:.0f} s ({told})")
        sleep(PAUSE_S)


def _managers(swarm: str, options: Sequence[str]) -> tuple[int, str]:
    """How many managers the Swarm counts, and what was said; 0 when nobody answers."""
    ask = ["docker", "info", "--format", "'{{.Swarm.Managers}}'"]
    words = ["ssh", *options, f"{USER}@{swarm}", *ask]
    try:
        done = subprocess.run(words, capture_output=True, text=True, check=False, timeout=TRY_LIMIT_S)
    except (OSError, subprocess.TimeoutExpired) as error:
        return 0, str(error)
    answer = done.stdout.strip()
    if done.returncode or not answer.isdigit():
        last = (done.stderr.strip() or answer or f"exit code {done.returncode}").splitlines()[-1]
        return 0, f"no answer: {last}"
    return int(answer), f"{answer} managers"
