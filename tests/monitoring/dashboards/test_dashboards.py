"""The dashboards themselves: what Grafana would read."""

import json
import re
import subprocess
import sys

import pytest

from bicoastal.monitoring.dashboards.all import dashboards
from bicoastal.monitoring.dashboards.exclusions import EXCLUSIONS
from bicoastal.monitoring.dashboards.lint.finding import panels, targets, variables
from bicoastal.monitoring.dashboards.lint.rules import lint
from bicoastal.monitoring.dashboards.outline import outline
from bicoastal.monitoring.severity import Audience
from tests.monitoring.samples import ERRORS, LATENCY, PAYMENTS, UPTIME, slo

SLOS = [
    slo(UPTIME, title="Uptime"),
    slo(LATENCY),
    slo(ERRORS, name="queries", part="postgres"),
    slo(PAYMENTS, audience=Audience.BUSINESS, window_days=7),
]
FILES = dashboards(SLOS)
BOARDS = {name: json.loads(text) for name, text in FILES.items()}
every_dashboard = pytest.mark.parametrize("name", FILES)


def titles(name):
    return [panel["title"] for panel in panels(BOARDS[name])]


def test_there_are_five_under_names_and_addresses_of_their_own():
    assert list(FILES) == [
        "system-overview.json",
        "api-performance.json",
        "business-metrics.json",
        "postgres.json",
        "failover.json",
    ]
    assert [f"{board['uid']}.json" for board in BOARDS.values()] == list(FILES)


def test_they_break_no_rule_of_the_linter_and_no_exclusion_is_idle():
    assert list(map(str, lint(list(BOARDS.values()), EXCLUSIONS))) == []


def test_quantiles_of_what_the_api_measures_lead_to_traces_and_nothing_else_does():
    leads: dict[bool, set[bool]] = {True: set(), False: set()}
    for target in targets_of_all():
        expression = target["expr"]
        of_the_api = expression.startswith("histogram_quantile") and "http_request_duration" in expression
        leads[of_the_api].add(target.get("exemplar", False))
    assert leads == {True: {True}, False: {False}}


def targets_of_all():
    return [target for board in BOARDS.values() for panel in panels(board) for target in panel["targets"]]


@every_dashboard
def test_a_legend_names_labels_that_its_query_leaves(name):
    for panel in panels(BOARDS[name]):
        for target in panel["targets"]:
            grouped = re.findall(r"\bby \(([^)]*)\)", target["expr"])
            named = set(re.findall(r"\{\{(\w+)\}\}", target["legendFormat"]))
            assert not grouped or named <= {label.strip() for label in grouped[0].split(",")}, panel["title"]


@every_dashboard
def test_a_reader_chooses_data_source_place_job_and_instance(name):
    assert [v["name"] for v in variables(BOARDS[name])] == ["datasource", "place", "job", "instance"]


@every_dashboard
def test_nobody_edits_it_in_grafana_where_it_would_be_overwritten(name):
    assert BOARDS[name]["editable"] is False


@every_dashboard
def test_no_panel_shares_its_title_with_another(name):
    assert len(titles(name)) == len(set(titles(name)))


def test_an_objective_has_its_row_where_those_look_whom_it_concerns():
    assert titles("api-performance.json")[:3] == [
        "Held: Uptime",
        "Error budget left: Uptime",
        "Burn rate: Uptime",
    ]
    assert titles("business-metrics.json")[:3] == [
        "Held: payments",
        "Error budget left: payments",
        "Burn rate: payments",
    ]


def test_an_objective_on_the_database_has_its_row_beside_the_database():
    assert titles("postgres.json")[0] == "Held: queries"
    assert "Held: queries" not in titles("api-performance.json")


def test_the_row_of_an_objective_asks_for_its_records_over_its_own_window():
    held, left, burn = (
        [t["expr"] for t in p["targets"]] for p in list(panels(BOARDS["business-metrics.json"]))[:3]
    )
    assert held == [
        '1 - slo:sli_error:ratio_rate5m{slo="payments"}',
        '1 - slo:sli_error:ratio_rate7d{slo="payments"}',
    ]
    assert left == ['slo:error_budget_remaining:ratio{slo="payments"}']
    assert burn == ['slo:current_burn_rate:ratio{slo="payments"}']


def test_equal_objectives_give_equal_bytes_in_another_process():
    program = (
        "import hashlib; from tests.monitoring.dashboards.test_dashboards import FILES;"
        "print(hashlib.sha256(repr(FILES).encode()).hexdigest())"
    )
    run = [sys.executable, "-c", program]
    assert (
        len({subprocess.run(run, capture_output=True, text=True, check=True).stdout for _ in range(2)}) == 1
    )


def test_importing_the_library_loads_neither_the_sdk_nor_the_parser():
    program = (
        "import bicoastal, bicoastal.monitoring, sys;"
        "print({'grafana_foundation_sdk', 'promql_parser'} & set(sys.modules))"
    )
    said = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True).stdout
    assert said == "set()\n"


def test_the_outline_tells_every_panel_with_its_unit_and_query():
    page = outline(FILES)
    for board in BOARDS.values():
        for panel in panels(board):
            assert f"**{panel['title']}** ({panel['type']}, {panel['gridPos']['w']} columns, " in page
        assert all(expression in page for _, expression in targets(board))
