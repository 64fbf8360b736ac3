"""PagerDuty's part: who is paged when, and the service whose key Alertmanager tells."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import NotRequired, TypedDict

import pulumi
import pulumi_pagerduty as pagerduty

from ...checks import alerting as checks
from ...checks.problem import Problem
from ...checks.rules import between
from ...component import Component, ComponentArgs
from ...settings import setting
from .escalation import LEVELS, minutes_of_each


class EscalationLevelArgs(TypedDict):
    """One level: who is paged, and for how long they have."""

    schedule_ids: NotRequired[list[pulumi.Input[str]]]
    """Schedules at PagerDuty whose person on call is paged. Default: none; then there must be users."""
    user_ids: NotRequired[list[pulumi.Input[str]]]
    """Users at PagerDuty who are paged. Default: none; then there must be schedules."""
    until_min: NotRequired[int]
    """Minutes after the page until which they have to take over, 1 to 1440, more than the level before.
    Default: 5, 15, 30 and 60 for the first four."""


class EscalationPolicyArgs(ComponentArgs):
    """Who is paged when."""

    levels: list[EscalationLevelArgs]
    """The levels in their order: on-call engineer, senior engineer, engineering manager, executive."""
    loops: NotRequired[int]
    """How often it begins again when nobody has taken over, 0 to 9. Default: 2."""
    acknowledged_min: NotRequired[int]
    """Minutes after which a page that was taken over and not resolved pages again, 5 to 1440. Default:
    60."""


@dataclass(frozen=True, kw_only=True)
class EscalationLevel:
    """One level, checked."""

    schedule_ids: list[pulumi.Input[str]] = setting(factory=list)
    user_ids: list[pulumi.Input[str]] = setting(factory=list)
    until_min: int | None = setting(between(1, 1440, "minutes"), default=None)

    @property
    def targets(self) -> list[pagerduty.EscalationPolicyRuleTargetArgs]:
        """Whom PagerDuty pages."""
        kinds = {"schedule_reference": self.schedule_ids, "user_reference": self.user_ids}
        return [
            pagerduty.EscalationPolicyRuleTargetArgs(type=kind, id=target)
            for kind, ids in kinds.items()
            for target in ids
        ]

    def problems(self) -> Iterator[Problem]:
        """What is wrong between the fields."""
        yield from checks.somebody_is_paged(len(self.schedule_ids) + len(self.user_ids))


@dataclass(frozen=True, kw_only=True)
class EscalationPolicySettings:
    """Who is paged when, checked."""

    levels: list[EscalationLevel]
    loops: int = setting(between(0, 9, "times"), default=2)
    acknowledged_min: int = setting(between(5, 1440, "minutes"), default=60)

    @property
    def untils(self) -> list[int | None]:
        """Until how many minutes after the page each level has to take over; None where nothing says so."""
        usual = [level.until_min for level in LEVELS]
        return [
            level.until_min or (usual[number] if number < len(usual) else None)
            for number, level in enumerate(self.levels)
        ]

    @property
    def minutes(self) -> list[int]:
        """How many minutes each level has."""
        return minutes_of_each([until for until in self.untils if until is not None])

    def problems(self) -> Iterator[Problem]:
        """What is wrong between the fields."""
        yield from checks.levels_follow_one_another(self.untils)


class EscalationPolicy(Component[EscalationPolicySettings]):
    """Who is paged when nobody answers, as a policy at PagerDuty, and a service that pages by it. The
    service's key is what Alertmanager's receiver is given.

    Alertmanager groups and resolves, so the service does neither; every page is urgent. What it holds,
    incidents and their history, PagerDuty deletes with the service.

    Raises `pulumi.InputPropertiesError` for any argument that breaks its rule, for a level that pages nobody
    and for levels that do not follow one another.
    """

    policy_id: pulumi.Output[str]
    """The policy's id."""
    service_id: pulumi.Output[str]
    """The service's id."""
    routing_key: pulumi.Output[str]
    """The key of the service's integration, a secret: `receivers.pagerduty.routing_key`."""

    def __init__(
        self, name: str, args: EscalationPolicyArgs, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        super().__init__(name, args, opts, EscalationPolicySettings)
        policy = self._policy()
        service = self._service(policy)
        integration = pagerduty.ServiceIntegration(
            self.child_name("alertmanager"),
            **self.customized(
                "alertmanager",
                {"name": "Alertmanager", "service": service.id, "type": "events_api_v2_inbound_integration"},
            ),
            opts=self.child_opts("alertmanager", additional_secret_outputs=["integration_key"]),
        )
        self.policy_id, self.service_id = policy.id, service.id
        self.routing_key = pulumi.Output.secret(integration.integration_key)
        self.register_outputs(
            {
                "policy_id": self.policy_id,
                "service_id": self.service_id,
                "routing_key": self.routing_key,
            }
        )

    @classmethod
    def children_of(cls, settings: EscalationPolicySettings) -> Sequence[str]:
        return ("policy", "service", "alertmanager")

    def _policy(self) -> pagerduty.EscalationPolicy:
        levels = zip(self.settings.levels, self.settings.minutes, strict=True)
        properties = {
            "name": self.child_name("policy"),
            "description": "Who is paged when nobody answers.",
            "num_loops": self.settings.loops,
            "rules": [
                pagerduty.EscalationPolicyRuleArgs(escalation_delay_in_minutes=minutes, targets=level.targets)
                for level, minutes in levels
            ],
        }
        return pagerduty.EscalationPolicy(
            self.child_name("policy"),
            **self.customized("policy", properties),
            opts=self.child_opts("policy"),
        )

    def _service(self, policy: pagerduty.EscalationPolicy) -> pagerduty.Service:
        always = pagerduty.ServiceIncidentUrgencyRuleArgs(type="constant", urgency="high")
        properties = {
            "name": self.child_name("service"),
            "description": "Told by Alertmanager of what users feel.",
            "escalation_policy": policy.id,
            "alert_creation": "create_alerts_and_incidents",
            "acknowledgement_timeout": str(self.settings.acknowledged_min * 60),
            "auto_resolve_timeout": "null",
            "incident_urgency_rule": always,
        }
        return pagerduty.Service(
            self.child_name("service"),
            **self.customized("service", properties),
            opts=self.child_opts("service"),
        )
