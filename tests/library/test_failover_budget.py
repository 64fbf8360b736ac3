"""The failover budget: arithmetic on the inputs that are deployed."""

import pulumi
import pytest

from bicoastal import TwoRegionStack
from bicoastal.failover import FailoverBudget, Term, by_hand
from tests.library.arguments import ARGUMENTS
from tests.library.samples import topology


def promoted_in(seconds):
    return Term(
        name="promotion",
        seconds=seconds,
        average_s=seconds - 5,
        arithmetic="given",
        source="the test",
        change="another database",
    )


def budget(**own):
    inputs = {
        "interval_s": 15,
        "consecutive_down": 3,
        "consecutive_up": 1,
        "timeout_s": 3,
        "retries": 0,
        "promotion": promoted_in(37.5),
        "limit_s": 120,
    }
    return FailoverBudget.of(**{**inputs, **own})


def test_the_default_settings_are_worth_58_seconds():
    assert budget().total_s == 58


def test_promotion_counts_where_it_is_slower_than_detection():
    assert budget(promotion=promoted_in(100)).total_s == 105


def test_losing_the_other_region_waits_for_the_preferred_one_to_be_seen_up():
    assert budget().other_way_total_s == 37.5 + 18 + 5 + 5


def test_the_average_adds_the_terms_averages():
    assert budget().total_average_s == 2.5 * 15 + 3 + 5 + 5
    assert budget().other_way_average_s == 32.5 + (7.5 + 1.5) + 5 + 5
    assert budget(promotion=promoted_in(100)).total_average_s == 95 + 5


def test_one_after_the_other_would_take_longer_than_side_by_side():
    assert budget().one_after_the_other_s == 48 + 5 + 37.5 + 5


def test_promotion_by_hand_misses_the_limit_and_says_what_would_meet_it():
    manual = budget(promotion=by_hand(15, "for the test", "the test", "add a witness"))
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


def test_the_ttl_of_an_edge_that_does_not_proxy_comes_on_top_and_is_named():
    (problem,) = budget(interval_s=30, timeout_s=5, dns_ttl_s=60).problems()
    assert "worst case 165 s" in problem.given
    assert "monitor.proxied" in problem.fix
    assert "monitor.ttl_s" in problem.fix


def test_a_term_that_the_slower_side_hides_is_not_named():
    (problem,) = budget(interval_s=30, timeout_s=5, dns_ttl_s=60, promotion=promoted_in(55)).problems()
    assert "detection" in problem.wrong
    assert "another database" not in problem.fix


def test_every_term_tells_its_formula_and_where_its_numbers_come_from():
    told = budget(dns_ttl_s=60).explained()
    assert list(told) == ["detection", "promotion", "recovery", "propagation", "reconnection"]
    assert "48 s at worst, 40.5 s on average: consecutive_down 3 x interval 15 s" in told["detection"]
    assert "from monitor.consecutive_down, interval_s" in told["detection"]
    assert "TTL 60 s" in told["propagation"]
    assert "an assumption" in told["reconnection"]


def test_at_the_limit_nothing_is_wrong():
    assert list(budget(limit_s=budget().other_way_total_s).problems()) == []


def exports(pulumi_mocks, **own):
    def program() -> None:
        stack = TwoRegionStack("it", {**ARGUMENTS["TwoRegionStack"](), **own})
        pulumi.export("budget", stack.failover_budget)
        pulumi.export("terms", stack.failover_terms)
        pulumi.export("promotion", stack.promotion)
        pulumi.export("addresses", stack.http_addresses)

    return pulumi_mocks.run(program).exports


def test_the_stack_tells_its_budget_and_who_promotes(pulumi_mocks):
    told = exports(pulumi_mocks)
    assert told["budget"]["total_s"] == 58
    assert told["budget"]["promotion_average_s"] == 30 + 1 + 0.25
    assert "ttl 30 s + loop_wait 5 s + election 2 s" in told["terms"]["promotion"]
    assert told["promotion"] == "automatic"
    assert told["addresses"] == {"east": ["10.1.0.10:8080"], "west": ["10.2.0.10:8080"]}


def test_the_specifications_30_seconds_fit_in_two_minutes(pulumi_mocks):
    told = exports(pulumi_mocks, monitor={"interval_s": 30, "timeout_s": 5})
    assert told["budget"]["total_s"] == 105


def test_an_edge_that_does_not_proxy_is_refused_with_the_specifications_30_seconds(pulumi_mocks):
    with pytest.raises(pulumi.InputPropertiesError, match=r"worst case 165 s.*monitor\.proxied"):
        exports(pulumi_mocks, monitor={"interval_s": 30, "timeout_s": 5, "proxied": False})


def test_without_a_majority_in_either_region_the_stack_wants_a_witness(pulumi_mocks):
    places = topology()
    places["witness"]["voters"] = 0
    places["regions"][0].update(hosts=2, voters=2)
    with pytest.raises(pulumi.InputPropertiesError, match=r"by hand, without a majority.*add a witness"):
        exports(pulumi_mocks, topology=places)


def test_an_edge_that_does_not_proxy_needs_the_fast_profile(pulumi_mocks):
    with pytest.raises(pulumi.InputPropertiesError, match=r"propagation .*worst case 125\.5 s"):
        exports(pulumi_mocks, monitor={"proxied": False})
    told = exports(pulumi_mocks, monitor={"proxied": False}, database={"timing": "fast"})["budget"]
    assert (told["total_s"], told["other_way_total_s"]) == (118, 115.5)
