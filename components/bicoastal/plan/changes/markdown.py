"""Text for GitHub's Markdown.

What others wrote stands in code spans and blocks alone: nothing in it is markup, a mention or a link there.
"""

import difflib
import json
import re
from collections.abc import Sequence
from typing import Any

from .values import ABSENT, is_document

_TICKS = re.compile(r"`+")


def code(text: str, most: int | None = None) -> str:
    """The text as a code span on one line."""
    line = visible(" ".join(text.split())) or " "
    if most is not None and len(line) > most:
        line = f"{line[: most - 3]}..."
    fence = "`" * (_longest_run(line) + 1)
    pad = " " if line.startswith("`") or line.endswith("`") else ""
    return f"{fence}{pad}{line}{pad}{fence}"


def cell(text: str) -> str:
    """What stands in a table's cell."""
    return text.replace("|", r"\|")


def value(it: Any, most: int | None = None) -> str:
    """A value as code; words of our own for nothing."""
    if it is ABSENT:
        return "nothing"
    plain = _is_word(it) or is_document(it)
    return code(it if plain else json.dumps(it, ensure_ascii=False, sort_keys=True), most)


def _is_word(it: Any) -> bool:
    return isinstance(it, str) and it.startswith("(") and it.endswith(")")


def lines_of(before: Any, after: Any) -> list[str]:
    """The lines that differ, where both are text of several; else none."""
    if not (isinstance(before, str) and isinstance(after, str)) or "\n" not in before + after:
        return []
    told = difflib.unified_diff(before.splitlines(), after.splitlines(), lineterm="", n=0)
    return [visible(line) for line in list(told)[2:]]


def block(lines: Sequence[str], indent: str, most: int | None = None) -> str:
    """Lines as a block of code within a list."""
    cut = [line if most is None or len(line) <= most else f"{line[: most - 3]}..." for line in lines]
    fence = "`" * max(3, *(_longest_run(line) + 1 for line in cut))
    return "\n".join(f"{indent}{line}" for line in (f"{fence}diff", *cut, fence))


def visible(text: str) -> str:
    """The text with nothing in it that does not show: what is read is what there is."""
    if text.isprintable():
        return text
    return "".join(c if c.isprintable() else f"\\u{ord(c):04x}" for c in text.expandtabs(2))


def _longest_run(text: str) -> int:
    return max((len(run) for run in _TICKS.findall(text)), default=0)
