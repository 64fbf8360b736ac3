"""Habits of rules, each of which somebody once paid for."""

import re

import promql_parser as promql
import pytest

from bicoastal.monitoring.dashboards.lint.promql import name_of, selectors, with_parents
from bicoastal.monitoring.rules import EVALUATION_S
from bicoastal.monitoring.severity import Severity
from tests.monitoring.causes.declared import ALERTS, BY_NAME

LONGEST_WAIT_S = 120
OVER_COUNTERS = {"rate", "increase", "irate"}
A_COUNTER = re.compile(r".*(_total|_count|_sum|_bucket)|node_vmstat_oom_kill|pg_stat_database_deadlocks")

READ_BARE = {
    "pg_stat_activity_count",  # how many there are now
    "loki_discarded_samples_total",  # it begins with the first ones, of which no rate tells
}
EVERYWHERE = {
    *("PublicAddressesUnprobed", "PostgresSizesDiffer", "RedisTwoMasters", "SentinelsDisagree", "Watchdog"),
    *("CertificateEnds", "CertificateEndsNow", "BackupUnknown", "BackupOld", "BackupVerificationOld"),
    *("BackupFailed", "BackupVerificationFailed", "BackupShrank"),
}
"""Alerts on what is the same wherever it is looked at."""
WHERE = {"place", "instance", "scope", "job"}
"""What says where: a job that misses its targets is told with its watcher's place."""


def parsed(name):
    return [node for node, _ in with_parents(promql.parse(BY_NAME[name].expr))]


def bare(name):
    """The counters that are read as they stand, in no window."""
    for node, within in with_parents(promql.parse(BY_NAME[name].expr)):
        in_a_window = any(isinstance(one, promql.MatrixSelector) for one in within)
        if isinstance(node, promql.VectorSelector) and not in_a_window and A_COUNTER.fullmatch(name_of(node)):
            yield node


def selector_of(call):
    return next(node for node, _ in with_parents(call) if isinstance(node, promql.MatrixSelector))


@pytest.mark.parametrize("name", [alert.name for alert in ALERTS if alert.severity is Severity.CRITICAL])
def test_who_pages_waits_no_longer_than_a_failover_takes(name):
    assert BY_NAME[name].hold_s <= LONGEST_WAIT_S


@pytest.mark.parametrize("name", BY_NAME)
def test_a_label_carries_no_value(name):
    assert not any("{{" in value for value in BY_NAME[name].given_labels.values())


@pytest.mark.parametrize("name", BY_NAME)
def test_a_window_holds_four_scrapes_and_counters_are_never_read_bare(name):
    for node in parsed(name):
        if isinstance(node, promql.MatrixSelector):
            assert node.range.total_seconds() >= 4 * EVALUATION_S
        if isinstance(node, promql.Call) and node.func.name in OVER_COUNTERS:
            assert A_COUNTER.fullmatch(selector_of(node).vector_selector.name)
    assert {name_of(node) for node in bare(name)} <= READ_BARE


@pytest.mark.parametrize("name", [name for name, alert in BY_NAME.items() if "quantile(" in alert.expr])
def test_a_quantile_is_held_for_longer_than_it_looks_back(name):
    windows = [node.range.total_seconds() for node in parsed(name) if isinstance(node, promql.MatrixSelector)]
    assert windows
    assert BY_NAME[name].hold_s > max(windows)


@pytest.mark.parametrize("name", BY_NAME)
def test_nothing_is_divided_by_what_may_be_0(name):
    for node in parsed(name):
        if isinstance(node, promql.BinaryExpr) and str(node.op) == "/":
            assert isinstance(node.rhs, promql.NumberLiteral) or re.search(
                r">\s+[\d.]+$", node.rhs.prettify().rstrip(" )\n")
            )


def test_every_job_whose_targets_may_be_down_may_also_be_missing():
    missing = " ".join(BY_NAME[name].expr for name in BY_NAME if name.endswith("Unwatched"))
    missed = set(re.findall(r'absent\(up\{job="(\w+)"\}\)', missing))
    asked = {
        matcher.value
        for name in BY_NAME
        for selector in selectors(promql.parse(BY_NAME[name].expr))
        if name_of(selector) == "up"
        for matcher in selector.matchers.matchers
        if matcher.name == "job" and matcher.value != "probe"
    }
    assert asked
    assert asked <= missed


@pytest.mark.parametrize("name", BY_NAME)
def test_an_alert_says_where_and_its_texts_are_sentences(name):
    alert = BY_NAME[name]
    assert (name in EVERYWHERE) is not any(WHERE & fires.keys() for fires in alert.firing.fires)
    assert not alert.summary.endswith(".")
    assert alert.description
    assert alert.runbook.means.endswith(".")
    assert alert.runbook.look
    assert alert.runbook.act
