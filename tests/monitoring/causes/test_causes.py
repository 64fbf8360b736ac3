"""Alerts on causes: what there is, what each brings with it, and that what it asks for exists."""

import dataclasses
import re
import time
from typing import get_type_hints

import pytest
import yaml

from bicoastal.checks.alerting import LONGEST_PAGE_WAIT_S
from bicoastal.monitoring.causes import (
    OUTAGE_PATH,
    Parts,
    Thresholds,
    ThresholdsArgs,
    cause_alerts,
    cause_groups,
    outage_page_s,
)
from bicoastal.monitoring.causes.edge import OUTAGE_LIMIT_S
from bicoastal.monitoring.durations import duration
from bicoastal.monitoring.promtool import trials_file
from bicoastal.monitoring.routing import inhibitions
from bicoastal.monitoring.routing.routes import Routing
from bicoastal.monitoring.rules import Recording
from bicoastal.monitoring.severity import Severity
from bicoastal.monitoring.watchers.blackbox import MODULES
from bicoastal.monitoring.watchers.scraping import PROBE_S
from bicoastal.settings import read
from tests.monitoring.causes.declared import ALERTS, BY_NAME, EVERYTHING, GROUPS
from tests.monitoring.metric_existence import recorded, unknown, with_recordings
from tests.monitoring.routing.samples import receivers
from tests.monitoring.unrecorded import UNRECORDED, with_unrecorded

PAGES = {
    "PublicAddressDown": "users can do nothing",
    "RegionLost": "whatever is lost next is an outage",
    "PostgresNoPrimary": "the failover did not happen by itself",
    "PostgresTwoPrimaries": "no user notices, and every minute loses data",
    "PublicCertificateEndsNow": "every user is locked out at one moment",
    "CertificateEndsNow": "as the one before, of what only the edge or members see",
}
PARTS = {
    *("edge", "hosts", "containers", "haproxy", "nginx", "api", "patroni", "postgres", "consistency", "etcd"),
    *("redis", "sentinel", "backups", "certificates", "buckets", "exporters", "prometheus", "alertmanager"),
    *("logs", "grafana", "tracing"),
}


@pytest.fixture(scope="module")
def known():
    return with_recordings(recorded(), GROUPS)


def test_every_part_has_alerts_and_each_name_is_there_once():
    assert {alert.part for alert in ALERTS} == PARTS
    assert len(BY_NAME) == len(ALERTS)


def test_every_alert_is_tried_firing_and_quiet():
    for alert in ALERTS:
        assert alert.firing.fires, alert.name
        assert not alert.quiet.fires, alert.name
        assert alert.firing.series != alert.quiet.series, alert.name
    tests = yaml.safe_load(trials_file(GROUPS, ["causes.yaml"]))["tests"]
    assert len(tests) == sum(2 + len(alert.also_firing) + len(alert.also_quiet) for alert in ALERTS)


def test_causes_make_tickets_and_only_those_with_a_reason_page():
    assert {alert.name for alert in ALERTS if alert.severity is Severity.CRITICAL} == PAGES.keys()
    assert [alert.name for alert in ALERTS if alert.severity is Severity.NONE] == ["Watchdog"]


@pytest.mark.parametrize("name", BY_NAME)
def test_every_metric_and_label_that_an_alert_names_is_recorded_or_listed_with_a_reason(name, known):
    assert unknown(BY_NAME[name].expr, with_unrecorded(known)) == []


def test_what_is_recorded_for_alerts_asks_for_what_exists(known):
    recordings = [rule for group in GROUPS for rule in group.rules if isinstance(rule, Recording)]
    assert recordings
    assert [
        unknown(recording.expr, known) for recording in recordings if unknown(recording.expr, known)
    ] == []


def test_what_is_listed_as_unrecorded_is_recorded_nowhere_and_asked_for(known):
    assert [name for name in UNRECORDED if name in known] == []
    asked = " ".join(alert.expr for alert in ALERTS)
    assert [name for name in UNRECORDED if not re.search(rf"\b{name}\b", asked)] == []


@pytest.mark.parametrize("name", BY_NAME)
def test_an_alert_speaks_of_labels_that_it_has(name):
    alert = BY_NAME[name]
    named = set(re.findall(r"\$labels\.(\w+)", alert.summary + alert.description))
    for labels in alert.firing.fires:
        assert named <= labels.keys()


def test_an_alert_that_a_runbook_sends_its_reader_to_exists():
    ends = (
        "Down",
        "Lost",
        "Missing",
        "Primary",
        "Leader",
        "Slow",
        "Short",
        "Full",
        "Limit",
        "Skew",
        "Broken",
    )
    for alert in ALERTS:
        steps = " ".join([alert.runbook.means, *alert.runbook.look, *alert.runbook.act])
        named = {word for word in re.findall(r"\b(?:[A-Z][a-z]+){2,}\b", steps) if word.endswith(ends)}
        assert named <= BY_NAME.keys(), alert.name


def test_the_alerts_that_routing_knows_exist_with_the_labels_that_it_compares():
    for known_by_name, labels in (
        (inhibitions.HOST_DOWN, {"host", "place"}),
        (inhibitions.REGION_LOST, {"place"}),
        (inhibitions.NO_PRIMARY, set()),
        *((name, set()) for name in inhibitions.MEMBERS_MISSING.split("|")),
        (inhibitions.WATCHDOG, set()),
    ):
        assert all(labels <= fires.keys() for fires in BY_NAME[known_by_name].firing.fires)


def test_what_is_not_deployed_has_no_rules():
    names = {group.name for group in cause_groups(Thresholds(), Parts())}
    assert not names & {"backups", "buckets", "containers", "collector", "logs", "grafana", "tracing"}
    alerts = {
        alert.name for alert in cause_alerts(Thresholds(), Parts(witness=None, tls=False, clocks=False))
    }
    assert not alerts & {"WitnessLost", "PublicCertificateEnds", "HostClockSkew", "GrafanaDown"}


def test_a_job_is_missed_only_where_it_is_deployed():
    def missed(parts: Parts) -> str:
        return " ".join(alert.expr for alert in cause_alerts(Thresholds(), parts))

    for job in ("loki", "alloy", "containers", "grafana", "jaeger"):
        assert f'absent(up{{job="{job}"}})' in missed(EVERYTHING)
        assert f'absent(up{{job="{job}"}})' not in missed(Parts())


def test_a_total_outage_pages_in_time_at_worst():
    assert sum(outage_page_s().values()) <= OUTAGE_LIMIT_S
    assert all(BY_NAME[name].hold_s == 0 for name in OUTAGE_PATH)


def test_the_worst_case_is_that_of_what_is_deployed():
    seconds = outage_page_s()
    assert seconds["until the next probe"] == PROBE_S
    assert MODULES["modules"]["http_public"]["timeout"] == duration(seconds["its timeout"])
    assert read(Routing, {"receivers": receivers()}, "x").page_wait_s <= seconds["group_wait"]
    assert seconds["group_wait"] == LONGEST_PAGE_WAIT_S


def test_every_threshold_can_be_given():
    assert list(get_type_hints(ThresholdsArgs)) == [each.name for each in dataclasses.fields(Thresholds)]


def test_thresholds_are_read_like_other_settings():
    found = read(Thresholds, {"disk_free": 0.2}, "Monitoring")
    assert "< 0.2" in next(a.expr for a in cause_alerts(found, Parts()) if a.name == "HostDiskAlmostFull")
    with pytest.raises(Exception, match=r"disk_free: out of range; given: 20; allowed: 0.01 to 0.99"):
        read(Thresholds, {"disk_free": 20}, "Monitoring")


def test_all_of_them_are_made_in_no_time():
    began = time.perf_counter()
    cause_groups(Thresholds(), EVERYTHING)
    assert time.perf_counter() - began < 0.2
