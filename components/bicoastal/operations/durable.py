"""Files that are there whole or not at all, also after the machine has lost its power."""

import os
import tempfile
from pathlib import Path

HALF = ".half-"
"""How the name of a file begins that was not ended."""


def write_durably(file: Path, text: str) -> None:
    """Put the text in the place of what the file had, with mode 0600."""
    handle, half = tempfile.mkstemp(prefix=HALF, dir=file.parent)  # mode 0600 from the start
    with os.fdopen(handle, "w") as writing:
        writing.write(text)
        writing.flush()
        os.fsync(writing.fileno())
    Path(half).rename(file)
    folder = os.open(file.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)
