"""Where a command's words go."""

from rich.console import Console

console = Console(stderr=True, highlight=False)
"""Where progress and refusals go: standard output is for results."""


def plain(text: str) -> str:
    """The text without what the console would take for markup."""
    return text.replace("[", r"\[")
