"""Replication of S3 buckets, by CloudWatch.

CloudWatch is asked by Grafana Alloy's `prometheus.exporter.cloudwatch` (YACE): metrics of `AWS/S3` with
the dimensions `SourceBucket`, `DestinationBucket`, `RuleId`. AWS counts them only for rules with
replication metrics on.
"""

from functools import partial

from ..rules import RuleGroup
from .cause import cause
from .thresholds import Thresholds

PART = "buckets"
LATENCY = "aws_s3_replication_latency_maximum"
BYTES = "aws_s3_bytes_pending_replication_maximum"
FAILED = "aws_s3_operations_failed_replication_sum"

_cause = partial(cause, part=PART)
_LABELS = {
    "dimension_SourceBucket": "a",
    "dimension_DestinationBucket": "b",
    "dimension_RuleId": "all",
    "job": "alloy",
    "instance": "10.0.0.1:12345",
    "place": "east",
}
_SERIES = ", ".join(f'{key}="{value}"' for key, value in _LABELS.items())
_WAY = "{{ $labels.dimension_SourceBucket }} to {{ $labels.dimension_DestinationBucket }}"
_LOOK = [
    "`aws s3api head-object --bucket SOURCE --key KEY` tells the `ReplicationStatus` of one object.",
    "`aws s3api get-bucket-replication --bucket SOURCE`: is the rule enabled, its role and key right?",
]
_ACT = ["Mend role, key or rule by applying the program.", "S3 Batch Replication copies what failed."]


def buckets(t: Thresholds) -> RuleGroup:
    """Rules on replicated buckets; only where buckets are declared."""
    latency, waiting, failed = (f"{metric}{{{_SERIES}}}" for metric in (LATENCY, BYTES, FAILED))
    return RuleGroup(
        name=PART,
        rules=[
            _cause(
                "BucketReplicationLate",
                expr=f"{LATENCY} > {t.replication_s}",
                hold_s=900,
                summary=f"Replication from {_WAY} is late",
                description="By {{ $value | humanizeDuration }}.",
                means=(
                    "Files of that time are lost with the region. The database's recovery point is "
                    "another one."
                ),
                look=_LOOK,
                act=_ACT,
                given={latency: f"{2 * t.replication_s}x400"},
                fires=[_LABELS],
                otherwise={latency: f"{t.replication_s}x400"},
            ),
            _cause(
                "BucketReplicationWaits",
                expr=f"{BYTES} > {t.replication_bytes}",
                hold_s=1800,
                summary=f"Much waits for replication from {_WAY}",
                description="{{ $value | humanize1024 }}B, for half an hour.",
                means="As BucketReplicationLate, for large files.",
                look=_LOOK,
                act=_ACT,
                given={waiting: f"{2 * t.replication_bytes}x400"},
                fires=[_LABELS],
                otherwise={waiting: f"{t.replication_bytes}x400"},
            ),
            _cause(
                "BucketReplicationFails",
                expr=f"sum without (instance) (sum_over_time({FAILED}[30m])) > 0",
                summary=f"Objects are not replicated from {_WAY}",
                description="{{ $value }} failed within half an hour. S3 does not try them again.",
                means="These files are in one region only.",
                look=_LOOK,
                act=_ACT,
                given={failed: "0x180 2x220"},
                fires=[{key: value for key, value in _LABELS.items() if key != "instance"}],
                otherwise={failed: "0x400"},
            ),
            _cause(
                "BucketReplicationUnknown",
                expr=f"absent({LATENCY})",
                hold_s=3600,
                summary="Nobody tells how late the replication of buckets is",
                description="CloudWatch has given no figure for an hour.",
                means="A rule that does not replicate would not be noticed.",
                look=["Alloy's log: may it ask CloudWatch (`cloudwatch:GetMetricData`)?", _LOOK[1]],
                act=["Give Alloy the right, or switch the rule's metrics on."],
                given={latency: "1x20 stale"},
                fires=[{}],
                otherwise={latency: "1x500"},
                after_s=6000,
            ),
        ],
    )
