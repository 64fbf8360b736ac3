"""Tracing: whether traces are taken and can be seen."""

from functools import partial

from ..rules import Alert, RuleGroup
from .cause import LOGS, SERVICES, cause
from .exporters import down, unwatched

PART = "tracing"
_cause = partial(cause, part=PART)
_TARGET = 'instance="10.0.0.1:8888", job="jaeger", place="east"'
_AT = {"instance": "10.0.0.1:8888", "job": "jaeger", "place": "east"}
_HERE = "{{ $labels.instance }} in {{ $labels.place }}"
_COUNT = "{{ $value | humanize }} within 15 min."
_LESS = "Trace a smaller share of requests: `monitoring.tracing.sample_ratio`."


def tracing() -> RuleGroup:
    """Rules on Jaeger and on the way to it; only where it runs."""
    means = "traces are neither taken nor seen; alerts do not depend on it"
    return RuleGroup(
        name=PART,
        rules=[
            down("JaegerDown", "jaeger", "{{ $labels.instance }}", means, _cause),
            unwatched("TracingUnwatched", ["jaeger"], _cause),
            _refused(),
            _dropped(),
            _lost(),
        ],
    )


def _refused() -> Alert:
    return _grows(
        "JaegerRefusesSpans",
        "otelcol_receiver_refused_spans_total",
        'receiver="otlp", transport="http"',
        summary=f"Jaeger {_HERE} refuses spans",
        means="It is near its memory. Who sends tries again, and then drops them: traces have gaps.",
        look=[LOGS, "`otelcol_process_memory_rss_bytes` against the service's limit."],
        act=[
            "Keep fewer traces (`monitoring.tracing.storage`), or give it more memory (`limits` beside it).",
            "Restart Jaeger: what is in memory is not let go by itself. Traces in memory are lost with it.",
            _LESS,
        ],
    )


def _dropped() -> Alert:
    return _grows(
        "JaegerDropsSpans",
        "otelcol_exporter_send_failed_spans_total",
        'exporter="jaeger_storage_exporter"',
        summary=f"Jaeger {_HERE} cannot keep spans that it took",
        means="They are lost: its store does not take them.",
        look=[LOGS, "With `badger`: is the host's disk full? See the runbook of disks."],
        act=[
            "Make room on the disk, or keep traces for fewer days (`monitoring.tracing.storage.kept_days`)."
        ],
    )


def _lost() -> Alert:
    labels = 'colour="blue", instance="10.0.1.5:8000", job="api", place="east", region="east"'
    series = f'trace_spans_total{{result="dropped", {labels}}}'
    return _cause(
        "SpansLost",
        expr='sum by (job, place, colour) (increase(trace_spans_total{result="dropped"}[15m])) > 0',
        hold_s=300,
        summary="The API ({{ $labels.colour }}) in {{ $labels.place }} drops spans",
        description=_COUNT,
        means="Jaeger does not take them, or not fast enough. Requests are served as ever; traces have gaps.",
        look=["JaegerDown, JaegerRefusesSpans.", SERVICES, 'The API\'s log says why: "spans are not taken".'],
        act=[
            "Bring Jaeger back. A certificate that is refused: make it anew, docs/tracing.md.",
            _LESS,
        ],
        given={series: "0+5x400"},
        fires=[{"job": "api", "place": "east", "colour": "blue"}],
        otherwise={series: "5x400"},
    )


def _grows(
    name: str, counter: str, labels: str, *, summary: str, means: str, look: list[str], act: list[str]
) -> Alert:
    series = f"{counter}{{{labels}, {_TARGET}}}"
    return _cause(
        name,
        expr=f"sum by (instance, job, place) (increase({counter}[15m])) > 0",
        hold_s=300,
        summary=summary,
        description=_COUNT,
        means=means,
        look=look,
        act=act,
        given={series: "0+5x400"},
        fires=[_AT],
        otherwise={series: "5x400"},
    )
