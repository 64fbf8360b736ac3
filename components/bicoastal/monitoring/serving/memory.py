"""The memory of watchers that are written in Go."""

SOFT_LIMIT = 0.9
"""Of what it may take: from there on Go collects its garbage more often, before the kernel ends it."""


def soft_limit(memory_mb: float) -> dict[str, str]:
    """The environment of a program that may take this many MiB."""
    return {"GOMEMLIMIT": f"{int(memory_mb * SOFT_LIMIT)}MiB"}
