"""Who was told of a fault, judged against exactly what is expected."""

import importlib
import math
import pkgutil
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import yaml

from bicoastal.twin.alert_receiver import Told
from bicoastal.twin.drills import catalogue as package
from bicoastal.twin.drills.alarms import (
    PAGE_LIMIT_S,
    Scenario,
    Term,
    arithmetic,
    judged,
    notes,
    paged,
    ticketed,
)
from bicoastal.twin.drills.catalogue.alert_outage import SCENARIO as OUTAGE

STRUCK = datetime(2026, 3, 1, tzinfo=UTC)
SCENARIO = Scenario(
    name="api-down",
    summary="The API is gone.",
    strike=lambda stage: None,
    lasts_s=150,
    must=paged("AddressDown") | ticketed("ApiColourDown"),
    may=ticketed("EdgePoolDown"),
)


def told(receiver: str, alert: str, after_s: float = 60, *, resolved: bool = False) -> Told:
    at = STRUCK + timedelta(seconds=after_s)
    return Told(1, at, receiver, alert, alert, "", resolved)


EXPECTED = [told("pagerduty", "AddressDown"), told("slack", "ApiColourDown")]


def figures(*messages: Told) -> list[tuple[str, float, bool]]:
    measures = judged(SCENARIO, messages, STRUCK.timestamp())
    return [(measure.name, measure.value, measure.passed) for measure in measures]


def test_exactly_what_is_expected_passes():
    assert figures(*EXPECTED) == [
        ("not told", 0, True),
        ("told beside", 0, True),
        ("fault to page", 60, True),
    ]


def test_what_depends_on_the_moment_may_be_told_or_not():
    assert all(passed for _, _, passed in figures(*EXPECTED, told("slack", "EdgePoolDown")))


def test_what_is_missing_or_told_beside_is_named():
    missing, beside, page = figures(EXPECTED[1], told("pagerduty", "HostDown", 130))
    assert missing == ("not told (AddressDown by pagerduty)", 1, False)
    assert beside == ("told beside (HostDown by pagerduty)", 1, False)
    assert page == ("fault to page", math.inf, False)


def test_ends_and_the_dead_mans_words_do_not_count():
    noise = [told("pagerduty", "Other", resolved=True), told("dead-man", "Watchdog")]
    assert figures(*EXPECTED, *noise) == figures(*EXPECTED)


@pytest.mark.parametrize("alert", ["UptimeBudgetBurn1h", "ProcessRestarts", "BackendServerFlaps"])
def test_what_remembers_earlier_faults_is_told_of_and_not_judged(alert):
    late = told("pagerduty", alert, 5)
    assert figures(*EXPECTED, late) == figures(*EXPECTED)
    assert f"+5.0 s pagerduty: {alert} ({alert})" in notes(SCENARIO, [late], STRUCK.timestamp())["told"]


def test_a_burn_rate_that_must_be_told_is_judged():
    surely = replace(SCENARIO, must=SCENARIO.must | paged("UptimeBudgetBurn1h"))
    missing = judged(surely, EXPECTED, STRUCK.timestamp())[0]
    assert (missing.name, missing.passed) == ("not told (UptimeBudgetBurn1h by pagerduty)", False)


def test_what_fired_before_counts_neither_way():
    late = told("slack", "EtcdPeersSlow", 5)
    beside = judged(SCENARIO, [*EXPECTED, late], STRUCK.timestamp(), before=["EtcdPeersSlow"])[1]
    assert (beside.value, beside.passed) == (0, True)


def test_only_a_page_that_is_expected_ends_the_time_to_it():
    early = told("pagerduty", "HostDown", 5)
    assert figures(*EXPECTED, early)[2] == ("fault to page", 60, True)


def test_every_alert_that_a_drill_expects_is_declared():
    files = Path(__file__).parents[2] / "monitoring" / "rules"
    declared = {
        rule["alert"]
        for file in files.glob("*.yaml")
        for group in yaml.safe_load(file.read_text())["groups"]
        for rule in group["rules"]
        if "alert" in rule
    }
    modules = [
        importlib.import_module(f"{package.__name__}.{module.name}")
        for module in pkgutil.iter_modules(package.__path__)
    ]
    scenarios = [module.SCENARIO for module in modules if hasattr(module, "SCENARIO")]
    assert scenarios
    assert {message.alert for one in scenarios for message in one.must | one.may} <= declared


def test_the_worst_case_of_a_total_outage_is_within_the_limit_of_its_page():
    assert sum(term.seconds for term in OUTAGE.worst) <= PAGE_LIMIT_S


def test_a_page_that_never_came_fails():
    name, value, passed = figures(EXPECTED[1])[2]
    assert (name, passed) == ("fault to page", False)
    assert math.isinf(value)


def test_the_worst_case_is_a_sum_that_a_person_can_follow():
    terms = [
        Term(what="probe", seconds=30),
        Term(what="evaluation", seconds=15),
        Term(what="group", seconds=1),
    ]
    assert arithmetic(terms) == "probe 30 s + evaluation 15 s + group 1 s = at most 46 s"
