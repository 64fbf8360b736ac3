"""Who was told of a fault, judged against exactly what is expected."""

import math
from datetime import UTC, datetime, timedelta

from bicoastal.twin.alert_receiver import Told
from bicoastal.twin.drills.alarms import Scenario, Term, arithmetic, judged, paged, ticketed

STRUCK = datetime(2026, 3, 1, tzinfo=UTC)
SCENARIO = Scenario(
    name="api-down",
    summary="The API is gone.",
    strike=lambda stage: None,
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
    assert page == ("fault to page", 130, False)


def test_ends_and_the_dead_mans_words_do_not_count():
    noise = [told("pagerduty", "Other", resolved=True), told("dead-man", "Watchdog")]
    assert figures(*EXPECTED, *noise) == figures(*EXPECTED)


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
