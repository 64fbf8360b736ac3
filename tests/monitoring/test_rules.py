"""Rules, runbooks and tests from one declaration of an alert."""

import yaml

from bicoastal.monitoring.promtool import trials_file
from bicoastal.monitoring.rules import Alert, Recording, RuleGroup, rules_file
from bicoastal.monitoring.runbooks import Runbook
from bicoastal.monitoring.severity import Severity
from bicoastal.monitoring.trials import Trial

RUNBOOKS = "https://docs.example.com/runbooks"
DOWN = Alert(
    name="HostDown",
    expr='up{job="node"} == 0',
    severity=Severity.WARNING,
    part="hosts",
    summary="{{ $labels.instance }} does not answer",
    description="Its node exporter has not answered for a minute.",
    hold_s=60,
    runbook=Runbook(means="A host is gone.", look=["`docker node ls`"], act=["Start it again."]),
    firing=Trial(
        series={'up{job="node", instance="a"}': "0x20"}, at_s=120, fires=[{"instance": "a", "job": "node"}]
    ),
    quiet=Trial(series={'up{job="node", instance="a"}': "1x20"}, at_s=120),
)
GROUP = RuleGroup(name="hosts", rules=[Recording(record="job:up:sum", expr="sum by (job) (up)"), DOWN])


def test_a_group_becomes_a_file_of_rules_with_a_runbook_behind_each_alert():
    group = yaml.safe_load(rules_file([GROUP], RUNBOOKS))["groups"][0]

    assert group["interval"] == "15s"
    assert group["rules"][0] == {"record": "job:up:sum", "expr": "sum by (job) (up)"}
    assert group["rules"][1]["for"] == "1m"
    assert group["rules"][1]["labels"] == {"severity": "warning", "part": "hosts", "audience": "operations"}
    assert group["rules"][1]["annotations"]["runbook_url"] == f"{RUNBOOKS}/hosts.md#hostdown"


def test_each_alert_is_tried_firing_and_quiet():
    firing, quiet = yaml.safe_load(trials_file([GROUP], ["hosts.yaml"]))["tests"]

    expected = firing["promql_expr_test"][0]["exp_samples"][0]["labels"]
    assert 'alertname="HostDown"' in expected
    assert 'instance="a"' in expected
    assert quiet["promql_expr_test"][0]["exp_samples"] == []
