"""The clocks of hosts, which keep time by a time server. Containers that stand in for hosts have the clock of
their machine, which is not the stack's to watch."""

from functools import partial

from ..rules import Alert, RuleGroup
from .cause import cause
from .machine import AT, LOGIN, PART, TARGET
from .thresholds import Thresholds

_cause = partial(cause, part=PART)


def clocks(t: Thresholds) -> RuleGroup:
    """Rules on clocks."""
    return RuleGroup(name="clocks", rules=[_unsynchronised(), _skew(t)])


def _skew(t: Thresholds) -> Alert:
    metric = f"node_timex_offset_seconds{{{TARGET}}}"
    return _cause(
        "HostClockSkew",
        expr=f"abs(node_timex_offset_seconds) > {t.clock_offset_s:g}",
        hold_s=600,
        summary="The clock of {{ $labels.instance }} in {{ $labels.place }} is off",
        description="By {{ $value | humanizeDuration }}.",
        means=(
            "Certificates, tokens and timestamps are judged by it. Leases are not: these count for "
            "themselves."
        ),
        look=[LOGIN, "`timedatectl`, `chronyc tracking`."],
        act=["`sudo systemctl restart chrony` or `systemd-timesyncd`, whichever runs."],
        given={metric: f"{-2 * t.clock_offset_s:g}x400"},
        fires=[AT],
        otherwise={metric: f"{t.clock_offset_s / 2:g}x400"},
    )


def _unsynchronised() -> Alert:
    return _cause(
        "HostClockUnsynchronised",
        expr="node_timex_sync_status == 0",
        hold_s=3600,
        summary="{{ $labels.instance }} in {{ $labels.place }} follows no time server",
        description="The kernel has taken its clock for unsynchronised for an hour.",
        means="The clock drifts from now on.",
        look=[LOGIN, "`timedatectl`, `chronyc sources`."],
        act=["Let it reach the cloud's time server (169.254.169.123) and start the service again."],
        given={f"node_timex_sync_status{{{TARGET}}}": "0x400"},
        fires=[AT],
        otherwise={f"node_timex_sync_status{{{TARGET}}}": "1x400"},
        after_s=5400,
    )
