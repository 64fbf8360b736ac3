"""Whatever is chosen among what each rule takes: it is planned, or refused for a reason that is written down,
before anything is registered. No other error comes of it."""

import pytest

from .environments import local, on_a_cloud
from .outcome import plan_it, read_it
from .reasons import is_documented

pytestmark = pytest.mark.timeout(1800)
FEW = 20
CLOUD = on_a_cloud("production") | on_a_cloud("staging")


def is_refused_for_a_reason(outcome):
    """Whether there was a refusal; one without a documented reason, or that comes late, fails the test."""
    unexpected = [problem["reason"] for problem in outcome.problems if not is_documented(problem["reason"])]
    assert unexpected == []
    assert not (outcome.problems and outcome.registered), outcome.told
    return bool(outcome.problems)


def accepted_often(run):
    """What is to hold, and of which examples it was accepted."""
    accepted = []

    def holds(environment):
        accepted.append(not is_refused_for_a_reason(run(environment)))

    return holds, accepted


def is_more_than_refusals(accepted):
    """Whether enough was accepted to say that this works; of a few examples it says nothing."""
    return len(accepted) < FEW or 4 * sum(accepted) > len(accepted)


def test_settings_without_a_cloud_are_read_or_refused_for_a_reason(for_all):
    holds, accepted = accepted_often(read_it)
    for_all(local(), holds)
    assert is_more_than_refusals(accepted)


def test_settings_in_a_cloud_are_read_or_refused_for_a_reason(for_all):
    holds, accepted = accepted_often(read_it)
    for_all(CLOUD, holds)
    assert is_more_than_refusals(accepted)


def test_what_is_read_without_a_cloud_can_be_planned(for_all):
    holds, accepted = accepted_often(plan_it)
    for_all(local(), holds)
    assert is_more_than_refusals(accepted)


def test_what_is_read_in_a_cloud_can_be_planned(for_all):
    holds, accepted = accepted_often(plan_it)
    for_all(CLOUD, holds)
    assert is_more_than_refusals(accepted)
