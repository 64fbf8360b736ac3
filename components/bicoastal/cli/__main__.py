"""The command as a module: `python -m bicoastal.cli`."""

from . import main

main()
