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


def test_each_place_gets_a_docker_provider_of_its_own(pulumi_mocks):
    plan = pulumi_mocks.run(lambda: TwoRegionStack("it", ARGUMENTS["TwoRegionStack"]()))
    hosts = {p.urn: p.inputs["host"] for p in plan.of_type("pulumi:providers:docker")}
    assert sorted(hosts.values()) == ["ssh://e", "ssh://w", "ssh://x"]
    for service in plan.of_type("docker:index/service:Service"):
        place = service.name.split("-")[1]
        assert hosts[service.provider] == {"east": "ssh://e", "west": "ssh://w", "witness": "ssh://x"}[place]


def test_a_region_with_two_hosts_has_two_balancers_and_the_witness_none(pulumi_mocks):
    def program():
        args = ARGUMENTS["TwoRegionStack"]()
        args["topology"]["regions"][0]["hosts"] = 3
        TwoRegionStack("it", args)

    plan = pulumi_mocks.run(program)
    balancers = [b.name for b in plan.of_type("bicoastal:index:Balancer")]
    assert sorted(balancers) == ["it-east-haproxy-1", "it-east-haproxy-2", "it-west-haproxy-1"]
