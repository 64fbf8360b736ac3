"""All rules, and what they find in dashboards beside what is excused."""

from collections.abc import Callable, Iterator, Mapping, Sequence

from . import panel_rules, query_rules, variable_rules
from .exclusion import Exclusion
from .finding import Finding, Json

Rule = Callable[[Json], Iterator[Finding]]
RULES: Mapping[str, Rule] = {
    "template-datasource-rule": variable_rules.datasource,
    "template-job-rule": variable_rules.job,
    "template-instance-rule": variable_rules.instance,
    "template-label-promql-rule": variable_rules.label_promql,
    "template-on-time-change-reload-rule": variable_rules.on_time_change_reload,
    "panel-datasource-rule": panel_rules.datasource,
    "panel-title-description-rule": panel_rules.title_description,
    "panel-units-rule": panel_rules.units,
    "panel-no-targets-rule": panel_rules.no_targets,
    "panel-layout-rule": panel_rules.layout,
    "target-promql-rule": query_rules.valid,
    "target-rate-interval-rule": query_rules.rate_interval,
    "target-job-rule": query_rules.job,
    "target-instance-rule": query_rules.instance,
    "target-counter-agg-rule": query_rules.counter_agg,
}
"""The fourteen of dashboard-linter, and one on the layout."""


def lint(dashboards: Sequence[Json], exclusions: Sequence[Exclusion] = ()) -> list[Finding]:
    """What is wrong in them, and each exclusion that excuses nothing."""
    found = [finding for dashboard in dashboards for rule in RULES.values() for finding in rule(dashboard)]
    left = [finding for finding in found if not any(each.excuses(finding) for each in exclusions)]
    unneeded = [each for each in exclusions if not any(map(each.excuses, found))]
    return left + [
        Finding(each.rule, each.dashboard, f"excludes nothing: {each.reason}") for each in unneeded
    ]
