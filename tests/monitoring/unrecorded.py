"""Metrics that rules name and that are in no recording, each with its labels and the reason.

Where a recording comes to hold one, its entry must go.
"""

from tests.monitoring.metric_existence import TARGET, Known

_REPLICA = "a replica tells it; the recording is the master's"
_TEXTFILE = "written by a job for node_exporter's textfile collector; the recorded host runs none"
_CLOUDWATCH = "CloudWatch's, by Alloy's prometheus.exporter.cloudwatch; there is no AWS here"

_REPLICATION = {"dimension_SourceBucket", "dimension_DestinationBucket", "dimension_RuleId"}

UNRECORDED: dict[str, tuple[set[str], str]] = {
    "certificate_expires_timestamp_seconds": ({"path"}, _TEXTFILE),
    "backup_last_success_timestamp_seconds": ({"repository", "kind"}, _TEXTFILE),
    "backup_last_run_successful": ({"repository", "kind"}, _TEXTFILE),
    "backup_last_verification_timestamp_seconds": ({"repository"}, _TEXTFILE),
    "backup_last_verification_successful": ({"repository"}, _TEXTFILE),
    "backup_last_size_bytes": ({"repository", "kind"}, _TEXTFILE),
    "aws_s3_replication_latency_maximum": (_REPLICATION, _CLOUDWATCH),
    "aws_s3_bytes_pending_replication_maximum": (_REPLICATION, _CLOUDWATCH),
    "aws_s3_operations_failed_replication_sum": (_REPLICATION, _CLOUDWATCH),
}


def with_unrecorded(known: Known) -> Known:
    """What is recorded, and what is let pass beside it."""
    return {**known, **{name: frozenset(labels) | TARGET for name, (labels, _) in UNRECORDED.items()}}
