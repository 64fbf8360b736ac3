"""Hosts, as node_exporter sees them.

A host is what answers at an address: `host` is the target's `instance` without its port. So a host that is
gone silences what ran on it, wherever its exporters are reached at the host's own address.
"""

from functools import partial

from ..rules import Alert, RuleGroup
from .cause import SERVICES, cause
from .disks import disks
from .machine import AT, LOGIN, PART, TARGET
from .thresholds import Thresholds

HOST_DOWN = "HostDown"
NODE_EXPORTER_DOWN = "NodeExporterDown"
COLLECTORS = "cpu|diskstats|filesystem|meminfo|netdev|stat|textfile|timex|vmstat"
"""Those whose figures the rules read. Others fail wherever a machine lacks their hardware, and `pressure` on
kernels that tell nothing of interrupts, though it gives its other figures there."""

_cause = partial(cause, part=PART)


def hosts(t: Thresholds) -> RuleGroup:
    """Rules on hosts."""
    return RuleGroup(
        name=PART,
        rules=[
            _down(),
            _exporter_down(),
            *disks(t),
            *_memory(t),
            *_load(t),
            *_collectors(),
        ],
    )


def _by_host(selector: str) -> str:
    """The series with their `host`."""
    return f'label_replace({selector}, "host", "$1", "instance", "(.+):[0-9]+")'


def _down() -> Alert:
    everything, itself = _by_host('up{job!="probe"}'), _by_host('up{job="node"}')
    return _cause(
        HOST_DOWN,
        expr=f"max by (host, place) ({everything}) == 0 and on (host, place) {itself}",
        hold_s=60,
        summary="Nothing on host {{ $labels.host }} in {{ $labels.place }} answers",
        description=(
            "Neither the host's own exporter nor any other target at its address has answered for 60 s."
        ),
        means=(
            "The host is gone, or cut off. Its tasks move to other hosts; what is pinned to it waits for it."
        ),
        look=["Is it one host, or the whole place? RegionLost. On a manager: `docker node ls`."],
        act=[
            (
                "Reboot the instance from the cloud's console, or replace it as docs/operations.md says "
                "(a host is patched, rebooted or replaced)."
            ),
            "Do not touch another host of any place before it is back: quorums count.",
        ],
        given={
            f"up{{{TARGET}}}": "1x20 0x400",
            'up{instance="10.0.0.1:9187", job="postgres", place="east"}': "1x20 0x400",
        },
        fires=[{"host": "10.0.0.1", "place": "east"}],
        otherwise={'up{instance="10.0.0.1:9187", job="postgres", place="east"}': "1x420"},
    )


def _exporter_down() -> Alert:
    return _cause(
        NODE_EXPORTER_DOWN,
        expr='up{job="node"} == 0',
        hold_s=120,
        summary="No figures of host {{ $labels.instance }} in {{ $labels.place }}",
        description="node_exporter has not answered for 2 min. If the host is down, HostDown says so.",
        means="Nobody sees this host's disks, memory and clock.",
        look=[SERVICES],
        act=["`docker service update --force SERVICE` of the node exporter."],
        given={f"up{{{TARGET}}}": "1x20 0x400"},
        fires=[AT],
        otherwise={f"up{{{TARGET}}}": "1x10 0x4 1x400"},
    )


def _memory(t: Thresholds) -> list[Alert]:
    look = [LOGIN, "`docker stats --no-stream` shows who has it."]
    stalled = f"node_pressure_memory_stalled_seconds_total{{{TARGET}}}"
    act = [
        "Give what grows a limit, or the host more memory.",
        "Larger instances, or fewer tasks of the API for each: a worker more.",
    ]
    return [
        _cause(
            "HostMemoryShort",
            expr=f"node_memory_MemAvailable_bytes / (node_memory_MemTotal_bytes > 0) < {t.memory_free:g}",
            hold_s=600,
            summary="{{ $labels.instance }} in {{ $labels.place }} is short of memory",
            description="Only {{ $value | humanizePercentage }} is available.",
            means="The kernel will kill a process next, and chooses by itself which.",
            look=look,
            act=act,
            given={
                f"node_memory_MemAvailable_bytes{{{TARGET}}}": f"{1e9 * t.memory_free / 2:.0f}x400",
                f"node_memory_MemTotal_bytes{{{TARGET}}}": "1e9x400",
            },
            fires=[AT],
            otherwise={
                f"node_memory_MemAvailable_bytes{{{TARGET}}}": f"{1e9 * (t.memory_free + 1) / 2:.0f}x400"
            },
        ),
        _cause(
            "HostMemoryStalled",
            expr=f"rate(node_pressure_memory_stalled_seconds_total[5m]) > {t.memory_stalled:g}",
            hold_s=300,
            summary="{{ $labels.instance }} in {{ $labels.place }} thrashes",
            description="For {{ $value | humanizePercentage }} of the time everything waits for memory.",
            means="All that runs there is slow, health checks first.",
            look=look,
            act=act,
            given={stalled: f"0+{15 * t.memory_stalled * 1.1:g}x400"},
            fires=[AT],
            otherwise={stalled: f"0+{15 * t.memory_stalled / 2:g}x400"},
        ),
        _cause(
            "HostOutOfMemoryKill",
            expr="increase(node_vmstat_oom_kill[15m]) > 0",
            summary="A process on {{ $labels.instance }} in {{ $labels.place }} was killed for memory",
            description="The kernel killed {{ $value | humanize }} within 15 min: the host was full, or a "
            "container at its limit.",
            means="Its task starts anew. A member of the database that is killed costs a failover.",
            look=[LOGIN, "`sudo dmesg | grep -i 'killed process'` names it.", SERVICES],
            act=["Raise the limit of what was killed, or find what it leaks."],
            given={f"node_vmstat_oom_kill{{{TARGET}}}": "3x180 4x220"},
            fires=[AT],
            otherwise={f"node_vmstat_oom_kill{{{TARGET}}}": "4x400"},
        ),
    ]


def _load(t: Thresholds) -> list[Alert]:
    def pressure(name: str, metric: str, limit: float, what: str, means: str, act: str) -> Alert:
        return _cause(
            name,
            expr=f"rate({metric}[15m]) > {limit:g}",
            hold_s=1800,
            summary=f"{{{{ $labels.instance }}}} in {{{{ $labels.place }}}} {what}",
            description="For {{ $value | humanizePercentage }} of the time, over half an hour.",
            means=means,
            look=[LOGIN, "`docker stats --no-stream`, `top`, `iostat -x 5 3`."],
            act=[act],
            given={f"{metric}{{{TARGET}}}": f"0+{15 * min(limit * 1.1, 0.999):g}x400"},
            fires=[AT],
            otherwise={f"{metric}{{{TARGET}}}": f"0+{15 * limit / 2:g}x400"},
        )

    return [
        pressure(
            "HostCpuShort",
            "node_pressure_cpu_waiting_seconds_total",
            t.cpu_waiting,
            "has too little CPU",
            "Something always waits for a CPU: latency grows, failovers take longer.",
            "More workers, or larger instances.",
        ),
        pressure(
            "HostDiskSlow",
            "node_pressure_io_stalled_seconds_total",
            t.io_stalled,
            "waits for its disks",
            "etcd and Postgres wait for fsync: commits are slow, elections may be lost.",
            "A volume with more IOPS; find who writes (`sudo iotop -o`).",
        ),
    ]


def _collectors() -> list[Alert]:
    success = f'node_scrape_collector_success{{collector="filesystem", {TARGET}}}'
    error = f"node_textfile_scrape_error{{{TARGET}}}"
    return [
        _cause(
            "NodeCollectorFailing",
            expr=f'node_scrape_collector_success{{collector=~"{COLLECTORS}"}} == 0',
            hold_s=600,
            summary=(
                "{{ $labels.collector }} of {{ $labels.instance }} in {{ $labels.place }} gives no figures"
            ),
            description="node_exporter answers, but this collector fails.",
            means="The alerts on these figures cannot fire.",
            look=[f"{SERVICES} Its log names the reason."],
            act=["Give it the mounts that it reads (`/proc`, `/sys`, the root), then start it anew."],
            given={success: "0x400"},
            fires=[{**AT, "collector": "filesystem"}],
            otherwise={success: "1x400"},
        ),
        _cause(
            "NodeTextfileBroken",
            expr="node_textfile_scrape_error == 1",
            hold_s=600,
            summary="A textfile on {{ $labels.instance }} in {{ $labels.place }} cannot be read",
            description="Figures of backups and certificates come this way.",
            means="A script wrote what is no metric; all that its file says is missing.",
            look=[LOGIN, "`promtool check metrics < FILE.prom` for each file of the collector's folder."],
            act=["Run the script again; it must write a file beside and rename it."],
            given={error: "1x400"},
            fires=[AT],
            otherwise={error: "0x400"},
        ),
    ]
