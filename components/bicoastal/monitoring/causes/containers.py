"""Containers: what their processes tell of themselves, and what cadvisor tells where Grafana Alloy runs
it."""

from dataclasses import replace
from functools import partial

from ..rules import Alert, RuleGroup
from ..trials import Trial
from .cause import LOGS, MORE_TASKS, SERVICES, cause
from .exporters import unwatched
from .thresholds import Thresholds

PART = "containers"
SERVICE = "container_label_com_docker_swarm_service_name"
"""The label of cadvisor that names the service. It is there only where Alloy's `docker_only` and its list of
labels (`allowlisted_container_labels`) keep it; without it nobody knows whose container it is."""
NAMED = f'{SERVICE}!=""'

_cause = partial(cause, part=PART)
_AT = {"instance": "10.0.0.1:2379", "job": "etcd", "place": "east"}
_TARGET = 'instance="10.0.0.1:2379", job="etcd", place="east"'
_HERE = "{{ $labels.instance }} in {{ $labels.place }}"
_EXPORTER = 'instance="10.0.0.1:12345", job="containers", place="east"'
_EXPORTER_AT = {"instance": "10.0.0.1:12345", "job": "containers", "place": "east"}
_CONTAINER = f'name="api.1.x", {SERVICE}="api", instance="10.0.0.1:12345", job="containers", place="east"'
_CONTAINER_AT = {
    "name": "api.1.x",
    SERVICE: "api",
    "instance": "10.0.0.1:12345",
    "job": "containers",
    "place": "east",
}


def processes(t: Thresholds) -> RuleGroup:
    """Rules on what runs in containers, by what each process tells."""
    start, files = f"process_start_time_seconds{{{_TARGET}}}", f"process_open_fds{{{_TARGET}}}"
    return RuleGroup(
        name="processes",
        rules=[
            _cause(
                "ProcessRestarts",
                expr=f"changes(process_start_time_seconds[30m]) >= {t.restarts}",
                summary=(
                    "{{ $labels.job }} {{ $labels.instance }} in {{ $labels.place }} starts again and again"
                ),
                description="{{ $value }} times within 30 min.",
                means="It dies, or its health check fails, and Swarm starts it anew.",
                look=[SERVICES, LOGS, "HostOutOfMemoryKill: was it killed for memory?"],
                act=["Take the last change back and apply.", "Raise its memory limit if that killed it."],
                given={
                    start: f"1000x120 2000x{80 // t.restarts} "
                    + " ".join(f"{3000 + n}x3" for n in range(t.restarts))
                },
                fires=[_AT],
                otherwise={start: "1000x150 2000x250"},
                after_s=15 * (125 + 80 // t.restarts + 4 * t.restarts),
            ),
            _cause(
                "ProcessFilesNearLimit",
                expr=f"process_open_fds / (process_max_fds > 0) > {t.files_used:g}",
                hold_s=600,
                summary="{{ $labels.job }} {{ $labels.instance }} in {{ $labels.place }} runs out of files",
                description="{{ $value | humanizePercentage }} of its file descriptors are used.",
                means="At the limit it takes no new connection and opens no file.",
                look=[SERVICES, "Does the number of its connections grow?"],
                act=["Start it anew; find what it leaks."],
                given={
                    files: f"{1000 * (t.files_used + 1) / 2:.0f}x400",
                    f"process_max_fds{{{_TARGET}}}": "1000x400",
                },
                fires=[_AT],
                otherwise={files: f"{1000 * t.files_used / 2:.0f}x400"},
            ),
        ],
    )


def containers(t: Thresholds) -> RuleGroup:
    """Rules on containers, by the metrics of Alloy's `prometheus.exporter.cadvisor`; only where that runs."""
    used = f"container_memory_working_set_bytes{{{_CONTAINER}}}"
    pages = f"container_memory_total_active_file_bytes{{{_CONTAINER}}}"
    denied = f"container_cpu_cfs_throttled_periods_total{{{_CONTAINER}}}"
    named = f"{{{{ $labels.{SERVICE} }}}} in {{{{ $labels.place }}}}"
    return RuleGroup(
        name=PART,
        rules=[
            unwatched("ContainersUnwatched", ["containers"], _cause),
            _down(),
            _untold(),
            _cause(
                "ContainerMemoryNearLimit",
                # Pages of files that are read again and again are in the working set, and given up in need.
                expr=f"(container_memory_working_set_bytes{{{NAMED}}} "
                f"- container_memory_total_active_file_bytes{{{NAMED}}}) "
                f"/ (container_spec_memory_limit_bytes{{{NAMED}}} > 0) > {t.container_memory:g}",
                hold_s=600,
                summary=f"{named} is near its memory limit",
                description="{{ $labels.name }} uses {{ $value | humanizePercentage }}.",
                means="At the limit it is killed.",
                look=[
                    SERVICES,
                    "`docker stats --no-stream` on its host.",
                    "HostOutOfMemoryKill: was it killed?",
                ],
                act=["Raise its limit, or find what it leaks."],
                given={
                    used: f"{1e9 * (t.container_memory + 1) / 2:.0f}x400",
                    pages: "0x400",
                    f"container_spec_memory_limit_bytes{{{_CONTAINER}}}": "1e9x400",
                },
                fires=[_CONTAINER_AT],
                otherwise={pages: f"{1e9 * t.container_memory / 2:.0f}x400"},
            ),
            _cause(
                "ContainerThrottled",
                expr=f"rate(container_cpu_cfs_throttled_periods_total{{{NAMED}}}[15m]) "
                f"/ (rate(container_cpu_cfs_periods_total{{{NAMED}}}[15m]) > 1) > {t.container_throttled:g}",
                hold_s=1800,
                summary=f"{named} is denied CPU",
                description=(
                    "{{ $labels.name }} in {{ $value | humanizePercentage }} of its periods, for "
                    "half an hour."
                ),
                means="It is slow by its own limit, while its host may be idle.",
                look=[SERVICES],
                act=[f"Raise its CPU limit. Is it the API, let more tasks share the work: {MORE_TASKS}."],
                given={
                    denied: f"0+{150 * (t.container_throttled + 1) / 2:g}x400",
                    f"container_cpu_cfs_periods_total{{{_CONTAINER}}}": "0+150x400",
                },
                fires=[_CONTAINER_AT],
                otherwise={denied: f"0+{150 * t.container_throttled / 2:g}x400"},
            ),
            _replaced(t),
        ],
    )


def _replaced(t: Thresholds) -> Alert:
    started = f"container_start_time_seconds{{{NAMED}}}"
    by = f"count by (place, {SERVICE})"
    lately, at_once = f"{by} (last_over_time({started}[30m]))", f"max_over_time(({by} ({started}))[30m:1m])"

    def task(name: str) -> str:
        return f"container_start_time_seconds{{{_CONTAINER}}}".replace("api.1.x", name)

    deaths = 2 * t.restarts + 5
    apart = max(2, 90 // deaths)
    one_dies = {
        task(f"api.1.{number}"): f"_x{100 + apart * number} 1x{apart - 2} stale" for number in range(deaths)
    }
    # Four tasks, replaced twice.
    deployed = {
        task(f"api.{number}.{deploy}"): values
        for number in range(2, 6)
        for deploy, values in enumerate(("1x130 stale", "_x125 1x30 stale", "_x150 1x250"))
    }
    fewer = Trial(
        series={task(f"api.{number}.x"): f"1x{150 if number else 400} stale" for number in range(deaths)},
        at_s=3000,
        interval_s=15,
    )
    alert = _cause(
        "ContainersReplaced",
        # A new task is a new container, so a new series: restarts are counted by service. A deploy replaces
        # each task that runs once, and one that is taken back twice.
        expr=f"{lately} - {at_once} >= {t.restarts} and {lately} > 3 * {at_once}",
        summary=f"Tasks of {{{{ $labels.{SERVICE} }}}} in {{{{ $labels.place }}}} start again and again",
        description="{{ $value }} containers were replaced within 30 min: more than two for each that ran.",
        means="They die, or their health check fails. One that dies before it is asked for is not counted.",
        look=[SERVICES, LOGS, "HostOutOfMemoryKill: were they killed for memory?"],
        act=["Take the last change back and apply.", "Raise their memory limit if that killed them."],
        given={**one_dies, task("api.1.x"): "1x400"},
        fires=[{"place": "east", SERVICE: "api"}],
        otherwise={**dict.fromkeys(one_dies, "_x400"), **deployed},
    )
    return replace(alert, also_quiet=[fewer])


def _down() -> Alert:
    series = f"up{{{_EXPORTER}}}"
    alloy = series.replace("containers", "alloy")
    return _cause(
        "ContainersDown",
        expr='up{job="containers"} == 0 unless on (instance, place) up{job="alloy"} == 0',
        hold_s=300,
        summary=f"Alloy {_HERE} does not tell of its containers",
        description="For 5 min, while Alloy itself answers.",
        means="Alerts on the containers of that host cannot fire.",
        look=["Alloy's own page shows each component and its error.", LOGS],
        act=["Give it the engine's socket and the host's control groups, which it reads them from."],
        given={series: "1x20 0x400", alloy: "1x420"},
        fires=[_EXPORTER_AT],
        # AlloyDown tells.
        otherwise={alloy: "1x20 0x400"},
    )


def _untold() -> Alert:
    series, told = f"up{{{_EXPORTER}}}", f"container_memory_working_set_bytes{{{_CONTAINER}}}"
    nameless = told.replace(f'{SERVICE}="api"', f'{SERVICE}=""').replace("api.1.x", "")
    alert = _cause(
        "ContainersUntold",
        expr=(
            'up{job="containers"} == 1 unless on (instance, place) '
            f"container_memory_working_set_bytes{{{NAMED}}}"
        ),
        hold_s=300,
        summary=f"Alloy {_HERE} tells of no service's container",
        description="For 5 min, though it answers.",
        means="Alerts on the containers of that host cannot fire.",
        look=[
            "Alloy's own page shows each component and its error.",
            "Is `engine.storage_driver` what `docker info` names on that host?",
        ],
        act=["Give it the engine's socket, the control groups and the ids of containers' layers."],
        given={series: "1x400", nameless: "1e6x400"},
        fires=[_EXPORTER_AT],
        otherwise={told: "1e6x400"},
    )
    down = Trial(series={series: "1x20 0x400", nameless: "1e6x20 stale"}, at_s=3000, interval_s=15)
    return replace(alert, also_quiet=[down])
