"""Strings that stand in for a value that nobody knows yet.

A plan answers computed properties with ``<resource.property>``, encrypted configuration with
``[secret namespace:key]`` and what is not filled in yet with ``[fill-in namespace:key]``. None has the shape
of the value it stands for, so shape checks skip them.
"""

import re

_STAND_IN = re.compile(
    r"<[\w-]+\.[\w.-]+>|\[secret [\w.-]+:[\w.-]+\]|\[fill-in [\w.-]+:[\w.-]+(\[\d+\][\w.-]*)*\]"
)


def is_stand_in(value: object) -> bool:
    """Whether the value is, or contains, a stand-in."""
    return isinstance(value, str) and _STAND_IN.search(value) is not None


def is_only_stand_in(value: object) -> bool:
    """Whether the value is one stand-in and nothing else."""
    return isinstance(value, str) and _STAND_IN.fullmatch(value) is not None
