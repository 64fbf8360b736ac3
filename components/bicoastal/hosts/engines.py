"""Waiting for the engines of a new Swarm."""

import subprocess
import time
from collections.abc import Callable, Sequence

from ..waiting import missing_at_limit
from .programs import ask, complaint
from .ssh import ALONE, USER, as_words

TRY_LIMIT_S = 90
"""Seconds for one try."""
_REACHED = ("Leader", "Reachable")


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
    """Wait until the Swarm's engine answers over ssh with these options and reaches all its managers. What is
    waited for is told to `say` every half minute. Raises `EnginesSilent` after `limit_s` seconds.

    `SwarmHosts` does this by itself in a first `up`, and in one that replaces a manager. Call it where hooks
    do not run, or for adopted hosts. As a command it is `bicoastal await-engines`.
    """

    def look() -> str:
        counted, told = _managers(swarm, options)
        return "" if counted >= managers else told

    what = f"{swarm}: waits for the engines"
    told = missing_at_limit(look, what, limit_s, say, clock=clock, sleep=sleep)
    if told:
        raise EnginesSilent(
            f"{swarm}: {told} after {limit_s:.0f} s. Look at a host's console output, or open a shell: "
            "aws ssm start-session --target <instance>; then: journalctl -u bicoastal-host. "
            "The next `up` waits again"
        )


def _managers(swarm: str, options: Sequence[str]) -> tuple[int, str]:
    """How many managers the Swarm reaches, and what was said; 0 when nobody answers, or while it counts one
    that it does not reach, such as the former self of one that was replaced."""
    ask_for = "docker node ls --filter role=manager --format '{{.ManagerStatus}}'"
    # Each try looks anew for a healthy manager.
    words = ["ssh", *as_words(ALONE), *options, f"{USER}@{swarm}", ask_for]
    try:
        done = ask(words, TRY_LIMIT_S)
    except (OSError, subprocess.TimeoutExpired) as error:
        return 0, str(error)
    states = done.stdout.split()
    if done.returncode or not states:
        return 0, f"no answer: {complaint(done)}"
    lost = sum(state not in _REACHED for state in states)
    reached = len(states) - lost
    told = f"{reached} managers" + (f" and {lost} that it does not reach" if lost else "")
    return (0 if lost else reached), told
