"""What a wrong setting is told by."""

from collections.abc import Callable
from typing import Any

from tests.library.arguments import ARGUMENTS

Broken = Callable[[], tuple[str, dict[str, Any]]]
"""Makes a component's name and its arguments, one of which is wrong."""
Wrong = dict[str, tuple[Broken, str, str, str]]
"""What is wrong, to: the arguments, the input that the error names, what was given, what is allowed."""


def with_own(component: str, **own: Any) -> Broken:
    """The component's sample arguments with these."""
    return lambda: (component, {**ARGUMENTS[component](), **own})
