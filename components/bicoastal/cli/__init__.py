"""The command `bicoastal`."""

import gc
import sys

STOPPED = 130
"""The exit code of a command that was stopped by Ctrl-C, as shells have it."""


def main() -> None:
    """Run the command. Ctrl-C ends it without a stack trace from its first moment on: what it needs is loaded
    here, which takes a second."""
    try:
        if sys.argv[1:2] == ["plan"]:
            # A plan is asked for often, and has limits of its own: it does without what runs a twin, and
            # without looking for garbage in a process that ends with it.
            gc.disable()
            from .plan import alone as app
        else:
            from .app import app
        app()
    except KeyboardInterrupt:
        sys.exit(STOPPED)
