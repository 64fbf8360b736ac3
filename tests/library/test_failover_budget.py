"""The failover budget: arithmetic on the inputs that are deployed."""

import pulumi
import pytest

from bicoastal import TwoRegionStack
from bicoastal.failover import FailoverBudget
from tests.library.samples import ARGUMENTS


def budget(**own):
    inputs = {
        "interval_s": 15,
        "consecutive_down": 3,
        "consecutive_up": 1,
        "timeout_s": 3,
        "retries": 0,
        "promotion_s": 37.5,
        "promotion_arithmetic": "given",
        "automatic": True,
        "limit_s": 120,
    }
    return FailoverBudget.of(**{**inputs, **own})


@pytest.mark.parametrize(
    ("interval", "timeout", "retries", "detection_with_propagation"),
    [(30, 5, 0, 100), (30, 5, 2, 110), (60, 5, 0, 190), (20, 3, 0, 68), (15, 3, 0, 53)],
)
def test_detection_is_that_of_the_published_table(interval, timeout, retries, detection_with_propagation):
    made = budget(interval_s=interval, timeout_s=timeout, retries=retries)
    assert made.detection.seconds + made.propagation.seconds == detection_with_propagation


def test_the_default_settings_are_worth_58_seconds():
    assert budget().total_s == 58


def test_promotion_counts_where_it_is_slower_than_detection():
    assert budget(promotion_s=100).total_s == 105


def test_losing_the_other_region_waits_for_the_preferred_one_to_be_seen_up():
    assert budget().other_way_total_s == 37.5 + 18 + 5 + 5


def test_without_a_majority_promotion_is_by_hand_and_the_limit_is_missed():
    manual = budget(automatic=False)
    assert manual.total_s == 905
    (problem,) = manual.problems()
    assert "by hand" in problem.wrong
    assert "witness" in problem.fix


def test_over_the_limit_the_largest_term_is_named():
    (problem,) = budget(interval_s=60).problems()
    assert "detection" in problem.wrong
    assert "interval_s" in problem.fix


def test_the_term_that_is_named_belongs_to_the_slower_way():
    (problem,) = budget(consecutive_up=10).problems()
    assert "recovery" in problem.wrong
    assert "consecutive_up" in problem.fix


def test_at_the_limit_nothing_is_wrong():
    assert list(budget(limit_s=budget().other_way_total_s).problems()) == []


def exports(pulumi_mocks, **own):
    def program() -> None:
        stack = TwoRegionStack("it", {**ARGUMENTS["TwoRegionStack"](), **own})
        pulumi.export("budget", stack.failover_budget)
        pulumi.export("promotion", stack.promotion)
        pulumi.export("addresses", stack.http_addresses)

    return pulumi_mocks.run(program).exports


def test_the_stack_tells_its_budget_and_who_promotes(pulumi_mocks):
    told = exports(pulumi_mocks)
    assert told["budget"]["total_s"] == 58
    assert told["promotion"] == "automatic"
    assert told["addresses"] == {"east": ["10.1.0.10:8080"], "west": ["10.2.0.10:8080"]}


def test_the_specifications_30_seconds_fit_in_two_minutes(pulumi_mocks):
    told = exports(pulumi_mocks, monitor={"interval_s": 30, "timeout_s": 5})
    assert told["budget"]["total_s"] == 105
