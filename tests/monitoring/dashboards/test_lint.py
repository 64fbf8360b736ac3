"""The linter: each rule with what it finds and what it lets pass."""

import json
import re

import pytest

from bicoastal.monitoring.dashboards.lint.exclusion import Exclusion
from bicoastal.monitoring.dashboards.lint.rules import RULES, lint
from tests.monitoring.dashboards.samples import (
    CHOSEN,
    SOURCE,
    asking,
    good,
    with_panel,
    with_variable,
    without_variable,
)

OF_DASHBOARD_LINTER = 14
TWO_SOURCES = good()
TWO_SOURCES["templating"]["list"] += [
    {"name": "loki_datasource", "label": "Loki data source", "type": "datasource", "query": "loki"}
]
NAMED_BY_KIND = json.loads(re.sub(r"\$(\{?)datasource", r"$\1prometheus_datasource", json.dumps(good())))
NAMED_BY_KIND["templating"]["list"][0] |= {"name": "prometheus_datasource", "label": "Prometheus data source"}
FOLDED = good()
FOLDED["panels"][0]["panels"] = [FOLDED["panels"].pop(1) | {"description": ""}]
NARROW = {"x": 0, "y": 1, "w": 11, "h": 8}
BESIDE = {"x": 6, "y": 1, "w": 12, "h": 8}
OUTSIDE = {"x": 13, "y": 9, "w": 12, "h": 8}
BAD = [
    ("template-datasource-rule", without_variable("datasource"), "no variable chooses"),
    ("template-datasource-rule", with_variable("datasource", name="ds"), "must be named"),
    ("template-datasource-rule", with_variable("datasource", label="Source"), "is labelled 'Source'"),
    ("template-datasource-rule", TWO_SOURCES, "must be named prometheus_datasource"),
    ("template-job-rule", without_variable("job"), "there is no variable 'job'"),
    ("template-job-rule", with_variable("job", datasource={"uid": "abc"}), "takes its data from 'abc'"),
    ("template-job-rule", with_variable("job", type="custom"), "is of the type 'custom'"),
    ("template-job-rule", with_variable("job", label="job"), "is labelled 'job'"),
    ("template-job-rule", with_variable("job", multi=False), "does not take several"),
    ("template-instance-rule", without_variable("instance"), "there is no variable 'instance'"),
    ("template-instance-rule", with_variable("instance", allValue=".*"), "has '.*' for all values"),
    ("template-label-promql-rule", with_variable("job", query="up"), "no function of a query"),
    ("template-label-promql-rule", with_variable("job", query="values(up, job)"), "asks 'values'"),
    ("template-label-promql-rule", with_variable("job", query="label_values(up{, job)"), "unexpected"),
    ("template-on-time-change-reload-rule", with_variable("job", refresh=1), "does not refresh"),
    ("panel-datasource-rule", with_panel(datasource={"uid": "abc"}), "takes its data from 'abc'"),
    ("panel-datasource-rule", with_panel(datasource=None), "takes its data from ''"),
    ("panel-title-description-rule", with_panel(title=""), "has no title"),
    ("panel-title-description-rule", with_panel(description=None), "has no description"),
    ("panel-title-description-rule", FOLDED, "has no description"),
    ("panel-units-rule", with_panel(fieldConfig={"defaults": {}}), "but ''"),
    ("panel-units-rule", with_panel(fieldConfig={"defaults": {"unit": "second"}}), "but 'second'"),
    ("panel-no-targets-rule", with_panel(targets=[]), "asks for nothing"),
    ("panel-layout-rule", with_panel(gridPos=NARROW), "1 columns of line 1 are free"),
    ("panel-layout-rule", with_panel(gridPos=BESIDE), "lies on 'Requests'"),
    ("panel-layout-rule", with_panel(gridPos=OUTSIDE), "outside the 24 columns"),
    ("target-promql-rule", asking(f"sum(up{{{CHOSEN}}}"), "is no PromQL"),
    ("target-promql-rule", asking(""), "a target has no query"),
    ("target-rate-interval-rule", asking(f"sum(rate(a_total{{{CHOSEN}}}[5m]))"), "$__rate_interval"),
    ("target-rate-interval-rule", asking(f"irate(a_total{{{CHOSEN}}}[$__interval])"), "$__rate_interval"),
    (
        "target-rate-interval-rule",
        asking(f"max_over_time(rate(a_total{{{CHOSEN}}}[5m])[1h:])"),
        "rate(a_total",
    ),
    ("target-job-rule", asking('up{instance=~"$instance"}'), 'has no job=~"$job"'),
    ("target-job-rule", asking('up{instance=~"$instance", job="$job"}'), 'has no job=~"$job"'),
    ("target-instance-rule", asking('up{job=~"$job"}'), 'has no instance=~"$instance"'),
    ("target-instance-rule", asking(f'up{{{CHOSEN}}} / on (job) b{{job=~"$job"}}'), "b{"),
    ("target-counter-agg-rule", asking(f"sum(a_total{{{CHOSEN}}})"), "shows the counter a_total"),
    ("target-counter-agg-rule", asking(f"delta(a_total{{{CHOSEN}}}[5m])"), "shows the counter a_total"),
]
GOOD = [
    NAMED_BY_KIND,
    with_variable("job", datasource={"type": "prometheus", "uid": "${datasource}"}),
    with_variable("job", query={"query": 'label_values(up{place=~"$place"}, job)', "refId": "A"}),
    with_variable("job", query="label_values(job)"),
    with_variable("job", query="query_result(count by (job) (up))"),
    with_panel(datasource="$datasource"),
    with_panel(fieldConfig={"defaults": {"unit": "percentunit"}}),
    asking(f"sum(increase(a_total{{{CHOSEN}}}[$__range]))"),
    asking(f"up{{{CHOSEN}}} * ${{__range_s}} > $__interval_ms"),
    asking('up{job=~"${job}", instance=~"${instance}"}'),
    asking(f'topk(5, irate({{__name__="a_total", {CHOSEN}}}[${{__rate_interval}}]))'),
]


def test_the_sample_breaks_no_rule():
    assert lint([good()]) == []


@pytest.mark.parametrize(("rule", "dashboard", "found"), BAD)
def test_each_rule_finds_what_breaks_it(rule, dashboard, found):
    (finding, *_) = [each for each in lint([dashboard]) if each.rule == rule]
    assert found in str(finding)


@pytest.mark.parametrize("dashboard", GOOD)
def test_what_keeps_the_rules_in_another_way_passes(dashboard):
    assert lint([dashboard]) == []


def test_the_fourteen_rules_and_the_layout_have_a_bad_sample_each():
    assert {rule for rule, _, _ in BAD} == set(RULES)
    assert len(RULES) == OF_DASHBOARD_LINTER + 1


def test_an_exclusion_excuses_what_it_names_and_nothing_beside():
    dashboard = asking("slo:left:ratio + up")
    left = lint(
        [dashboard],
        [
            Exclusion(rule="target-job-rule", series="slo:*", reason="A record has no job."),
            Exclusion(rule="target-instance-rule", panel="Req*", dashboard="sample", reason="As above."),
        ],
    )
    assert [(each.rule, each.series) for each in left] == [("target-job-rule", "up")]


def test_an_exclusion_that_excuses_nothing_is_found():
    unneeded = Exclusion(rule="target-job-rule", series="slo:*", reason="A record has no job.")
    (finding,) = lint([good()], [unneeded])
    assert "excludes nothing: A record has no job." in str(finding)


def test_an_exclusion_without_a_reason_is_refused():
    with pytest.raises(ValueError, match=r"target-job-rule is excluded without one.*fix: say why"):
        Exclusion(rule="target-job-rule", reason=" ")


def test_a_finding_says_where_it_is():
    (finding,) = lint([with_panel(datasource=SOURCE | {"uid": "abc"})])
    assert str(finding).startswith("panel-datasource-rule: sample, panel 'Requests': ")
