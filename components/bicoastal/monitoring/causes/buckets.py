"""Replication of S3 buckets, by CloudWatch.

CloudWatch is asked by `CloudWatchExporter`, which is Grafana Alloy's `prometheus.exporter.cloudwatch` (YACE):
metrics of `AWS/S3` with the dimensions `SourceBucket`, `DestinationBucket`, `RuleId`. AWS counts them only
for rules with replication metrics on: the lag always, failures only where objects were to be copied. Where
CloudWatch has no figure, or was not asked, there is no series.
"""

from functools import partial

from ..rules import Alert, RuleGroup
from .cause import cause
from .exporters import down, unwatched
from .thresholds import Thresholds

PART = "buckets"
LATENCY = "aws_s3_replication_latency_maximum"
BYTES = "aws_s3_bytes_pending_replication_maximum"
FAILED = "aws_s3_operations_failed_replication_sum"
ASKED = "yace_cloudwatch_requests_total"

_cause = partial(cause, part=PART)
_LABELS = {
    "dimension_SourceBucket": "a",
    "dimension_DestinationBucket": "b",
    "dimension_RuleId": "all",
    "job": "cloudwatch",
    "instance": "10.0.0.1:12346",
    "place": "east",
}
_EXPORTER = 'job="cloudwatch", instance="10.0.0.1:12346", place="east"'
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
            down(
                "CloudWatchExporterDown",
                "cloudwatch",
                "{{ $labels.instance }}",
                "nobody tells of the replication of buckets here",
                _cause,
            ),
            unwatched("CloudWatchUnwatched", ["cloudwatch"], _cause),
            _silent(),
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
                expr=f"max without (instance) (max_over_time({FAILED}[30m])) > 0",
                summary=f"Objects are not replicated from {_WAY}",
                description=(
                    "Up to {{ $value }} within a quarter of an hour, in the last 30 min. "
                    "S3 does not try them again."
                ),
                means="These files are in one region only.",
                look=_LOOK,
                act=_ACT,
                given={failed: "0x180 2x220"},
                fires=[{key: value for key, value in _LABELS.items() if key != "instance"}],
                otherwise={failed: "0x400"},
            ),
            _unknown(latency),
        ],
    )


def _silent() -> Alert:
    asked = f'{ASKED}{{api_name="GetMetricStatistics", {_EXPORTER}}}'
    return _cause(
        "CloudWatchNotAsked",
        expr=f"sum by (instance, place) (increase({ASKED}[30m])) == 0",
        hold_s=600,
        summary="{{ $labels.instance }} in {{ $labels.place }} asks CloudWatch no more",
        description="Not once within half an hour, though it answers; it tells what it heard last.",
        means="The figures of buckets are old, whatever they say.",
        look=["The log of service `cloudwatch`. Does the region answer?"],
        act=["`docker service update --force SERVICE` of it."],
        given={asked: "0+1x20 20x400"},
        fires=[{"instance": "10.0.0.1:12346", "place": "east"}],
        otherwise={asked: "0+1x420"},
        after_s=6000,
    )


def _unknown(latency: str) -> Alert:
    other = latency.replace('"a"', '"c"')
    way = {key: value for key, value in _LABELS.items() if key != "instance"}
    known, newest = (
        f"max without (instance) ({figure})" for figure in (f"present_over_time({LATENCY}[1d])", LATENCY)
    )
    return _cause(
        "BucketReplicationUnknown",
        expr=f"absent({LATENCY}) or ({known} unless {newest})",
        hold_s=3600,
        summary="Nobody tells how late the replication of buckets is",
        description="CloudWatch has given no figure for an hour, of a bucket of which it had some or of any.",
        means="A rule that does not replicate would not be noticed.",
        look=[
            "The log of service `cloudwatch`: may its key do `cloudwatch:GetMetricStatistics`?",
            _LOOK[1],
        ],
        act=["Give the key the right, or switch the rule's metrics on."],
        given={latency: "1x20 stale", other: "1x500"},
        fires=[way],
        otherwise={latency: "1x500"},
        after_s=6000,
    )
