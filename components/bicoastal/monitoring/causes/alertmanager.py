"""Alertmanager, by its own metrics."""

from functools import partial

from ..rules import Alert, RuleGroup
from .cause import LOGS, SERVICES, cause
from .exporters import reload_failed
from .parts import Parts
from .thresholds import Thresholds

PART = "alertmanager"
_cause = partial(cause, part=PART)
_AT = {"instance": "10.0.0.1:9093", "job": "alertmanager", "place": "east"}
_TARGET = 'instance="10.0.0.1:9093", job="alertmanager", place="east"'
_WHO = "Alertmanager {{ $labels.instance }} in {{ $labels.place }}"


def alertmanager(t: Thresholds, parts: Parts) -> RuleGroup:
    """Rules on Alertmanager."""
    cluster = [_members_missing(parts)] if parts.alertmanagers > 1 else []
    return RuleGroup(
        name=PART,
        rules=[
            _down(),
            reload_failed(
                "AlertmanagerConfigRejected",
                "alertmanager",
                "alertmanager_config_last_reload_successful",
                _cause,
            ),
            *cluster,
            _notifications(t),
        ],
    )


def _down() -> Alert:
    return _cause(
        "AlertmanagerDown",
        expr='up{job="alertmanager"} == 0',
        hold_s=120,
        summary=f"{_WHO} does not answer",
        description="For 2 min.",
        means="The other ones of its cluster tell what it would have. Without them nobody is told; the "
        "dead man's "
        "switch tells that.",
        look=[SERVICES, LOGS],
        act=["`docker service update --force SERVICE` of it, unless its host is down."],
        given={f"up{{{_TARGET}}}": "1x20 0x400"},
        fires=[_AT],
        otherwise={f"up{{{_TARGET}}}": "1x20 0x4 1x400"},
    )


def _members_missing(parts: Parts) -> Alert:
    series = f"alertmanager_cluster_members{{{_TARGET}}}"
    return _cause(
        "AlertmanagerMembersMissing",
        expr=f"alertmanager_cluster_members < {parts.alertmanagers}",
        hold_s=300,
        summary=f"{_WHO} misses others of its cluster",
        description=f"It knows {{{{ $value }}}} of {parts.alertmanagers}, itself among them, for 5 min.",
        means="Apart, each tells everything: every page comes twice, and silences hold in one region only.",
        look=[LOGS, "AlertmanagerDown, PlacesCutApart."],
        act=["Bring it back, or the way: port 9094 between the regions."],
        given={series: f"{parts.alertmanagers}x20 {parts.alertmanagers - 1}x400"},
        fires=[_AT],
        otherwise={series: f"{parts.alertmanagers}x420"},
    )


def _notifications(t: Thresholds) -> Alert:
    failed = f'alertmanager_notifications_failed_total{{integration="pagerduty", reason="other", {_TARGET}}}'
    by = "sum by (instance, place, integration)"
    return _cause(
        "AlertmanagerNotificationsFail",
        expr=f"{by} (rate(alertmanager_notifications_failed_total[15m])) "
        f"/ ({by} (rate(alertmanager_notifications_total[15m])) > 0) > {t.notification_failures:g}",
        hold_s=300,
        summary=f"{_WHO} cannot notify by {{{{ $labels.integration }}}}",
        description="{{ $value | humanizePercentage }} fail, within 15 min.",
        means="Somebody does not hear of an alert. This one comes by the ways that work.",
        look=[f"{LOGS} It says what the vendor answered.", "The vendor's status page."],
        act=[
            "A key that is not valid any more: give the new one, apply.",
            "A way out that is closed: open it.",
        ],
        given={
            failed: "0+1x400",
            f'alertmanager_notifications_total{{integration="pagerduty", {_TARGET}}}': "0+5x400",
        },
        fires=[{"instance": "10.0.0.1:9093", "place": "east", "integration": "pagerduty"}],
        otherwise={failed: "0x400"},
    )
