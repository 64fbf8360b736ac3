"""The logs' way: Grafana Alloy, which reads the containers' logs, and Loki, which keeps them."""

from dataclasses import replace
from functools import partial

from ..rules import Alert, RuleGroup
from ..trials import Trial
from .cause import LOGS, SERVICES, cause
from .exporters import reload_failed, unwatched
from .parts import Parts
from .thresholds import Thresholds

PART = "logs"
_cause = partial(cause, part=PART)
_ALLOY = 'instance="10.0.0.1:12345", job="alloy", place="east"'
_ALLOY_AT = {"instance": "10.0.0.1:12345", "job": "alloy", "place": "east"}
_LOKI = 'instance="10.0.0.1:3100", job="loki", place="east"'
_LOKI_AT = {"instance": "10.0.0.1:3100", "job": "loki", "place": "east"}
_HERE = "{{ $labels.instance }} in {{ $labels.place }}"
_PAGE = "Alloy's own page shows each component and its error."
_WAITS = (
    "Alloy reads no further: lines wait in the engines' files until these are rotated, and what it has tried "
    "to send for an hour is given up."
)


def collector() -> RuleGroup:
    """Rules on Alloy; where it runs, for logs or for containers' metrics."""
    return RuleGroup(
        name="collector",
        rules=[
            _down(
                "AlloyDown",
                "alloy",
                _ALLOY,
                _ALLOY_AT,
                "Logs stay in the engines' files, and may be rotated away.",
            ),
            unwatched("AlloyUnwatched", ["alloy"], _cause),
            _unhealthy(),
            reload_failed("AlloyConfigRejected", "alloy", "alloy_config_last_load_successful", _cause),
        ],
    )


def logs(t: Thresholds, parts: Parts) -> RuleGroup:
    """Rules on the way of logs; only where there is one."""
    return RuleGroup(
        name=PART,
        rules=[
            _down(
                "LokiDown",
                "loki",
                _LOKI,
                _LOKI_AT,
                _WAITS,
            ),
            unwatched("LokiUnwatched", ["loki"], _cause),
            _dropped(),
            _retries(t),
            _discarded(),
            _requests(t),
            _silence(parts),
        ],
    )


def _down(name: str, job: str, target: str, at: dict[str, str], means: str) -> Alert:
    return _cause(
        name,
        expr=f'up{{job="{job}"}} == 0',
        hold_s=300,
        summary=f"{name.removesuffix('Down')} {_HERE} does not answer",
        description="For 5 min.",
        means=means,
        look=[SERVICES, LOGS],
        act=["`docker service update --force SERVICE` of it, unless its host is down."],
        given={f"up{{{target}}}": "1x20 0x400"},
        fires=[at],
        otherwise={f"up{{{target}}}": "1x20 0x10 1x400"},
    )


def _unhealthy() -> Alert:
    labels = f'controller_id="", controller_path="/", health_type="unhealthy", {_ALLOY}'
    series = f"alloy_component_controller_running_components{{{labels}}}"
    return _cause(
        "AlloyComponentUnhealthy",
        expr=(
            "sum by (instance, job, place) "
            '(alloy_component_controller_running_components{health_type!="healthy"}) > 0'
        ),
        hold_s=900,
        summary=f"Alloy {_HERE} has ill components",
        description="{{ $value }}, for 15 min.",
        means="Logs or metrics of some containers are missing.",
        look=[_PAGE, LOGS],
        act=["Give it the right, the file or the socket that its component misses."],
        given={series: "0x20 1x400"},
        fires=[_ALLOY_AT],
        otherwise={series: "0x20 1x20 0x400"},
    )


def _dropped() -> Alert:
    endpoint = 'component_id="loki.write.default", endpoint="loki", host="loki", reason="ingester_error"'
    series = f'loki_write_dropped_entries_total{{{endpoint}, tenant="", {_ALLOY}}}'
    return _cause(
        "LogsLost",
        expr="sum by (instance, job, place, reason) (increase(loki_write_dropped_entries_total[15m])) > 0",
        hold_s=300,
        summary=f"Alloy {_HERE} loses logs",
        description="{{ $value | humanize }} lines within 15 min ({{ $labels.reason }}).",
        means="They are in the engine's files only, until these are rotated.",
        look=[_PAGE, "LokiDown; Loki's log says why it refuses."],
        act=["Bring Loki back. Rate limits: find the container that writes so much."],
        given={series: "0+5x400"},
        fires=[{**_ALLOY_AT, "reason": "ingester_error"}],
        otherwise={series: "5x400"},
    )


def _retries(t: Thresholds) -> Alert:
    labels = f'component_id="loki.write.default", host="loki", tenant="", {_ALLOY}'
    failed = f'loki_write_request_duration_seconds_count{{status_code="503", {labels}}}'
    by = "sum by (instance, job, place)"
    count = "loki_write_request_duration_seconds_count"
    return _cause(
        "LogsNotTaken",
        expr=f'{by} (rate({count}{{status_code!~"2.."}}[5m])) '
        f"/ ({by} (rate({count}[5m])) > 0) > {t.errors:g}",
        hold_s=900,
        summary=f"Loki does not take what Alloy {_HERE} sends",
        description="{{ $value | humanizePercentage }} of its requests fail, for 15 min.",
        means=_WAITS,
        look=[_PAGE, "LokiDown, LokiErrors."],
        act=["Mend Loki or the way to it; Alloy sends again by itself."],
        given={
            failed: "0+5x400",
            f'loki_write_request_duration_seconds_count{{status_code="204", {labels}}}': "0+5x400",
        },
        fires=[_ALLOY_AT],
        otherwise={failed: "0x400"},
    )


def _discarded() -> Alert:
    def of(reason: str) -> str:
        labels = f'format="loki", policy="", reason="{reason}", retention_hours="720", tenant="fake"'
        return f"loki_discarded_samples_total{{{labels}, {_LOKI}}}"

    # What comes too fast is sent again: LogsNotTaken and LogsLost tell of that.
    found = 'loki_discarded_samples_total{reason!~"rate_limited|per_stream_rate_limit"}'
    old, labels = "greater_than_max_sample_age", "max_label_names_per_series"
    return _cause(
        "LokiDiscards",
        # Its series begins with the first line that is refused, which an increase does not see.
        expr=(
            "sum by (instance, job, place, reason) "
            f"(({found} unless last_over_time({found}[1d] offset 15m)"
            f' and on (instance, place) up{{job="loki"}} offset 15m) or increase({found}[15m])) > 0'
        ),
        hold_s=300,
        summary=f"Loki {_HERE} refuses logs for good",
        description="{{ $value | humanize }} lines within 15 min ({{ $labels.reason }}).",
        means="They are lost: nobody sends them again.",
        look=[LOGS],
        act=["Find the container by the reason that Loki's log names, or raise the limit that is named."],
        given={f"up{{{_LOKI}}}": "1x400", of(old): "_x170 5x230", of(labels): "0+5x400"},
        fires=[{**_LOKI_AT, "reason": reason} for reason in (labels, old)],
        otherwise={of(old): "_x20 5x400", of(labels): "5x400", of("rate_limited"): "0+5x400"},
    )


def _requests(t: Thresholds) -> Alert:
    labels = f'method="POST", route="loki_api_v1_push", ws="false", {_LOKI}'
    failed = f'loki_request_duration_seconds_count{{status_code="500", {labels}}}'
    by = "sum by (instance, job, place, route)"
    count = "loki_request_duration_seconds_count"
    return _cause(
        "LokiErrors",
        expr=f'{by} (rate({count}{{status_code=~"5.."}}[5m])) '
        f"/ ({by} (rate({count}[5m])) > 0) > {t.errors:g}",
        hold_s=900,
        summary=f"Loki {_HERE} answers with errors",
        description="{{ $value | humanizePercentage }} of {{ $labels.route }}, for 15 min.",
        means="Logs are not taken, or not found.",
        look=[f"{LOGS} Does it reach its bucket?"],
        act=["Give it its bucket back: name, region, key."],
        given={
            failed: "0+5x400",
            f'loki_request_duration_seconds_count{{status_code="204", {labels}}}': "0+5x400",
        },
        fires=[{**_LOKI_AT, "route": "loki_api_v1_push"}],
        otherwise={failed: "0x400"},
    )


def _silence(parts: Parts) -> Alert:
    """Of a whole region: a host without a member may have nothing to say, and so may the witness's place."""
    region = parts.regions[0]

    def told(address: str) -> dict[str, str]:
        at = f'instance="{address}", job="alloy", place="{region}"'
        read = 'component_id="loki.source.docker.containers", component_path="/"'
        return {"up": f"up{{{at}}}", "read": f"loki_source_docker_target_entries_total{{{read}, {at}}}"}

    first, second = told("10.0.0.1:12345"), told("10.0.0.2:12345")
    # The second one never read a line, so it counts none.
    silent = {first["up"]: "1x400", first["read"]: "5x400", second["up"]: "1x400"}
    alert = _cause(
        "LogsSilent",
        expr=(
            f'max by (place) (up{{job="alloy", place=~"{"|".join(parts.regions)}"}}) == 1 unless on (place) '
            "sum by (place) (rate(loki_source_docker_target_entries_total[15m])) > 0"
        ),
        hold_s=600,
        summary="No Alloy in {{ $labels.place }} reads a log line",
        description="Within 15 min. Patroni alone writes one every ten seconds.",
        means="Nobody can look into what happens in that region now.",
        look=[SERVICES, _PAGE],
        act=["Start Alloy anew; may it read the engine's socket?"],
        given=silent,
        fires=[{"place": region}],
        otherwise={first["read"]: "0+5x400"},
    )
    # AlloyDown tells.
    down = Trial(series={first["up"]: "0x400", first["read"]: "5x400"}, at_s=3000, interval_s=15)
    return replace(alert, also_quiet=[down])
