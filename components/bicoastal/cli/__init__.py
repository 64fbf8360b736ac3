"""The command `bicoastal`."""

import gc
import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import typer

STOPPED = 130
"""The exit code of a command that was stopped by Ctrl-C, as shells have it."""


def main() -> None:
    """Run the command. Ctrl-C ends it without a stack trace from its first moment on: what it needs is loaded
    here, which takes a second."""
    try:
        if sys.argv[1:2] == ["plan"]:
            # A plan is asked for often, and has limits of its own: no garbage is looked for in a process that
            # ends with it.
            gc.disable()
        _app()()
    except KeyboardInterrupt:
        sys.exit(STOPPED)


def _app() -> "typer.Typer":
    try:
        from .commands import app_for
    except ModuleNotFoundError as missing:
        sys.exit(
            f"bicoastal: the command needs {missing.name}, which is not installed; "
            "the extra 'cli' brings it: pip install 'bicoastal[cli]'"
        )
    return app_for(sys.argv[1:])
