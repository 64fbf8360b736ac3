"""The quiet day and the bad one hold what rules ask for; promtool judges them in the twin's tests."""

import promql_parser as promql

from bicoastal.monitoring.dashboards.lint.promql import name_of, selectors
from bicoastal.monitoring.rules import Recording
from tests.monitoring.causes.days import GROUPS, bad_day, events
from tests.monitoring.causes.world import quiet_day


def test_the_quiet_day_has_something_of_all_that_rules_ask_for():
    measured = {series.partition("{")[0] for series in quiet_day()}
    asked = {
        name_of(selector)
        for group in GROUPS
        for rule in group.rules
        for selector in selectors(promql.parse(rule.expr))
    }
    recorded = {rule.record for group in GROUPS for rule in group.rules if isinstance(rule, Recording)}
    assert asked - measured - recorded == {"ALERTS"}
    assert measured - asked == set()


def test_the_bad_day_is_the_quiet_one_but_for_its_events():
    quiet, bad = quiet_day(), bad_day()
    changed = {series for event in events().values() for series in event.values}
    assert {series for series in quiet if quiet[series] != bad[series]} == changed
    assert quiet.keys() == bad.keys()
