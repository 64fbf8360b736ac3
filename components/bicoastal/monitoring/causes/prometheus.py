"""Prometheus about itself and its pair, and the dead man's switch."""

from functools import partial

from ..rules import Alert, RuleGroup
from ..severity import Severity
from .cause import LOGS, SERVICES, cause
from .exporters import reload_failed

PART = "prometheus"
WATCHDOG = "Watchdog"

_cause = partial(cause, part=PART)
_AT = {"instance": "10.0.0.1:9090", "job": "prometheus", "place": "east"}
_TARGET = 'instance="10.0.0.1:9090", job="prometheus", place="east"'
_WHO = "Prometheus {{ $labels.instance }} in {{ $labels.place }}"


def prometheus() -> RuleGroup:
    """Rules on Prometheus."""
    return RuleGroup(
        name=PART,
        rules=[
            _watchdog(),
            _down(),
            reload_failed(
                "PrometheusConfigRejected", "prometheus", "prometheus_config_last_reload_successful", _cause
            ),
            _rules_slow(),
            _notifications(),
            _not_ingesting(),
            *(_grows(*each) for each in _GROWING),
        ],
    )


_GROWING: tuple[tuple[str, str, str, dict[str, str], str, str, str], ...] = (
    (
        "PrometheusRulesFail",
        "prometheus_rule_evaluation_failures_total",
        'rule_group="/etc/prometheus/rules/slo.yaml;api"',
        {"rule_group": "/etc/prometheus/rules/slo.yaml;api"},
        "cannot evaluate rules",
        "These alerts cannot fire.",
        "The page of rules names the one and its error.",
    ),
    (
        "PrometheusEvaluationsMissed",
        "prometheus_rule_group_iterations_missed_total",
        'rule_group="/etc/prometheus/rules/slo.yaml;api"',
        {"rule_group": "/etc/prometheus/rules/slo.yaml;api"},
        "leaves evaluations out",
        "It is too slow for its rules; alerts come late.",
        "More CPU, or longer intervals.",
    ),
    (
        "PrometheusNotificationsDropped",
        "prometheus_notifications_dropped_total",
        "",
        {},
        "loses notifications",
        "Alerts fire, and no Alertmanager hears of them.",
        "AlertmanagerDown; is the way to them free?",
    ),
    (
        "PrometheusTargetsRejected",
        "prometheus_target_sync_failed_total",
        'scrape_job="api"',
        {"scrape_job": "api"},
        "does not take its targets",
        "What they are is unwatched.",
        "Take the last change of what is scraped back.",
    ),
    (
        "PrometheusCompactionFails",
        "prometheus_tsdb_compactions_failed_total",
        "",
        {},
        "cannot compact its data",
        "Its disk fills, and queries slow down.",
        "Is its disk full? Give it more, or keep less (`retention`).",
    ),
    (
        "PrometheusHistoryCut",
        "prometheus_tsdb_size_retentions_total",
        "",
        {},
        "deletes samples that it should still keep",
        "They take more than `storage_mb`: windows and reports of a month see less than a month.",
        "Raise `storage_mb`, or scrape fewer series.",
    ),
    (
        "PrometheusLogCorrupt",
        "prometheus_tsdb_wal_corruptions_total",
        "",
        {},
        "has found its write-ahead log damaged",
        "Figures of the last two hours may be lost here. The pair has them.",
        "Is the disk sound? Then it goes on by itself.",
    ),
    (
        "PrometheusDuplicateSamples",
        "prometheus_target_scrapes_sample_duplicate_timestamp_total",
        "",
        {},
        "gets two values for one series",
        "Two targets have the same labels: one of them is unwatched.",
        "The page of targets: which two have equal labels?",
    ),
)
"""Counters that stand still in health."""


def _watchdog() -> Alert:
    """Fires as long as Prometheus sees something. Its receiver, outside the stack, raises the alarm when
    it is not heard of any more: Prometheus is dead, or blind, or the way to the receiver is cut."""
    return _cause(
        WATCHDOG,
        severity=Severity.NONE,
        expr="vector(1) and on () max(up) == 1",
        summary="The way of alerts works",
        description="This alert always fires. What calls somebody is that it is not heard of.",
        means="Nothing, while it fires. When the receiver outside misses it, no alert reaches anybody.",
        look=[SERVICES, "Prometheus: does it see targets? Alertmanager: does it notify?"],
        act=["Start them anew. Until then look at the stack yourself: nothing will call you."],
        given={f"up{{{_TARGET}}}": "1x400"},
        fires=[{}],
        # Prometheus runs, and sees nothing.
        otherwise={f"up{{{_TARGET}}}": "0x400"},
    )


def _down() -> Alert:
    return _cause(
        "PrometheusDown",
        expr='up{job="prometheus"} == 0',
        hold_s=120,
        summary=f"{_WHO} does not answer",
        description="Its pair has not reached it for 2 min.",
        means="The other one of the pair does its work. One that is alone in its region cannot say this of "
        "itself: PeerUnreached in the other region does.",
        look=[SERVICES, LOGS],
        act=["`docker service update --force SERVICE` of it, unless its host is down."],
        given={f"up{{{_TARGET}}}": "1x20 0x400"},
        fires=[_AT],
        otherwise={f"up{{{_TARGET}}}": "1x20 0x4 1x400"},
    )


def _rules_slow() -> Alert:
    last = f'prometheus_rule_group_last_duration_seconds{{rule_group="g", {_TARGET}}}'
    return _cause(
        "PrometheusRulesSlow",
        expr="prometheus_rule_group_last_duration_seconds "
        "/ (prometheus_rule_group_interval_seconds > 0) > 0.5",
        hold_s=600,
        summary=f"{_WHO} is slow at its rules",
        description="{{ $labels.rule_group }} takes {{ $value | humanizePercentage }} of its interval.",
        means="Beyond 100 % evaluations are left out, and alerts come late.",
        look=["The page of rules shows how long each takes."],
        act=["Record what several rules compute.", "Give it more CPU."],
        given={
            last: "10x400",
            f'prometheus_rule_group_interval_seconds{{rule_group="g", {_TARGET}}}': "15x400",
        },
        fires=[{**_AT, "rule_group": "g"}],
        otherwise={last: "0.1x400"},
    )


def _notifications() -> Alert:
    to = 'alertmanager="https://10.1.0.1:9093/api/v2/alerts"'
    errors = f"prometheus_notifications_errors_total{{{to}, {_TARGET}}}"
    return _cause(
        "PrometheusNotificationsFail",
        expr="rate(prometheus_notifications_errors_total[15m]) "
        "/ (rate(prometheus_notifications_sent_total[15m]) > 0) > 0.01",
        hold_s=600,
        summary=f"{_WHO} does not reach one Alertmanager",
        description="{{ $value | humanizePercentage }} of what it sends to {{ $labels.alertmanager }} fails.",
        means="The other Alertmanager hears it. Without that one nobody is told.",
        look=["AlertmanagerDown.", LOGS],
        act=["Start it anew, or mend the way and the certificates."],
        given={errors: "0+1x400", f"prometheus_notifications_sent_total{{{to}, {_TARGET}}}": "0+10x400"},
        fires=[{**_AT, "alertmanager": "https://10.1.0.1:9093/api/v2/alerts"}],
        otherwise={errors: "0x400"},
    )


def _not_ingesting() -> Alert:
    series = f'prometheus_tsdb_head_samples_appended_total{{type="float", {_TARGET}}}'
    return _cause(
        "PrometheusNotIngesting",
        expr="sum without (type) (rate(prometheus_tsdb_head_samples_appended_total[5m])) == 0",
        hold_s=300,
        summary=f"{_WHO} stores nothing",
        description="No sample was stored within 5 min.",
        means="It sees nothing, so none of its alerts can fire.",
        look=[LOGS, "Its disk: HostDiskAlmostFull."],
        act=["Free its disk, start it anew."],
        given={series: "1000x400"},
        fires=[_AT],
        otherwise={series: "0+500x400"},
    )


def _grows(
    name: str, metric: str, labels: str, found: dict[str, str], what: str, means: str, act: str
) -> Alert:
    series = f"{metric}{{{labels + ', ' if labels else ''}{_TARGET}}}"
    which = "".join(f" ({{{{ $labels.{label} }}}})" for label in found)
    return _cause(
        name,
        expr=f"increase({metric}[15m]) > 0",
        hold_s=300,
        summary=f"{_WHO} {what}{which}",
        description="{{ $value | humanize }} times within 15 min.",
        means=means,
        look=[LOGS],
        act=[act],
        given={series: "0+1x400"},
        fires=[{**_AT, **found}],
        otherwise={series: "7x400"},
    )
