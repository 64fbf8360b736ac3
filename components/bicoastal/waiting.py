"""Waiting with a message and a limit, where a hook of the engine must not go on before something holds."""

import time
from collections.abc import Callable

PAUSE_S = 10.0
SAY_EVERY_S = 30.0

Say = Callable[[str], None]
"""Told what is waited for."""


def missing_at_limit(
    look: Callable[[], str],
    what: str,
    limit_s: float,
    say: Say,
    *,
    clock: Callable[[], float] = time.monotonic,
    sleep: Callable[[float], None] = time.sleep,
) -> str:
    """Look every ten seconds until `look` tells that nothing is missing, by an empty text; what was still
    missing after `limit_s` seconds, or nothing. `what` is said every half minute, with what is missing."""
    begin = clock()
    said = begin - SAY_EVERY_S
    while missing := look():
        waited = clock() - begin
        if waited >= limit_s:
            return missing
        if clock() - said >= SAY_EVERY_S:
            said = clock()
            say(f"{what}, {waited:.0f} of at most {limit_s:.0f} s ({missing})")
        sleep(min(PAUSE_S, limit_s - waited))
    return ""
