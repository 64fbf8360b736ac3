"""SmellPin's dashboards, with the rows of its objectives."""

import json

from bicoastal.monitoring.dashboards.exclusions import EXCLUSIONS
from bicoastal.monitoring.dashboards.lint.finding import targets
from bicoastal.monitoring.dashboards.lint.promql import name_of, parsed, selectors
from bicoastal.monitoring.dashboards.lint.rules import lint
from bicoastal.monitoring.objectives import objectives
from bicoastal.monitoring.rules import Recording
from infra.monitoring import monitoring
from infra.objectives import SLOS

MADE = monitoring()
BOARDS = [json.loads(text) for text in MADE.dashboards.values()]


def test_they_break_no_rule_of_the_linter_and_no_exclusion_is_idle():
    assert list(map(str, lint(BOARDS, EXCLUSIONS))) == []


def test_every_record_that_a_panel_asks_for_is_made_by_the_rules():
    recorded = {
        rule.record
        for groups in MADE.rules.values()
        for group in groups
        for rule in group.rules
        if isinstance(rule, Recording)
    }
    asked = {
        name_of(selector)
        for board in BOARDS
        for _, expression in targets(board)
        for selector in selectors(parsed(expression))
    }
    assert {name for name in asked if ":" in name} <= recorded


def test_every_objective_has_one_row():
    rows = [panel["title"] for board in BOARDS for panel in board["panels"] if panel["type"] == "row"]
    assert sorted(row for row in rows if row.startswith("Objective: ")) == sorted(
        f"Objective: {slo.title or slo.name}" for slo in objectives(SLOS)
    )
