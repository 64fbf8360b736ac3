"""Budgets and alarms: what watches must be heard."""

from collections.abc import Iterator

from ..problem import Problem
from .check import Severity, of_resource
from .declared import Declared, at, can_be_judged
from .rules import is_there, must

_BUDGET = "aws:budgets/budget:Budget"
_ALARM = "aws:cloudwatch/metricAlarm:MetricAlarm"
_TRAIL = "aws:cloudtrail/trail:Trail"
_HEARERS = ("subscriberEmailAddresses", "subscriberSnsTopicArns")


@of_resource("aws-budget-heard", Severity.MEDIUM, _BUDGET)
def budget_tells_someone(resource: Declared) -> Iterator[Problem]:
    """A budget tells someone when it is used up.

    It stops nothing by itself: AWS, "Managing your costs with AWS Budgets".
    """
    told = [is_there(at(one, hearer)) for _, one in resource.each("notifications") for hearer in _HEARERS]
    if not any(told) and can_be_judged(resource.get("notifications")):
        yield Problem(
            "notifications",
            "nobody is told",
            f"{len(told) // len(_HEARERS)} notifications with nobody to tell",
            "a notification with addresses or topics",
            "add one at 80 and one at 100 percent",
        )


@of_resource("aws-alarm-heard", Severity.MEDIUM, _ALARM)
def alarm_tells_someone(resource: Declared) -> Iterator[Problem]:
    """An alarm tells someone.

    One without an action turns red where nobody looks: Security Hub CloudWatch.15.
    """
    yield from must(
        resource,
        "alarmActions",
        is_there,
        "nobody is told",
        "a topic or another action",
        "alarm_actions=[topic]",
    )


@of_resource("aws-alarm-enabled", Severity.MEDIUM, _ALARM)
def alarm_is_on(resource: Declared) -> Iterator[Problem]:
    """An alarm's actions are on.

    Switched off for a night's work, they stay off: Security Hub CloudWatch.17.
    """
    yield from must(
        resource,
        "actionsEnabled",
        lambda on: on in (True, "true"),
        "switched off",
        "true",
        "leave actions_enabled out",
        default=True,
    )


@of_resource("aws-alarm-missing-data", Severity.LOW, _ALARM)
def alarm_says_what_silence_means(resource: Declared) -> Iterator[Problem]:
    """An alarm says what it means when nothing is measured.

    By default it keeps its last state, and who died quietly stays green.
    """
    yield from must(
        resource,
        "treatMissingData",
        is_there,
        "nothing is said of silence",
        "breaching, notBreaching, ignore or missing",
        "treat_missing_data='breaching' where something should always be measured",
    )


@of_resource("aws-trail-whole", Severity.HIGH, _TRAIL)
def trail_covers_all_regions(resource: Declared) -> Iterator[Problem]:
    """A trail covers all regions and can be checked for changes.

    A break-in works in the region where nobody looks, and tidies up: CIS AWS 3.1 and 3.2, Security Hub
    CloudTrail.1 and CloudTrail.4.
    """
    for path in ("isMultiRegionTrail", "enableLogFileValidation"):
        yield from must(
            resource,
            path,
            lambda on: on in (True, "true"),
            "something is left out",
            "true",
            "is_multi_region_trail=True and enable_log_file_validation=True",
            default=False,
        )
    yield from must(
        resource,
        "enableLogging",
        lambda on: on in (True, "true"),
        "nothing is written down",
        "true",
        "leave enable_logging out",
        default=True,
    )
