"""Budgets per environment, and a watch for costs that nobody expected."""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, NotRequired

import pulumi

from .. import aws
from ..checks import cost as checks
from ..checks.problem import Problem
from ..checks.storage import TOPIC_ARN
from ..component import Component, ComponentArgs
from ..settings import setting
from .budget import EnvironmentBudget, EnvironmentBudgetArgs

TOLD_AT_PERCENT = (80, 100)


class CostGuardArgs(ComponentArgs):
    """What costs are held to."""

    environments: list[EnvironmentBudgetArgs]
    """The environments, each with its limits. A budget at AWS is named after the project, the environment and
    the period."""
    email_addresses: NotRequired[list[pulumi.Input[str]]]
    """Who is told, at most 10. Each must confirm AWS' first mail about anomalies. Default: nobody by mail;
    then there must be a topic."""
    topic_arn: NotRequired[pulumi.Input[str]]
    """An SNS topic that is told at once, whose policy lets `budgets.amazonaws.com` and
    `costalerts.amazonaws.com` publish. Default: none; then there must be addresses."""
    tag_key: NotRequired[str]
    """The tag that says which environment a resource belongs to, 1 to 128 characters. Default:
    `environment`."""
    cost_allocation_tags: NotRequired[list[str]]
    """Further tags by which costs are split. AWS takes a tag only some hours after a first resource carries
    it. Default: none beside `tag_key`."""
    activate_tags: NotRequired[bool]
    """Whether the tags are made cost allocation tags. AWS refuses that for about a day after a first resource
    carries them, and to every account of an organization but the one that pays: set it to false then, and
    have it done there. Default: true."""
    currency: NotRequired[str]
    """The account's currency, three capital letters. Default: `USD`."""
    anomaly_amount: NotRequired[pulumi.Input[float]]
    """An anomaly is told when it costs at least this much more than expected, 0.01 to 1000000000 of the
    currency. Default: 100."""
    anomaly_percent: NotRequired[pulumi.Input[float]]
    """And at least this much more in percent, 0 to 1000. Default: 40."""


@dataclass(frozen=True, kw_only=True)
class CostGuardSettings:
    """What costs are held to, checked."""

    environments: list[EnvironmentBudget]
    email_addresses: list[pulumi.Input[str]] = setting(checks.EMAIL, factory=list)
    topic_arn: pulumi.Input[str] | None = setting(TOPIC_ARN, default=None)
    tag_key: str = setting(checks.TAG_KEY, default="environment")
    cost_allocation_tags: list[str] = setting(checks.TAG_KEY, factory=list)
    activate_tags: bool = setting(default=True)
    currency: str = setting(checks.CURRENCY, default="USD")
    anomaly_amount: pulumi.Input[float] = setting(checks.AMOUNT, default=100.0)
    anomaly_percent: pulumi.Input[float] = setting(checks.PERCENT, default=40.0)

    @property
    def split_by(self) -> list[str]:
        """The tags that are made cost allocation tags."""
        return list(dict.fromkeys([self.tag_key, *self.cost_allocation_tags])) if self.activate_tags else []

    def problems(self) -> Iterator[Problem]:
        """What is wrong between the fields."""
        yield from checks.environments_are_distinct([environment.name for environment in self.environments])
        yield from checks.somebody_is_told(len(self.email_addresses), self.topic_arn is not None)


class CostGuard(Component[CostGuardSettings]):
    """What each environment may cost in a month and, where last year's amount is known, in a year: that
    amount and the growth that is allowed. Somebody is told when 80 and when 100 percent of a limit are spent,
    and when they are forecast. Beside it, each environment has a monitor that learns its usual costs and
    tells of others: topics at once, addresses once a day.

    A budget stops nothing; it tells. It counts what carries the tag `tag_key`, from the day on which AWS took
    it as a cost allocation tag: what came before, and what cannot be tagged, is in no budget. AWS forecasts
    only after about five weeks of data. Budgets and monitors are global, they have no region.

    It holds no data: replacing a part loses only what a monitor had learned.

    Raises `pulumi.InputPropertiesError` for any argument that breaks its rule, for a month that may cost more
    than the year, and when nobody would be told.
    """

    limits: pulumi.Output[dict[str, dict[str, float]]]
    """An environment to `monthly` and, where it has one, `yearly` = `last_year` x (1 + `growth_percent` /
    100)."""

    def __init__(self, name: str, args: CostGuardArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__(name, args, opts, CostGuardSettings)
        tags = [self._cost_allocation_tag(key) for key in self.settings.split_by]
        limits = {environment.name: environment.limits for environment in self.settings.environments}
        monitors = []
        for environment in self.settings.environments:
            for period, unit in _periods(environment):
                self._budget(environment.name, period, unit, limits[environment.name][period], tags)
            monitors.append(self._monitor(environment.name, tags))
        if self.settings.topic_arn is not None:
            self._subscribe("topic", "IMMEDIATE", "SNS", [self.settings.topic_arn], monitors)
        if self.settings.email_addresses:
            self._subscribe("mail", "DAILY", "EMAIL", self.settings.email_addresses, monitors)
        self.limits = pulumi.Output.all(**limits)
        self.register_outputs({"limits": self.limits})

    @classmethod
    def children_of(cls, settings: CostGuardSettings) -> Sequence[str]:
        return [
            *(f"tag-{key}" for key in settings.split_by),
            *(
                f"{environment.name}-{part}"
                for environment in settings.environments
                for part in (*(period for period, _ in _periods(environment)), "anomalies")
            ),
            *(("anomalies-by-topic",) if settings.topic_arn is not None else ()),
            *(("anomalies-by-mail",) if settings.email_addresses else ()),
        ]

    def _cost_allocation_tag(self, tag: str) -> aws.costexplorer.CostAllocationTag:
        key = f"tag-{tag}"
        return aws.costexplorer.CostAllocationTag(
            self.child_name(key),
            **self.customized(key, {"tag_key": tag, "status": "Active"}),
            opts=self.child_opts(key),
        )

    def _budget(
        self, environment: str, period: str, unit: str, limit: pulumi.Output[float], tags: list[Any]
    ) -> None:
        settings = self.settings
        key = f"{environment}-{period}"
        aws.budgets.Budget(
            self.child_name(key),
            **self.customized(
                key,
                {
                    # Not the component's: another name would replace the budget.
                    "name": f"{pulumi.get_project()}-{key}",
                    "budget_type": "COST",
                    "time_unit": unit,
                    "limit_amount": limit.apply(lambda amount: f"{amount:.2f}"),
                    "limit_unit": settings.currency,
                    "cost_filters": [
                        aws.budgets.BudgetCostFilterArgs(
                            name="TagKeyValue", values=[f"user:{settings.tag_key}${environment}"]
                        )
                    ],
                    "notifications": [
                        self._notification(kind, percent)
                        for kind in ("ACTUAL", "FORECASTED")
                        for percent in TOLD_AT_PERCENT
                    ],
                    "tags": self.labels(Name=self.child_name(key)),
                },
            ),
            opts=self.child_opts(key, depends_on=tags),
        )

    def _notification(self, kind: str, percent: int) -> aws.budgets.BudgetNotificationArgs:
        topic = self.settings.topic_arn
        return aws.budgets.BudgetNotificationArgs(
            notification_type=kind,
            comparison_operator="GREATER_THAN",
            threshold=percent,
            threshold_type="PERCENTAGE",
            subscriber_email_addresses=self.settings.email_addresses,
            subscriber_sns_topic_arns=[] if topic is None else [topic],
        )

    def _monitor(self, environment: str, tags: list[Any]) -> aws.costexplorer.AnomalyMonitor:
        """By tag: an account has one monitor by service only, which is often there already."""
        key = f"{environment}-anomalies"
        # Every key that AWS answers with, so that no plan shows it as a change.
        nothing = dict.fromkeys(("And", "CostCategories", "Dimensions", "Not", "Or"))
        tagged = {"Key": self.settings.tag_key, "MatchOptions": None, "Values": [environment]}
        return aws.costexplorer.AnomalyMonitor(
            self.child_name(key),
            **self.customized(
                key,
                {
                    "name": self.child_name(key),
                    "monitor_type": "CUSTOM",
                    "monitor_specification": json.dumps({**nothing, "Tags": tagged}),
                    "tags": self.labels(Name=self.child_name(key)),
                },
            ),
            opts=self.child_opts(key, depends_on=tags),
        )

    def _subscribe(
        self,
        by: str,
        frequency: str,
        kind: str,
        addresses: Sequence[pulumi.Input[str]],
        monitors: Sequence[aws.costexplorer.AnomalyMonitor],
    ) -> None:
        key = f"anomalies-by-{by}"
        aws.costexplorer.AnomalySubscription(
            self.child_name(key),
            **self.customized(
                key,
                {
                    "name": self.child_name(key),
                    "frequency": frequency,
                    "monitor_arn_lists": [monitor.arn for monitor in monitors],
                    "subscribers": [
                        aws.costexplorer.AnomalySubscriptionSubscriberArgs(type=kind, address=address)
                        for address in addresses
                    ],
                    "threshold_expression": aws.costexplorer.AnomalySubscriptionThresholdExpressionArgs(
                        ands=[
                            _at_least("ANOMALY_TOTAL_IMPACT_ABSOLUTE", self.settings.anomaly_amount),
                            _at_least("ANOMALY_TOTAL_IMPACT_PERCENTAGE", self.settings.anomaly_percent),
                        ]
                    ),
                    "tags": self.labels(Name=self.child_name(key)),
                },
            ),
            opts=self.child_opts(key),
        )


def _periods(environment: EnvironmentBudget) -> list[Sequence[str]]:
    """The periods that the environment has a budget for, with AWS' word for each."""
    return [["monthly", "MONTHLY"], *([["yearly", "ANNUALLY"]] if environment.grows else [])]


def _at_least(
    impact: str, value: pulumi.Input[float]
) -> aws.costexplorer.AnomalySubscriptionThresholdExpressionAndArgs:
    return aws.costexplorer.AnomalySubscriptionThresholdExpressionAndArgs(
        dimension=aws.costexplorer.AnomalySubscriptionThresholdExpressionAndDimensionArgs(
            key=impact,
            match_options=["GREATER_THAN_OR_EQUAL"],
            values=[pulumi.Output.from_input(value).apply(checks.written)],
        )
    )
