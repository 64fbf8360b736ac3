"""The command `bicoastal`."""

import sys

STOPPED = 130
"""The exit code of a command that was stopped by Ctrl-C, as shells have it."""


def main() -> None:
    """Run the command. Ctrl-C ends it without a stack trace from its first moment on: what it needs is loaded
    here, which takes a second."""
    try:
        from .app import app

        app()
    except KeyboardInterrupt:
        sys.exit(STOPPED)
