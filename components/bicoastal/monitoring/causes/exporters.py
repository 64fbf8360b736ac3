"""What watches the parts: targets that do not answer, and jobs that have none.

`up` says that an exporter answers, and nothing of what it watches: that is `pg_up`, `redis_up`,
`probe_success`. A target that Docker's DNS does not name any more is not down, it is gone; so every job
must have one.
"""

from collections.abc import Sequence
from functools import partial

from ..rules import Alert, RuleGroup
from .cause import LOGS, SERVICES, cause
from .parts import Parts

PART = "exporters"
EXPORTER_DOWN = {
    "postgres": "PostgresExporterDown",
    "redis": "RedisExporterDown",
    "sentinel": "SentinelExporterDown",
}
"""The alert of each exporter that stands beside what it watches."""
BLACKBOX_DOWN = "BlackboxDown"

_cause = partial(cause, part=PART)
_AGAIN = "`docker service update --force SERVICE` of it, unless its host is down."


def exporters(parts: Parts) -> RuleGroup:
    """Rules on exporters."""
    beside = [
        _down(name, job, "{{ $labels.member }}", f"alerts on {job} here cannot fire")
        for job, name in EXPORTER_DOWN.items()
    ]
    blackbox = _down(BLACKBOX_DOWN, "blackbox", "{{ $labels.instance }}", "nobody asks from there any more")
    others = {"grafana": ("GrafanaDown", parts.grafana), "jaeger": ("JaegerDown", parts.tracing)}
    optional = [
        _down(name, job, "{{ $labels.instance }}", "its pages cannot be seen; alerts do not depend on it")
        for job, (name, runs) in others.items()
        if runs
    ]
    return RuleGroup(
        name=PART,
        rules=[
            unwatched("JobUnwatched", parts.jobs, _cause),
            *beside,
            blackbox,
            _redis_scrapes(),
            *_reloads(),
            *optional,
        ],
    )


def _down(name: str, job: str, who: str, means: str) -> Alert:
    series = f'up{{instance="10.0.0.1:9000", member="m", job="{job}", place="east"}}'
    return _cause(
        name,
        expr=f'up{{job="{job}"}} == 0',
        hold_s=120,
        summary=f"{name.removesuffix('Down')} {who} in {{{{ $labels.place }}}} does not answer",
        description="For 2 min.",
        means=f"What it watches may be well, but {means}.",
        look=[SERVICES, LOGS],
        act=[_AGAIN],
        given={series: "1x20 0x400"},
        fires=[{"instance": "10.0.0.1:9000", "member": "m", "job": job, "place": "east"}],
        otherwise={series: "1x20 0x4 1x400"},
    )


def unwatched(name: str, jobs: Sequence[str], declare: "partial[Alert]") -> Alert:
    """One alert for all these jobs; its label `job` names the one that has no target."""
    there = {f'up{{instance="a", job="{job}", place="east"}}': "1x400" for job in jobs}
    last = f'up{{instance="a", job="{jobs[-1]}", place="east"}}'
    return declare(
        name,
        expr=" or ".join(f'absent(up{{job="{job}"}})' for job in jobs),
        hold_s=300,
        summary="Nothing of job {{ $labels.job }} is watched",
        description="Prometheus has had no target of it for 5 min.",
        means="Either nothing of it runs, or nobody finds it. Its alerts cannot fire.",
        look=["Prometheus' page of targets, and of service discovery.", SERVICES],
        act=["Start it. Was it taken out on purpose, take it out of what monitoring is told to watch."],
        given={**there, last: "1x20 stale"},
        fires=[{"job": jobs[-1]}],
        otherwise={last: "1x20 0x400"},
    )


def _redis_scrapes() -> Alert:
    labels = 'err="x", instance="10.0.0.1:6380", member="east-redis-1", job="redis", place="east"'
    series = f"redis_exporter_last_scrape_error{{{labels}}}"
    return _cause(
        "RedisScrapeFails",
        expr="redis_exporter_last_scrape_error == 1 unless on (job, instance) redis_up == 0",
        hold_s=300,
        summary="Figures of {{ $labels.job }} {{ $labels.member }} in {{ $labels.place }} are missing",
        description="It answers its exporter, but not all: {{ $labels.err }}",
        means="Alerts on its figures may not fire.",
        look=[LOGS],
        act=["Give the exporter's user the commands that it needs (`+info +config|get +slowlog +latency`)."],
        given={series: "1x400", f"redis_up{{{labels.partition(', ')[2]}}}": "1x400"},
        fires=[
            {
                "err": "x",
                "instance": "10.0.0.1:6380",
                "member": "east-redis-1",
                "job": "redis",
                "place": "east",
            }
        ],
        otherwise={f"redis_up{{{labels.partition(', ')[2]}}}": "0x400"},
    )


def _reloads() -> list[Alert]:
    return [
        reload_failed(
            "BlackboxConfigRejected", "blackbox", "blackbox_exporter_config_last_reload_successful", _cause
        ),
    ]


def reload_failed(name: str, job: str, metric: str, declare: "partial[Alert]") -> Alert:
    """The alert on a program that was given a configuration which it does not take."""
    series = f'{metric}{{instance="10.0.0.1:9000", job="{job}", place="east"}}'
    return declare(
        name,
        expr=f"{metric} == 0",
        hold_s=300,
        summary=(
            f"{{{{ $labels.instance }}}} in {{{{ $labels.place }}}} does not take its configuration of {job}"
        ),
        description="Its last reload failed.",
        means="It works on with the one before. When it is started anew it does not come up.",
        look=[LOGS],
        act=[
            "Take the last change back and apply; configurations are checked by their program in the tests."
        ],
        given={series: "1x20 0x400"},
        fires=[{"instance": "10.0.0.1:9000", "job": job, "place": "east"}],
        otherwise={series: "1x420"},
    )
