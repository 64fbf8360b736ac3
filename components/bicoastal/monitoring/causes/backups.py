"""Backups, by what their jobs note for node_exporter's textfile collector, and the archive of WAL.

A backup's job writes these metrics, in a file beside that is renamed, so that it is never read half written:

| metric | labels | what |
|---|---|---|
| `backup_last_success_timestamp_seconds` | `repository`, `kind` (`full`, `incremental`) | its end, if good |
| `backup_last_run_successful` | `repository`, `kind` | 1 when the last run was good, else 0 |
| `backup_last_verification_timestamp_seconds` | `repository` | when a backup was last restored and compared |
| `backup_last_verification_successful` | `repository` | 1 when it was as it must be, else 0 |
| `backup_last_size_bytes` | `repository`, `kind` | size of the last good one |

One host runs the job, so the figures are asked for without regard to where they come from.
"""

from functools import partial

from ..rules import Alert, RuleGroup
from .cause import cause
from .thresholds import Thresholds

PART = "backups"
SUCCESS = "backup_last_success_timestamp_seconds"
RUN = "backup_last_run_successful"
VERIFIED = "backup_last_verification_timestamp_seconds"
GOOD = "backup_last_verification_successful"
SIZE = "backup_last_size_bytes"

_cause = partial(cause, part=PART)
_OF = 'repository="s3"'
_KIND = 'kind="full", repository="s3"'
_TARGET = 'instance="10.0.0.1:9100", job="node", place="east"'
_MEMBER = 'member="east-postgres-1", instance="10.0.0.1:9187", job="postgres", place="east"'
_LOOK = ["In the primary's container: `pgbackrest info`.", "The job's log on the host that runs it."]
_ACT = [
    "Run it by hand: `pgbackrest backup`, and mend what it says.",
    "Is the bucket reached, and its key good?",
]


def backups(t: Thresholds) -> RuleGroup:
    """Rules on backups; only where backups are declared."""
    hour = 3600
    return RuleGroup(
        name=PART,
        rules=[
            _unknown(),
            _old(
                "BackupOld",
                f"max by (repository) ({SUCCESS})",
                f"{SUCCESS}{{{_KIND}, {_TARGET}}}",
                t.backup_age_h * hour,
                "backup",
                "What was written since is in the archive of WAL alone.",
            ),
            _old(
                "BackupVerificationOld",
                f"max by (repository) ({VERIFIED})",
                f"{VERIFIED}{{{_OF}, {_TARGET}}}",
                t.verification_age_h * hour,
                "backup that was restored and compared",
                "Nobody knows whether a backup can be restored.",
            ),
            _failed(
                "BackupFailed", RUN, _KIND, {"kind": "full", "repository": "s3"}, "The last backup failed."
            ),
            _failed(
                "BackupVerificationFailed",
                GOOD,
                _OF,
                {"repository": "s3"},
                "The last backup that was restored is not as it must be: it may be of no use.",
            ),
            _shrank(),
            *_archive(t),
        ],
    )


def _unknown() -> Alert:
    series = {f"{metric}{{{_OF}, {_TARGET}}}": "1x400" for metric in (SUCCESS, VERIFIED)}
    return _cause(
        "BackupUnknown",
        expr=f"absent({SUCCESS}) or absent({VERIFIED})",
        hold_s=900,
        summary="Nobody tells how old the backups are",
        description="Backups are declared, but no job has noted one, or none that was verified, for 15 min.",
        means="Backups may never have run.",
        look=_LOOK,
        act=[
            "Run the job once; look for its file in the textfile collector's folder. See NodeTextfileBroken."
        ],
        given=dict.fromkeys(series, "1x20 stale"),
        fires=[{}],
        otherwise=series,
    )


def _old(name: str, newest: str, series: str, limit_s: int, what: str, means: str) -> Alert:
    return _cause(
        name,
        expr=f"time() - {newest} > {limit_s}",
        summary=f"{{{{ $labels.repository }}}} has no fresh {what}",
        description="The last one is {{ $value | humanizeDuration }} old.",
        means=means,
        look=_LOOK,
        act=_ACT,
        # Time begins at 0 in a trial.
        given={series: f"-{limit_s}x400"},
        fires=[{"repository": "s3"}],
        otherwise={series: "0x400"},
    )


def _failed(name: str, metric: str, labels: str, fires: dict[str, str], means: str) -> Alert:
    series = f"{metric}{{{labels}, {_TARGET}}}"
    return _cause(
        name,
        expr=f"min by ({', '.join(fires)}) ({metric}) == 0",
        summary="{{ $labels.repository }}: " + means.split(":")[0].rstrip("."),
        description="Its job noted 0 as its outcome.",
        means=means,
        look=_LOOK,
        act=_ACT,
        given={series: "1x20 0x400"},
        fires=[fires],
        otherwise={series: "1x420"},
    )


def _shrank() -> Alert:
    series = f"{SIZE}{{{_KIND}, {_TARGET}}}"
    by = "max by (repository, kind)"
    return _cause(
        "BackupShrank",
        expr=f"{by} ({SIZE}) / ({by} (max_over_time({SIZE}[3d])) > 0) < 0.5",
        summary="The {{ $labels.kind }} backup in {{ $labels.repository }} shrank",
        description="It has {{ $value | humanizePercentage }} of the largest one's size within three days.",
        means="Was much deleted? Then the older backups hold what is missing now.",
        look=[*_LOOK, "The tables' sizes on the primary: `pg_stat_user_tables_size_bytes`."],
        act=["Ask who deleted it. Keep the older backups from expiring until it is clear."],
        given={series: "1e9x150 4e8x250"},
        fires=[{"repository": "s3", "kind": "full"}],
        otherwise={series: "1e9x150 9e8x250"},
    )


def _archive(t: Thresholds) -> list[Alert]:
    failed = f'pg_stat_archiver_failed_count{{server="a:5433", {_MEMBER}}}'
    at = {
        "server": "a:5433",
        "member": "east-postgres-1",
        "instance": "10.0.0.1:9187",
        "job": "postgres",
        "place": "east",
    }
    age = f'pg_stat_archiver_last_archive_age{{server="a:5433", {_MEMBER}}}'
    primary = {f"pg_replication_is_replica{{{_MEMBER}}}": "0x400"}
    means = "What is not archived can be lost with the region, and the primary's disk fills with it."
    return [
        _cause(
            "ArchiveFails",
            expr="increase(pg_stat_archiver_failed_count[15m]) > 0",
            hold_s=300,
            summary="{{ $labels.member }} cannot archive its WAL",
            description="{{ $value | humanize }} failures within 15 min.",
            means=means,
            look=[*_LOOK, "`SELECT * FROM pg_stat_archiver` on the primary."],
            act=_ACT[1:],
            given={failed: "0+1x400"},
            fires=[at],
            otherwise={failed: "5x400"},
        ),
        _cause(
            "ArchiveOld",
            expr=f"pg_stat_archiver_last_archive_age > {t.archive_age_s} "
            "and on (instance) pg_replication_is_replica == 0",
            hold_s=300,
            summary="{{ $labels.member }} has archived no WAL for long",
            description=(
                "For {{ $value | humanizeDuration }}. `archive_timeout` makes it archive without writes, too."
            ),
            means=means,
            look=[*_LOOK, "`SELECT * FROM pg_stat_archiver` on the primary."],
            act=_ACT[1:],
            given={**primary, age: f"{2 * t.archive_age_s}x400"},
            fires=[at],
            # A copy archives nothing.
            otherwise={f"pg_replication_is_replica{{{_MEMBER}}}": "1x400"},
        ),
    ]
