"""PagerDuty's policy and service."""

from typing import Any

import pytest

from bicoastal import EscalationPolicy
from bicoastal.plan.record import Plan
from tests.library.arguments import ARGUMENTS

POLICY = "pagerduty:index/escalationPolicy:EscalationPolicy"
SERVICE = "pagerduty:index/service:Service"


@pytest.fixture
def planned(pulumi_mocks):
    def plan(**own: Any) -> Plan:
        return pulumi_mocks.run(
            lambda: EscalationPolicy("on-call", {**ARGUMENTS["EscalationPolicy"](), **own})
        )

    return plan


def test_each_level_is_paged_when_the_one_before_has_had_its_time(planned):
    (policy,) = planned().of_type(POLICY)
    assert [rule["escalationDelayInMinutes"] for rule in policy.inputs["rules"]] == [5, 10, 15, 30]
    assert [rule["targets"][0]["id"] for rule in policy.inputs["rules"]] == ["P0", "P1", "P2", "P3"]


def test_a_level_may_page_schedules_and_users_after_times_of_its_own(planned):
    (policy,) = planned(
        levels=[{"schedule_ids": ["P1"], "user_ids": ["U1"], "until_min": 3}, {"user_ids": ["U2"]}]
    ).of_type(POLICY)
    first, second = policy.inputs["rules"]
    kinds = [(target["type"], target["id"]) for target in first["targets"]]
    assert kinds == [("schedule_reference", "P1"), ("user_reference", "U1")]
    assert [first["escalationDelayInMinutes"], second["escalationDelayInMinutes"]] == [3, 12]


def test_every_page_is_urgent_and_only_alertmanager_resolves(planned):
    (service,) = planned(acknowledged_min=30).of_type(SERVICE)
    assert service.inputs["incidentUrgencyRule"] == {"type": "constant", "urgency": "high"}
    assert service.inputs["autoResolveTimeout"] == "null"
    assert service.inputs["acknowledgementTimeout"] == "1800"
