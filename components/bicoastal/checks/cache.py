"""What must hold for Redis under Sentinel."""

from collections.abc import Iterator

from .problem import Problem

NOTICED_S = 2
"""Redis counts a replica's lag in whole seconds, once a second: so much later than the lag itself, at worst,
does a master refuse writes."""


def isolated_master_stops_first(max_lag_s: int, down_after_ms: int) -> Iterator[Problem]:
    """A master that is cut off refuses writes before the Sentinels may take it for dead: there are never two
    that acknowledge."""
    stops_ms = (max_lag_s + NOTICED_S) * 1000
    if stops_ms > down_after_ms:
        yield Problem(
            "max_lag_s",
            "a master that is cut off may still acknowledge writes when the next one begins",
            f"max_lag_s {max_lag_s} + {NOTICED_S} s until it is noticed > down_after_ms {down_after_ms}",
            f"(max_lag_s + {NOTICED_S}) x 1000 <= down_after_ms",
            "lengthen down_after_ms or shorten max_lag_s",
        )


def data_fits_the_limit(memory_mb: int, limit_mb: int) -> Iterator[Problem]:
    """While Redis rewrites its log, it may need its data's memory twice."""
    if limit_mb < 2 * memory_mb:
        yield Problem(
            "limits.memory_mb",
            "Redis would be killed while it rewrites its log",
            f"{limit_mb} MiB for {memory_mb} MiB of data",
            "at least twice cluster.memory_mb",
            "raise the limit, lower cluster.memory_mb, or leave the limit to its default",
        )
