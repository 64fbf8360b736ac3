"""Metrics that rules name and that are in no recording, each with its labels and the reason.

Where a recording comes to hold one, its entry must go.
"""

from tests.monitoring.metric_existence import TARGET, Known

_TEXTFILE = "written by a job for node_exporter's textfile collector; the recorded host runs none"


UNRECORDED: dict[str, tuple[set[str], str]] = {
    "certificate:ends:timestamp_seconds": ({"certificate"}, "recorded by an environment's own rules"),
    "backup_last_success_timestamp_seconds": ({"repository", "kind"}, _TEXTFILE),
    "backup_last_run_successful": ({"repository", "kind"}, _TEXTFILE),
    "backup_last_verification_timestamp_seconds": ({"repository"}, _TEXTFILE),
    "backup_last_verification_successful": ({"repository"}, _TEXTFILE),
    "backup_last_size_bytes": ({"repository", "kind"}, _TEXTFILE),
}


def with_unrecorded(known: Known) -> Known:
    """What is recorded, and what is let pass beside it."""
    return {**known, **{name: frozenset(labels) | TARGET for name, (labels, _) in UNRECORDED.items()}}
