"""Disks of hosts. One device may be mounted at many places; it is one disk."""

from dataclasses import replace
from functools import partial

from ..rules import Alert
from ..trials import Trial
from .cause import PRIMARY_MOVES, cause
from .machine import AT, LOGIN, PART, TARGET
from .thresholds import Thresholds

DISKS = 'fstype!~"tmpfs|ramfs|overlay|squashfs|iso9660"'
_cause = partial(cause, part=PART)
_BY = "min by (instance, place, device)"
_AVAILABLE = f"{_BY} (node_filesystem_avail_bytes{{{DISKS}}})"
_FREE = f"{_AVAILABLE} / ({_BY} (node_filesystem_size_bytes{{{DISKS}}}) > 0)"
_MOUNTED = f'device="/dev/sda1", device_error="", fstype="ext4", mountpoint="/", {TARGET}'
_DISK = {"device": "/dev/sda1", "instance": "10.0.0.1:9100", "place": "east"}
_LOOK = [LOGIN, "`df -h`, `df -i`, `docker system df`, `sudo du -xh --max-depth 2 / | sort -h | tail`."]
_ACT = [
    "`docker image prune --all --filter until=72h`: images that nothing runs.",
    "On a host of the database look at PostgresSlotFilling first: a slot may keep WAL for a lost member.",
    "Enlarge the volume in the environment's settings and apply.",
]


def disks(t: Thresholds) -> list[Alert]:
    """Alerts on the disks of hosts."""
    inodes = (
        f"{_BY} (node_filesystem_files_free{{{DISKS}}}) / ({_BY} (node_filesystem_files{{{DISKS}}}) > 0) "
        f"< {t.disk_free:g}"
    )
    return [
        _fills_soon(t),
        _cause(
            "HostDiskAlmostFull",
            expr=f"{_FREE} < {t.disk_free:g}",
            hold_s=600,
            summary="{{ $labels.device }} of {{ $labels.instance }} in {{ $labels.place }} is almost full",
            description="Only {{ $value | humanizePercentage }} is free.",
            means="What writes there stops when it is full: the database goes down with its disk.",
            look=_LOOK,
            act=_ACT,
            given={
                f"node_filesystem_avail_bytes{{{_MOUNTED}}}": f"{100e9 * t.disk_free / 2:.0f}x400",
                f"node_filesystem_size_bytes{{{_MOUNTED}}}": "100e9x400",
            },
            fires=[_DISK],
            otherwise={
                f"node_filesystem_avail_bytes{{{_MOUNTED}}}": f"{100e9 * (t.disk_free + 1) / 2:.0f}x400"
            },
        ),
        _cause(
            "HostInodesAlmostGone",
            expr=inodes,
            hold_s=600,
            summary="{{ $labels.device }} of {{ $labels.instance }} in {{ $labels.place }} lacks inodes",
            description="Only {{ $value | humanizePercentage }} of its inodes are free.",
            means="No new file can be made there, however many bytes are free.",
            look=_LOOK,
            act=["Find the folder with very many files: `sudo find / -xdev -type d -size +1M`.", *_ACT[:1]],
            given={
                f"node_filesystem_files_free{{{_MOUNTED}}}": f"{1e6 * t.disk_free / 2:.0f}x400",
                f"node_filesystem_files{{{_MOUNTED}}}": "1e6x400",
            },
            fires=[_DISK],
            otherwise={f"node_filesystem_files_free{{{_MOUNTED}}}": f"{1e6 * (t.disk_free + 1) / 2:.0f}x400"},
        ),
        _cause(
            "HostFilesystemReadOnly",
            # What always was read-only is mounted so on purpose.
            expr=f"node_filesystem_readonly{{{DISKS}}} == 1 "
            f"and min_over_time(node_filesystem_readonly{{{DISKS}}}[1d]) == 0",
            summary=(
                "{{ $labels.mountpoint }} of {{ $labels.instance }} in {{ $labels.place }} became read-only"
            ),
            description="It could be written to within the last day.",
            means="The kernel met an error of the disk and takes no more writes.",
            look=[LOGIN, "`sudo dmesg --level err,warn | tail -50`."],
            act=[
                f"Move the primary away if it is here: {PRIMARY_MOVES}.",
                "Replace the host or its volume.",
            ],
            given={f"node_filesystem_readonly{{{_MOUNTED}}}": "0x100 1x300"},
            fires=[{**AT, **_DISK, "device_error": "", "fstype": "ext4", "mountpoint": "/"}],
            otherwise={f"node_filesystem_readonly{{{_MOUNTED}}}": "1x400"},
        ),
        _cause(
            "HostFilesystemUnreadable",
            expr=f"node_filesystem_device_error{{{DISKS}}} == 1",
            hold_s=300,
            summary=(
                "{{ $labels.mountpoint }} of {{ $labels.instance }} in {{ $labels.place }} cannot be asked"
            ),
            description="The file system gives no figures: {{ $labels.device_error }}.",
            means="Its free space is unknown, so no other alert on this disk can fire.",
            look=[LOGIN, "`df /the/mountpoint`; does it hang?"],
            act=["Mount it again, or replace the host."],
            given={f"node_filesystem_device_error{{{_MOUNTED}}}": "0x10 1x400"},
            fires=[{**AT, **_DISK, "device_error": "", "fstype": "ext4", "mountpoint": "/"}],
            otherwise={f"node_filesystem_device_error{{{_MOUNTED}}}": "0x400"},
        ),
    ]


def _fills_soon(t: Thresholds) -> Alert:
    samples = f"node_filesystem_avail_bytes{{{DISKS}}}"
    available = f"node_filesystem_avail_bytes{{{_MOUNTED}}}"
    pace = 40e9 / (t.disk_hours * 60)
    alert = _cause(
        "HostDiskFillsSoon",
        # Half full already: a disk that is nearly empty may well be written fast for some hours. And watched
        # for long enough: a new host is written fast at first.
        expr=f"{_BY} (predict_linear({samples}[6h], {t.disk_hours} * 3600)) < 0 and {_FREE} < 0.5 "
        f"and {_BY} (max_over_time({samples}[1h] offset 5h)) > 0",
        hold_s=1800,
        summary="{{ $labels.device }} of {{ $labels.instance }} in {{ $labels.place }} fills soon",
        description=f"At the pace of the last 6 h it is full within {t.disk_hours} h.",
        means="What writes there stops when it is full: the database goes down with its disk.",
        look=_LOOK,
        act=_ACT,
        given={
            available: f"40e9-{pace:.0f}x500",
            f"node_filesystem_size_bytes{{{_MOUNTED}}}": "100e9x500",
        },
        fires=[_DISK],
        otherwise={available: f"40e9-{pace / 100:.0f}x500"},
        interval_s=60,
        after_s=7 * 3600,
    )
    new_host = Trial(series=alert.firing.series, at_s=4 * 3600, interval_s=60)
    return replace(alert, also_quiet=[new_host])
