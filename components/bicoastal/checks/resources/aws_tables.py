"""What AWS's types take, as tables: a check has no SDK to ask."""

from functools import cache
from pathlib import Path

_FOLDER = Path(__file__).parent
GLOBAL = "aws_global.txt"
TAGGABLE = "aws_taggable.txt"


@cache
def _lines(name: str) -> frozenset[str]:
    lines = (_FOLDER / name).read_text().splitlines()
    return frozenset(line for line in lines if not line.startswith("#"))


@cache
def is_regional(token: str) -> bool:
    """Whether a type of AWS belongs to a region; one that is not known does."""
    module = token.partition("/")[0]
    return token not in _lines(GLOBAL) and f"{module}/*" not in _lines(GLOBAL)


@cache
def is_taggable(token: str) -> bool:
    """Whether a type of AWS takes tags."""
    return token in _lines(TAGGABLE)
