"""What one declaration of an objective gives."""

import re
import statistics
import time

import pytest

from bicoastal.monitoring.durations import duration
from bicoastal.monitoring.objectives import groups, objectives, records
from bicoastal.monitoring.promtool import trials_file
from bicoastal.monitoring.rules import Alert, Recording, rules_file
from bicoastal.monitoring.severity import Severity
from tests.monitoring.samples import ALL, ERRORS, LATENCY, PAYMENTS, UPTIME, slo


def recordings(**changed):
    found = groups(slo(**changed))
    return {
        (rule.record, rule.labels.get("period")): rule
        for group in found
        for rule in group.rules
        if isinstance(rule, Recording)
    }


def alerts(**changed) -> list[Alert]:
    return [alert for group in groups(slo(**changed)) for alert in group.alerts]


def burns(**changed) -> list[Alert]:
    return [alert for alert in alerts(**changed) if "BudgetBurn" in alert.name]


def threshold(alert: Alert) -> str:
    return alert.expr.partition("> ")[2].partition(" ")[0]


def test_every_window_has_the_errors_the_total_and_their_ratio():
    recorded = {record for record, _ in recordings()}
    for window in ("5m", "30m", "1h", "2h", "6h", "1d", "3d", "7d", "30d"):
        assert f"slo:sli_total:rate{window}" in recorded
        assert f"slo:sli_errors:rate{window}" in recorded
        assert f"slo:sli_error:ratio_rate{window}" in recorded


@pytest.mark.parametrize("window_s", [7200, 86400, 30 * 86400])
def test_a_long_window_is_a_ratio_of_sums_over_tiles_that_neither_overlap_nor_leave_a_gap(window_s):
    window = duration(window_s)
    found = recordings()
    for record in (records.total, records.errors):
        expr = found[record(window_s), None].expr
        assert expr == f'sum_over_time({record(300)}{{slo="error-rate"}}[{window}:5m]) / {window_s // 300}'
    errors, total = (f'slo:sli_{what}:rate{window}{{slo="error-rate"}}' for what in ("errors", "total"))
    assert found[records.error_ratio(window_s), None].expr == f"{errors} / ({total} > 0)"


@pytest.mark.parametrize(
    ("declared", "thresholds"),
    [
        (ERRORS, ["0.0144", "0.006", "0.003", "0.001"]),
        (PAYMENTS, ["0.0288", "0.012", "0.006", "0.002"]),
        (LATENCY, ["0.144", "0.06", "0.03", "0.01"]),
        ({**LATENCY, "objective": 95, "severity": "warning"}, ["0.72", "0.3", "0.15", "0.05"]),
    ],
)
def test_thresholds_are_exact(declared, thresholds):
    assert [threshold(alert) for alert in burns(declared=declared)] == thresholds


def test_four_burn_rates_say_their_window_their_factor_and_when_nothing_is_left():
    told = [
        [alert.given_labels[label] for label in ("window", "factor", "exhausts_in", "severity")]
        for alert in burns()
    ]
    assert told == [
        ["1h", "14.4", "50h", "critical"],
        ["6h", "6", "120h", "critical"],
        ["1d", "3", "240h", "warning"],
        ["3d", "1", "720h", "warning"],
    ]


def test_a_page_waits_for_nothing():
    assert {alert.hold_s for alert in burns()} == {0}


@pytest.mark.parametrize(
    ("declared", "held_s"), [(ERRORS, 30), (PAYMENTS, 60), (LATENCY, 270)], ids=["99.9", "99.8", "99"]
)
def test_what_is_not_measured_is_told_after_the_time_that_burns_a_hundredth_of_the_budget(declared, held_s):
    (absent,) = (alert for alert in alerts(declared=declared) if alert.expr.startswith("absent("))
    assert absent.hold_s == held_s
    assert absent.severity is Severity.WARNING


@pytest.mark.parametrize(("period", "minutes"), [("day", "1.44"), ("week", "10.08"), ("month", "43.2")])
def test_the_budget_of_a_day_a_week_and_a_month_in_minutes(period, minutes):
    assert recordings()[records.ERROR_BUDGET_MINUTES, period].expr == f"vector({minutes})"
    assert recordings()[records.REMAINING_MINUTES, period].expr.endswith(f" * {minutes}")


def test_a_period_longer_than_the_window_is_not_told():
    periods = {period for record, period in recordings(window_days=7) if record == records.REMAINING}
    assert periods == {"day", "week"}


def test_a_warning_never_pages_and_leaves_out_what_can_never_fire():
    assert {alert.severity for alert in alerts(severity="warning")} == {Severity.WARNING}
    assert [alert.labels["factor"] for alert in burns(severity="warning", objective=90)] == ["6", "3", "1"]


@pytest.mark.parametrize(
    ("threshold_s", "matcher"),
    [
        (1, 'le=~"1|1\\\\.0"'),
        (0.5, 'le="0.5"'),
        (2.5, 'le="2.5"'),
        (0.00005, 'le=~"0\\\\.00005|5e-05"'),
    ],
)
def test_a_bound_is_found_in_each_of_its_spellings(threshold_s, matcher):
    latency = {**LATENCY["latency"], "threshold_s": threshold_s, "buckets": [threshold_s]}
    expr = recordings(declared=LATENCY, latency=latency)[records.errors(300), None].expr
    assert matcher in expr


def test_an_alert_asks_for_a_minimum_of_requests_in_its_long_window():
    assert burns(minimum_requests=7)[0].expr.endswith('slo:sli_total:rate1h{slo="error-rate"} * 3600 >= 7')


@pytest.mark.parametrize("declared", ALL, ids=lambda one: one["name"])
def test_a_declaration_gives_the_same_bytes_each_time(declared):
    first, again = groups(slo(declared)), groups(slo(declared))
    assert rules_file(first, "https://docs.example.com") == rules_file(again, "https://docs.example.com")
    assert trials_file(first, ["a.yaml"]) == trials_file(again, ["a.yaml"])


@pytest.mark.parametrize("declared", ALL, ids=lambda one: one["name"])
def test_no_number_carries_the_error_of_a_computer(declared):
    text = rules_file(groups(slo(declared)), "") + trials_file(groups(slo(declared)), [])
    assert [number for number in re.findall(r"\d+\.\d+", text) if len(number) > 12] == []


def test_nothing_that_pulumi_cannot_read_is_in_a_declaration():
    from pulumi.provider.experimental.analyzer import Analyzer

    from bicoastal.monitoring.objectives import SloArgs

    properties, _ = Analyzer("bicoastal").analyze_type(SloArgs, is_component_output=False)
    assert {"name", "objective", "latency", "runbook", "severity"} <= set(properties)


def test_one_objective_compiles_in_under_ten_milliseconds():
    def once() -> float:
        began = time.process_time()
        rules_file(groups(*objectives([UPTIME])), "https://docs.example.com")
        return time.process_time() - began

    medians = [statistics.median(once() for _ in range(5)) for _ in range(5)]
    assert min(medians) < 0.010
