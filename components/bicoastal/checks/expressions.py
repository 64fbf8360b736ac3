"""What must hold for an expression in the edge's rule language, as far as its brackets and strings tell.

Strings are `"..."`, in which `\\` escapes, and `r"..."` or `r#"..."#`, in which nothing does, with as many
marks as one likes (https://developers.cloudflare.com/ruleset-engine/rules-language/values/). The rest of the
language is the edge's to judge.
"""

import re
from collections.abc import Iterator

from .problem import Problem, shown

_CLOSES = {"(": ")", "{": "}", "[": "]"}
_TOKEN = re.compile(
    r"""(?P<string> (?<!\w)r(?P<marks>\#*)".*?"(?P=marks) | "(\\.|[^"\\])*" )
    | (?P<open_string> (?<!\w)r\#*" | " )
    | (?P<bracket> [(){}\[\]] )""",
    re.VERBOSE | re.DOTALL,
)


def expression_is_balanced(path: str, expression: str) -> Iterator[Problem]:
    """What is opened is closed, in the right order; and there is something."""
    wrong = _first_mistake(expression)
    if wrong is not None:
        yield Problem(
            path,
            wrong,
            shown(expression),
            "an expression whose strings, parentheses, braces and brackets are closed",
            'close it, or take it away; in a string \\" is a quote',
        )


def _first_mistake(expression: str) -> str | None:
    if not expression.strip():
        return "empty"
    open_: list[tuple[str, int]] = []
    for token in _TOKEN.finditer(expression):
        found, at = token.group(), token.start() + 1
        if token["open_string"]:
            return f"the string that begins at character {at} does not end"
        if found in _CLOSES:
            open_.append((found, at))
        elif token["bracket"]:
            if not open_:
                return f"{found!r} at character {at} closes nothing"
            opened, since = open_.pop()
            if found != _CLOSES[opened]:
                return f"{found!r} at character {at} does not close {opened!r} at character {since}"
    if open_:
        opened, since = open_[-1]
        return f"{opened!r} at character {since} is not closed"
    return None
