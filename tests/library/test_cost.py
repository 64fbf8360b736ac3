"""Budgets with the growth that is allowed, and the watch for costs that nobody expected."""

import json

import pulumi
import pytest

from bicoastal import CostGuard
from bicoastal.checks.cost import written, yearly_limit
from tests.library.arguments import ARGUMENTS
from tests.library.samples import ACCOUNT

TOPIC = f"arn:aws:sns:us-east-1:{ACCOUNT}:costs"


@pytest.fixture
def guard(pulumi_mocks):
    """The plan of a guard."""

    def made(**own):
        args = {**ARGUMENTS["CostGuard"](), **own}
        return pulumi_mocks.run(lambda: CostGuard("it", {k: v for k, v in args.items() if v is not None}))

    return made


def of_type(plan, token):
    return {r.name.removeprefix("it-"): r for r in plan.resources if r.type.endswith(f":{token}")}


@pytest.mark.parametrize(
    ("last_year", "growth_percent", "limit"),
    [(36000, 30, 46800), (100, 0, 100), (0.05, 30, 0.07), (1234.57, 12.5, 1388.89), (1e9, 1000, 1.1e10)],
)
def test_the_yearly_limit_is_last_years_amount_and_its_growth_in_whole_cents(
    last_year, growth_percent, limit
):
    assert yearly_limit(last_year, growth_percent) == limit


@pytest.mark.parametrize(
    ("number", "text"), [(50.0, "50"), (1234567.0, "1234567"), (0.25, "0.25"), (1e9, "1000000000")]
)
def test_a_threshold_is_written_without_an_exponent(number, text):
    assert written(number) == text


def test_each_environment_has_a_monthly_budget_and_a_yearly_one_where_last_year_is_known(guard):
    budgets = of_type(guard(), "Budget")
    assert {
        name: (budget.inputs["timeUnit"], budget.inputs["limitAmount"], budget.inputs["limitUnit"])
        for name, budget in budgets.items()
    } == {
        "staging-monthly": ("MONTHLY", "500.00", "USD"),
        "production-monthly": ("MONTHLY", "4000.00", "USD"),
        "production-yearly": ("ANNUALLY", "46800.00", "USD"),
    }


def test_a_budget_counts_what_is_tagged_with_its_environment(guard):
    budget = of_type(guard(tag_key="stage"), "Budget")["production-yearly"].inputs
    assert budget["budgetType"] == "COST"
    assert budget["costFilters"] == [{"name": "TagKeyValue", "values": ["user:stage$production"]}]


def test_somebody_is_told_at_80_and_at_100_percent_when_spent_and_when_forecast(guard):
    for budget in of_type(guard(), "Budget").values():
        told = budget.inputs["notifications"]
        assert [(n["notificationType"], n["threshold"]) for n in told] == [
            *(("ACTUAL", 80), ("ACTUAL", 100), ("FORECASTED", 80), ("FORECASTED", 100))
        ]
        for notification in told:
            assert notification["comparisonOperator"] == "GREATER_THAN"
            assert notification["thresholdType"] == "PERCENTAGE"
            assert notification["subscriberEmailAddresses"] == ["costs@example.com"]
            assert notification["subscriberSnsTopicArns"] == [TOPIC]


def test_the_output_shows_the_arithmetic(guard):
    limits = guard().of_type("bicoastal:index:CostGuard")[0].outputs["limits"]
    assert limits == {
        "staging": {"monthly": 500},
        "production": {"monthly": 4000, "last_year": 36000, "growth_percent": 30, "yearly": 46800},
    }


def test_an_amount_that_is_known_later_counts_too(guard):
    later = pulumi.Output.from_input(1000.0)
    plan = guard(
        environments=[
            {"name": "production", "monthly_limit": 100.0, "last_year_amount": later, "growth_percent": 10.0}
        ]
    )
    assert of_type(plan, "Budget")["production-yearly"].inputs["limitAmount"] == "1100.00"


def test_each_environment_has_a_monitor_of_its_own_by_tag(guard):
    monitors = of_type(guard(), "AnomalyMonitor")
    assert set(monitors) == {"staging-anomalies", "production-anomalies"}
    for name, monitor in monitors.items():
        assert monitor.inputs["monitorType"] == "CUSTOM"
        assert "monitorDimension" not in monitor.inputs
        watched = {k: v for k, v in json.loads(monitor.inputs["monitorSpecification"]).items() if v}
        assert watched["Tags"]["Key"] == "environment"
        assert watched["Tags"]["Values"] == [name.removesuffix("-anomalies")]
        assert set(watched) == {"Tags"}


def test_topics_are_told_of_anomalies_at_once_and_addresses_daily(guard):
    subscriptions = of_type(guard(anomaly_amount=50.0, anomaly_percent=25.0), "AnomalySubscription")
    assert {name: (s.inputs["frequency"], s.inputs["subscribers"]) for name, s in subscriptions.items()} == {
        "anomalies-by-topic": ("IMMEDIATE", [{"type": "SNS", "address": TOPIC}]),
        "anomalies-by-mail": ("DAILY", [{"type": "EMAIL", "address": "costs@example.com"}]),
    }
    for subscription in subscriptions.values():
        assert subscription.inputs["monitorArnLists"] == [
            *("<it-staging-anomalies.arn>", "<it-production-anomalies.arn>")
        ]
        impacts = [condition["dimension"] for condition in subscription.inputs["thresholdExpression"]["ands"]]
        assert [(i["key"], i["values"]) for i in impacts] == [
            ("ANOMALY_TOTAL_IMPACT_ABSOLUTE", ["50"]),
            ("ANOMALY_TOTAL_IMPACT_PERCENTAGE", ["25"]),
        ]
        assert all(i["matchOptions"] == ["GREATER_THAN_OR_EQUAL"] for i in impacts)


def test_without_a_topic_only_mail_is_sent(guard):
    plan = guard(topic_arn=None)
    assert set(of_type(plan, "AnomalySubscription")) == {"anomalies-by-mail"}
    for budget in of_type(plan, "Budget").values():
        assert all(n["subscriberSnsTopicArns"] == [] for n in budget.inputs["notifications"])


def test_tags_are_cost_allocation_tags_before_a_budget_counts_by_them(guard):
    plan = guard(cost_allocation_tags=["team", "environment"])
    tags = of_type(plan, "CostAllocationTag")
    assert {tag.inputs["tagKey"] for tag in tags.values()} == {"environment", "team"}
    assert all(tag.inputs["status"] == "Active" for tag in tags.values())
    for resource in (*of_type(plan, "Budget").values(), *of_type(plan, "AnomalyMonitor").values()):
        assert {tag.urn for tag in tags.values()} <= set(resource.dependencies)


def test_an_account_that_does_not_pay_leaves_the_tags_alone(guard):
    plan = guard(activate_tags=False)
    assert of_type(plan, "CostAllocationTag") == {}
    assert len(of_type(plan, "Budget")) == 3
